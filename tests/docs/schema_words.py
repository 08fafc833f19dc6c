"""The schemas of `input` and `data.catalog` as the documentation words them."""

import re
from collections.abc import Iterator
from typing import Any

import orjson

from modelward.bundle.schemas import schemas

_WORDS = {"string": "text", "integer": "number", "number": "number", "boolean": "boolean"}

Fields = dict[str, str]


def records(name: str) -> dict[str, Fields]:
    """The records of a schema, each with its fields and their types in words: `key` -> `blocked` -> `boolean`."""
    found: dict[str, Fields] = {}
    for schema in _objects(orjson.loads(schemas()[f"{name}.json"])):
        fields = {field: _type(each) for field, each in schema["properties"].items()}
        assert found.setdefault(_name(schema), fields) == fields
    return found


def _objects(schema: dict[str, Any]) -> Iterator[dict[str, Any]]:
    if "properties" in schema:
        yield schema
    inner = [*schema.get("properties", {}).values(), *schema.get("anyOf", ())]
    inner += [schema[word] for word in ("items", "additionalProperties") if isinstance(schema.get(word), dict)]
    for each in inner:
        yield from _objects(each)


def _name(schema: dict[str, Any]) -> str:
    return " ".join(word.lower() for word in re.findall(r"[A-Z][a-z]*", schema["title"]))


def _type(schema: dict[str, Any]) -> str:
    options = schema.get("anyOf") or [
        {**schema, "type": each} for each in ([schema["type"]] if isinstance(schema["type"], str) else schema["type"])
    ]
    return " or ".join("null" if each["type"] == "null" else _plain(each) for each in options)


def _plain(schema: dict[str, Any]) -> str:
    if "enum" in schema:
        return ", ".join(f"`{word}`" for word in schema["enum"])
    if "const" in schema:
        return f"`{orjson.dumps(schema['const']).decode()}`"
    if "properties" in schema:
        return _name(schema)
    if schema["type"] == "array":
        return f"list of {_type(schema['items'])}" if "items" in schema else "list"
    if schema["type"] == "object":
        values = schema.get("additionalProperties")
        return f"map to {_type(values)}" if isinstance(values, dict) else "object"
    return _WORDS[str(schema["type"])]
