"""The table of endpoints: the one place that says which there are, what each is, and where its models stand.

Router, footprint, docs and tests read it. An endpoint is added by adding a row to the file of its kind.
"""

from modelward.gateway.endpoints.table import CALLS, PROVIDERS_PLACES, ROUTES

__all__ = ["CALLS", "PROVIDERS_PLACES", "ROUTES"]
