"""Fallbacks that a client sends are models of its request (F1)."""

from collections.abc import Iterator, Mapping

from modelward.errors import Invalid
from modelward.gateway.client_text import shortened
from modelward.gateway.names import names
from modelward.gateway.redirects import refuse_redirects

FIELDS = ("fallbacks", "context_window_fallbacks", "content_policy_fallbacks")
_DEEPEST = 32


def fallbacks(holder: Mapping[str, object], place: str = "", depth: int = 0) -> Iterator[str]:
    """Every name in the fallback fields of `holder`, whose place in the body is `place`, itself `depth` fallbacks deep.

    A text, a list, `{"model": ...}` objects and `{name: [targets]}` maps, nested at any depth; a map's own keys are no
    names. Raises Invalid for any other shape.
    """
    for field in FIELDS:
        value = holder.get(field)
        if value is not None:
            yield from _targets(value, f"{place}{field}", depth)


def _targets(value: object, place: str, depth: int) -> Iterator[str]:
    if depth > _DEEPEST:
        raise Invalid(f"`{shortened(place)}` is nested too deeply; send a list of model names")
    if isinstance(value, str):
        yield from names(value, place)
    elif isinstance(value, list):
        for item in value:
            yield from _targets(item, place, depth + 1)
    elif isinstance(value, dict):
        yield from _in_object(value, place, depth)
    else:
        raise Invalid(f"`{shortened(place)}` must hold model names, as texts, lists or objects")


def _in_object(value: dict[str, object], place: str, depth: int) -> Iterator[str]:
    refuse_redirects(value, f"{place}.")
    if "model" in value and not isinstance(value["model"], list):
        yield from names(value["model"], f"{place}.model")
        yield from fallbacks(value, f"{place}.", depth + 1)
        return
    for targets in value.values():
        yield from _targets(targets, place, depth + 1)
