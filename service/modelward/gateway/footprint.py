"""Every model that a request names, wherever it stands (M1), and what of its body travels on (M2)."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import chain, islice
from urllib.parse import parse_qsl, unquote_to_bytes

from modelward.contract import JsonObject
from modelward.errors import Invalid
from modelward.gateway.fallbacks import FIELDS, fallbacks
from modelward.gateway.names import MOST_MODELS, names, too_many
from modelward.gateway.redirects import refuse_redirects
from modelward.gateway.routes import Match

_NOT_FORWARDED = frozenset({*FIELDS, "litellm_params", "litellm_metadata", "router_settings_override"})
_ANSWERED_BY_COMPLETION_MODEL = frozenset({"chat/completions", "completions"})


@dataclass(frozen=True, slots=True)
class Footprint:
    """The models of one request: each once, the one that answers first. `differ` says that two places disagree."""

    models: list[str]
    differ: bool = False


def footprint(match: Match, query: bytes, body: JsonObject, completion_model: str | None = None) -> Footprint:
    """The models that a JSON request names. `completion_model` is the config's (M6).

    Raises Invalid for what is no name, for fields that would redirect the call, and for fallbacks of no known shape.
    """
    refuse_redirects(body)
    extra = _object(body, "extra_body")
    override = _object(body, "router_settings_override")
    refuse_redirects(extra, "extra_body.")
    if "extra_body" in extra:
        raise Invalid("`extra_body` may not hold another `extra_body`; lay its fields into the first")
    places = list(_places(match, query, body, extra))
    own = [completion_model] if completion_model and match.route.upstream in _ANSWERED_BY_COMPLETION_MODEL else []
    named = [name for place in places for name in place]
    others = chain(
        _nested(body),
        _nested(extra, "extra_body."),
        fallbacks(body),
        fallbacks(extra, "extra_body."),
        fallbacks(override, "router_settings_override."),
    )
    mentioned = list(islice(chain(own, named, others), MOST_MODELS + 1))
    if len(mentioned) > MOST_MODELS:
        raise too_many()
    models = list(dict.fromkeys(mentioned)) if own or named else []
    return Footprint(models, differ=len(set(places)) > 1)


def forwarded(body: JsonObject) -> JsonObject:
    """The body without what is for the gateway alone, and without what a client may not say about itself (M5).

    `extra_body` is what an SDK would have laid into the body itself, and is laid into it here.
    """
    kept = {name: value for name, value in body.items() if name not in _NOT_FORWARDED}
    if isinstance(metadata := kept.get("metadata"), dict):
        kept["metadata"] = {name: value for name, value in metadata.items() if not name.startswith("user_api_key")}
    extra = kept.pop("extra_body", None) or {}
    return kept | forwarded({name: value for name, value in extra.items() if name != "model"}) if extra else kept


def query_values(query: bytes, name: str) -> list[str]:
    """Each value of one query parameter. Raises Invalid when the query is no UTF-8."""
    if not query:
        return []
    try:
        pairs = parse_qsl(query.decode("ascii"), keep_blank_values=True, errors="strict")
    except ValueError:
        raise Invalid("the query is not UTF-8, percent-encoded; encode it again") from None
    return [value for key, value in pairs if key == name]


def path_names(model: str, place: str = "path") -> tuple[str, ...]:
    """The names in the model's part of a path, percent-decoded once (M4). Raises Invalid."""
    try:
        return names(unquote_to_bytes(model).decode(), place)
    except UnicodeDecodeError:
        raise Invalid("the model in the path is not UTF-8, percent-encoded; encode it again") from None


def _places(
    match: Match, query: bytes, body: Mapping[str, object], extra: Mapping[str, object]
) -> Iterator[tuple[str, ...]]:
    if match.model is not None:
        yield path_names(match.model)
    if "model" in body:
        yield names(body["model"], "model")
    for value in query_values(query, "model"):
        yield names(value, "?model=")
    if "model" in extra:
        yield names(extra["model"], "extra_body.model")


def _nested(holder: Mapping[str, object], place: str = "") -> Iterator[str]:
    moderation = _object(holder, "moderation", place)
    if "model" in moderation:
        yield from names(moderation["model"], f"{place}moderation.model")


def _object(holder: Mapping[str, object], field: str, place: str = "") -> JsonObject:
    value = holder.get(field)
    if value is None:
        return {}
    if not isinstance(value, dict):
        raise Invalid(f"`{place}{field}` must be an object")
    return value
