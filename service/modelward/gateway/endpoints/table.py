"""All rows, in the order in which a path is held against them."""

from modelward.gateway.endpoints import (
    anthropic,
    azure,
    bedrock,
    google,
    lists,
    management,
    openai,
    openai_objects,
    sockets,
    watsonx,
)
from modelward.gateway.routes import Route

ROUTES: tuple[Route, ...] = (
    *openai.ROUTES,
    *azure.ROUTES,
    *openai_objects.ROUTES,
    *sockets.ROUTES,
    *anthropic.ROUTES,
    *google.ROUTES,
    *bedrock.ROUTES,
    *watsonx.ROUTES,
    *lists.ROUTES,
    *management.ROUTES,
)

CALLS: tuple[str, ...] = tuple(row.template for row in ROUTES if row.operation == "infer")
"""The templates of the routes that call models."""
