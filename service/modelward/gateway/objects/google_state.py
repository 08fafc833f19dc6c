"""What a body at Google may not hold: what chooses a model by itself, and state that belongs to nobody here."""

from collections.abc import Iterable
from urllib.parse import unquote

from modelward.contract import JsonObject
from modelward.errors import Invalid
from modelward.gateway.objects.google_words import ADDRESSES, FILES, HOLDERS, VALUES

_FILES_OF_GEMINI = "generativelanguage"
_BUCKET = "gs:"
_PUBLIC = ("https://", "http://")


def refuse_at_google(value: JsonObject) -> None:
    """Raises Invalid where an object of a body, at any depth, holds it."""
    for key in VALUES.keys() & value.keys():
        if isinstance(value[key], str | list | int | float) and not isinstance(value[key], bool):
            raise Invalid(f"`{key}` is not taken: {VALUES[key]}")
    for key in HOLDERS.keys() & value.keys():
        words, why = HOLDERS[key]
        if isinstance(inner := value[key], dict) and (found := sorted(words & inner.keys())):
            raise Invalid(f"`{key}.{found[0]}` is not taken: {why}")
    for key in FILES & value.keys():
        if any(not _is_public(uri) for uri in _addresses(value[key])):
            raise _not_public(key)
    for key in ADDRESSES & value.keys():
        if any(_is_kept(uri) for uri in _addresses(value[key])):
            raise _not_public(key)


def _addresses(value: object) -> Iterable[object]:
    """An object is none: a tool's schema has a field of any name."""
    listed = value if isinstance(value, list) else [value]
    return (each for each in listed if each is not None and not isinstance(each, dict | bool))


def _is_public(uri: object) -> bool:
    return isinstance(uri, str) and uri.startswith(_PUBLIC) and not _is_kept(uri)


def _is_kept(uri: object) -> bool:
    """Whether a deployment's credential reads it: a file of Gemini's own store, or one in a bucket."""
    plain = unquote(str(uri)).strip().lower()
    return plain.startswith(_BUCKET) or _FILES_OF_GEMINI in plain


def _not_public(key: str) -> Invalid:
    return Invalid(f"`{key}` may be a public `https` address only; send other files as inline data")
