"""JSON Schemas of the words shared with Rego, in the form that `opa check --schema` understands."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cache
from typing import Any

import orjson
from pydantic import TypeAdapter

from modelward.contract import Catalog, Decision, Explanation, Input, Listing

_FORM = orjson.OPT_SORT_KEYS | orjson.OPT_INDENT_2 | orjson.OPT_APPEND_NEWLINE
_NULL = {"type": "null"}


def schemas() -> dict[str, bytes]:
    """File names and contents: one schema for each document that Rego reads or answers."""
    return {
        "catalog.json": _printed(TypeAdapter(Catalog)),
        "decision.json": _printed(TypeAdapter(Decision)),
        "explanation.json": _printed(TypeAdapter(Explanation)),
        "input.json": _printed(TypeAdapter(Input)),
        "listing.json": _printed(TypeAdapter(Listing)),
    }


def misspelt(root: str, steps: Sequence[str | None]) -> str | None:
    """What is wrong with a path of `input` or of `data.catalog`, whose steps are `None` where they are no constant.

    OPA's type checker does not look into maps from an id to a record; this does.
    """
    for shown, schema, step in _walked(root, steps):
        known = schema.get("properties")
        if known and step is not None and step not in known:
            return f"`{shown}` has no `{step}`; it has {_listed(known)}"
    return None


def foreign(root: str, steps: Sequence[str | None], value: str) -> str | None:
    """What is wrong with a text that what is at such a path is compared with: it is none of the few that it may be."""
    walked = [*_walked(root, (*steps, None))]
    if not walked or len(walked) < len(steps) + (root == "input"):
        return None
    shown, schema, _ = walked[-1]
    words = schema.get("enum")
    return f"`{shown}` is never `{value}`; it is one of {_listed(words)}" if words and value not in words else None


def _walked(root: str, steps: Sequence[str | None]) -> Iterator[tuple[str, dict[str, Any], str | None]]:
    """Each step of a path, with what it is a step of: how that is shown, and its schema."""
    if root == "data" and steps[:1] != ("catalog",):
        return
    schema, steps = (_read("input"), steps) if root == "input" else (_read("catalog"), steps[1:])
    shown = root if root == "input" else "data.catalog"
    for step in steps:
        yield shown, schema, step
        known = schema.get("properties") or {}
        schema = known.get(step) or schema.get("additionalProperties") or schema.get("items") or {}
        shown += f".{step}" if step is not None else "[...]"
        if not isinstance(schema, dict):
            return


def _listed(words: Iterable[str]) -> str:
    return ", ".join(f"`{word}`" for word in words)


@cache
def _read(name: str) -> dict[str, Any]:
    schema: dict[str, Any] = orjson.loads(schemas()[f"{name}.json"])
    return schema


def _printed(kind: TypeAdapter[Any]) -> bytes:
    schema = kind.json_schema(mode="serialization")
    definitions = schema.pop("$defs", {})
    return orjson.dumps(_plain(schema, definitions), option=_FORM)


def _plain(value: Any, definitions: Mapping[str, Any]) -> Any:
    """The schema without `$ref`, and with `type: [object, null]` for what may be null.

    OPA's type checker takes any other form of "may be null" for a value of any type, and then lets a misspelt field
    pass. It has no type for null itself: rules ask `is_null(x)`, a comparison with `null` is a type error.
    """
    if isinstance(value, list):
        return [_plain(item, definitions) for item in value]
    if not isinstance(value, dict):
        return value
    if "$ref" in value:
        return _plain(definitions[value["$ref"].removeprefix("#/$defs/")], definitions)
    plain = {key: _plain(item, definitions) for key, item in value.items()}
    return _nullable(plain) if _NULL in plain.get("anyOf", ()) else plain


def _nullable(schema: dict[str, Any]) -> dict[str, Any]:
    options = [option for option in schema.pop("anyOf") if option != _NULL]
    if len(options) != 1 or "enum" in options[0] or "type" not in options[0]:
        return schema | {"anyOf": [*options, _NULL]}
    merged: dict[str, Any] = options[0] | schema
    return merged | {"type": [options[0]["type"], "null"]}
