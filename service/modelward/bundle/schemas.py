"""JSON Schemas of the words shared with Rego, in the form that `opa check --schema` understands."""

from collections.abc import Mapping
from typing import Any

import orjson
from pydantic import TypeAdapter

from modelward.contract import Catalog, Decision, Explanation, Input, Listing, Reach

_FORM = orjson.OPT_SORT_KEYS | orjson.OPT_INDENT_2 | orjson.OPT_APPEND_NEWLINE
_NULL = {"type": "null"}


def schemas() -> dict[str, bytes]:
    """File names and contents: one schema for each document that Rego reads or answers."""
    documents = (Catalog, Decision, Explanation, Input, Listing, Reach)
    return {f"{document.__name__.lower()}.json": _printed(TypeAdapter(document)) for document in documents}


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
