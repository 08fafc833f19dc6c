"""Under which prefixes endpoints are served, which groups of routes hold them, and where answers show items."""

from collections.abc import Iterable, Iterator
from dataclasses import replace

from modelward.contract import ObjectKind, RouteGroup
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


Made = tuple[tuple[str, ObjectKind], ...]

_CITATION = "content[].annotations[]"


def shown_items(place: str = "") -> Made:
    """What the items at `place` in an answer show, the answer itself where it is empty: their ids, the containers that
    they ran in, and the files that they cite."""
    head = f"{place}." if place else ""
    return (
        (f"{head}id", "item"),
        (f"{head}container_id", "container"),
        (f"{head}environment.container_id", "container"),
        (f"{head}{_CITATION}.container_id", "container"),
        (f"{head}{_CITATION}.file_id", "cited_file"),
    )


MESSAGE: Made = (("container.id", "container"), ("content[].content.content[].file_id", "cited_file"))
"""What a message of Anthropic's shows: the container that its tools ran in, and the files that they wrote."""

OUTPUT = shown_items("output[]")
"""What a response shows beside its own id."""
