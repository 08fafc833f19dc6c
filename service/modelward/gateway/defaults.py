"""A model that a provider would choose by itself is a model of the request, so it must be named (M4).

Some parts of a body run a model of their own, and take the provider's default where they name none.
"""

from collections.abc import Iterator
from functools import cache

from modelward.contract import JsonObject
from modelward.errors import Invalid
from modelward.gateway.client_text import shortened
from modelward.gateway.routes import Route
from modelward.gateway.spots import spots

_FIELD = ".model"
_TOOLS = "tools[]"
_ANY_DEPTH = ".audio.**"
_TOOLS_WITH_MODEL = frozenset({"image_generation"})
_WITH_MODEL = frozenset({"moderation", "input_audio_transcription", "transcription"})


def refuse_defaults(route: Route, body: JsonObject, place: str) -> None:
    """Raises Invalid where a part of `body`, which stands at `place`, leaves its model to the provider."""
    for where, head in _holders(route.nested):
        if head in body:
            for part, shown in _parts(body, where, place):
                if not _names_model(part):
                    raise Invalid(f"`{shortened(shown)}` names no model; name it in `model`")


def _names_model(part: JsonObject) -> bool:
    """Whether it names one itself, or one for the drawing that it is asked for in its place."""
    drawing = part.get("svg")
    return "model" in part or (isinstance(drawing, dict) and "model" in drawing)


def _parts(body: JsonObject, where: str, place: str) -> Iterator[tuple[JsonObject, str]]:
    """The parts that run a model, and where each stands."""
    for spot in spots(body, where, place):
        part = spot.value
        if not isinstance(part, dict):
            continue
        kind = part.get("type")
        if not where.endswith(_TOOLS) or (isinstance(kind, str) and kind in _TOOLS_WITH_MODEL):
            yield part, spot.place


@cache
def _holders(nested: tuple[str, ...]) -> tuple[tuple[str, str], ...]:
    """Where such parts stand, each with the field of the body that it begins with."""
    found = [where.removesuffix(_FIELD) for where in nested if where.endswith(_FIELD)]
    kept = [where for where in found if where.rpartition(".")[2].removesuffix("?") in {_TOOLS, *_WITH_MODEL}]
    kept += [f"{where}.transcription" for where in found if where.endswith(_ANY_DEPTH)]
    return tuple((where, where.partition(".")[0].removesuffix("?").removesuffix("[]")) for where in kept)
