"""All rows, in the order in which a path is held against them."""

from dataclasses import replace

from modelward.gateway.endpoints.anthropic import ROUTES as ANTHROPIC
from modelward.gateway.endpoints.azure import ROUTES as AZURE
from modelward.gateway.endpoints.bedrock import ROUTES as BEDROCK
from modelward.gateway.endpoints.google import ROUTES as GOOGLE
from modelward.gateway.endpoints.lists import ROUTES as LISTS
from modelward.gateway.endpoints.management import ROUTES as MANAGEMENT
from modelward.gateway.endpoints.openai import ROUTES as OPENAI
from modelward.gateway.endpoints.openai_objects import ROUTES as OPENAI_OBJECTS
from modelward.gateway.endpoints.sockets import ROUTES as SOCKETS
from modelward.gateway.endpoints.watsonx import ROUTES as WATSONX
from modelward.gateway.routes import Route
from modelward.providers import model_places

PROVIDERS_PLACES: tuple[str, ...] = tuple(
    dict.fromkeys(where for places in model_places().values() for where in places.named)
)
"""Where further models stand at any provider, in bodies of OpenAI's style."""


def _with_providers_places(row: Route) -> Route:
    if row.upstream is None or row.upstream.dialect != "openai" or row.reads == "none":
        return row
    return replace(row, nested=(*row.nested, *PROVIDERS_PLACES))


_ROWS = (
    *OPENAI,
    *AZURE,
    *OPENAI_OBJECTS,
    *SOCKETS,
    *ANTHROPIC,
    *GOOGLE,
    *BEDROCK,
    *WATSONX,
    *LISTS,
    *MANAGEMENT,
)

ROUTES: tuple[Route, ...] = tuple(map(_with_providers_places, _ROWS))

CALLS: tuple[str, ...] = tuple(row.template for row in ROUTES if row.operation == "infer")
"""The templates of the routes that call models."""
