"""Under which prefixes endpoints of OpenAI's style are served, and which groups of routes hold them there (A3)."""

from collections.abc import Iterable, Iterator
from dataclasses import replace

from modelward.contract import RouteGroup
from modelward.gateway.routes import Route

OPENAI: tuple[RouteGroup, ...] = ("openai_routes", "llm_api_routes")
LLM: tuple[RouteGroup, ...] = ("llm_api_routes",)
GET, POST, DELETE = frozenset({"GET"}), frozenset({"POST"}), frozenset({"DELETE"})

_OWN = ("/v1", "")
_PASSED_THROUGH = ("/openai/v1", "/openai", "/azure/openai/v1", "/azure/openai")


def mounted(rows: Iterable[Route]) -> Iterator[Route]:
    """Each row under every prefix: with and without `/v1`, and as a pass-through."""
    for row in rows:
        for prefix in _OWN:
            yield replace(row, template=prefix + row.template, groups=OPENAI)
        for prefix in _PASSED_THROUGH:
            yield replace(row, template=prefix + row.template, groups=LLM)
