"""The differences that explain disagreements, by the names that docs/differences.md gives them."""

from compare.catalog_differences import CATALOG
from compare.layer_differences import LAYERS
from compare.listing_differences import LISTINGS
from compare.token_differences import TOKENS

DIFFERENCES = (*LISTINGS, *LAYERS, *CATALOG, *TOKENS)
