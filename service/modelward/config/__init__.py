"""A LiteLLM `config.yaml`, read with positions and checked (spec section 11)."""

from modelward.config.config import Config, GlobalAlias, Model
from modelward.config.model_names import PublishedNames, Spellings, frames, inner, key, published_names, spellings
from modelward.config.read import read
from modelward.config.source import SourcePlace
from modelward.config.subjects import DeclaredTeam
