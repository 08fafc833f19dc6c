"""What a request may not name: state at an upstream that is bound to nobody here."""

import re
from collections.abc import Iterable, Iterator
from urllib.parse import unquote

from modelward.contract import JsonObject
from modelward.errors import Invalid
from modelward.gateway.objects.id_words import (
    BATCH,
    GOOGLE_ADDRESSES,
    GOOGLE_FILES,
    GOOGLE_HOLDERS,
    GOOGLE_VALUES,
    LOCATION,
    MODEL_ID,
    PURPOSE,
    WORDS,
    known_purpose,
    own_ids,
    word_of,
)
from modelward.gateway.request.names import masked, shortened
from modelward.gateway.routes import Route

_FILES_OF_GEMINI = "generativelanguage"
_BUCKET = "gs:"
_PUBLIC_ADDRESSES = ("https://", "http://")


def refuse_at_google(value: JsonObject) -> None:
    """Raises Invalid where an object of a body, at any depth, holds it."""
    for key in GOOGLE_VALUES.keys() & value.keys():
        if isinstance(value[key], str | list | int | float) and not isinstance(value[key], bool):
            raise Invalid(f"`{key}` is not taken: {GOOGLE_VALUES[key]}")
    for key in GOOGLE_HOLDERS.keys() & value.keys():
        words, why = GOOGLE_HOLDERS[key]
        if isinstance(inner := value[key], dict) and (found := sorted(words & inner.keys())):
            raise Invalid(f"`{key}.{found[0]}` is not taken: {why}")
    for key in GOOGLE_FILES & value.keys():
        if any(not _is_public(uri) for uri in _addresses(value[key])):
            raise _not_public(key)
    for key in GOOGLE_ADDRESSES & value.keys():
        if any(_is_kept(uri) for uri in _addresses(value[key])):
            raise _not_public(key)


def _addresses(value: object) -> Iterable[object]:
    """An object is none: a tool's schema has a field of any name."""
    listed = value if isinstance(value, list) else [value]
    return (each for each in listed if each is not None and not isinstance(each, dict | bool))


def _is_public(uri: object) -> bool:
    return isinstance(uri, str) and uri.startswith(_PUBLIC_ADDRESSES) and not _is_kept(uri)


def _is_kept(uri: object) -> bool:
    """Whether a deployment's credential reads it: a file of Gemini's own store, or one in a bucket."""
    plain = unquote(str(uri)).strip().lower()
    return plain.startswith(_BUCKET) or _FILES_OF_GEMINI in plain


def _not_public(key: str) -> Invalid:
    return Invalid(f"`{key}` may be a public `https` address only; send other files as inline data")


_S3 = "s3://"
_SCHEME = re.compile(r"\s*([a-z][a-z0-9+.-]*):", re.IGNORECASE)
_PUBLIC_SCHEMES = frozenset({"data", "http", "https"})
_IN_TEXT = "fileid://"
_OF_CONTENT = WORDS.addresses - {"url"}


def refuse_unbound(route: Route, name: str, value: JsonObject) -> None:
    """Raises Invalid where an object of a body, at any depth, names such state; `name` is the field it is in."""
    for key, inner in value.items():
        word = word_of(key)
        if word in WORDS.never and _says(inner, name):
            raise Invalid(f"`{_shown(key)}` is not taken: {WORDS.never[word]}")
        if word == "audio" and isinstance(inner, dict) and any(_says(each, key) for each in own_ids(inner)):
            raise Invalid("`audio.id` is not taken: spoken answers belong to nobody here; send their text")
        if isinstance(inner, str) and _is_kept_address(name, word, inner):
            raise Invalid(f"`{_shown(key)}` may be an `https` address or data only; send the content itself")
    call = route.upstream
    if call is None:
        return
    if call.path == "uploads" and PURPOSE in value and known_purpose(value) == BATCH:
        raise Invalid("an upload in parts may not be a batch file: its lines would not be judged; use `POST /v1/files`")
    if call.dialect in {"google", "vertex"}:
        refuse_at_google(value)
    elif call.dialect == "bedrock":
        _refuse_at_bedrock(name, value)
    elif call.path.startswith("evals"):
        _refuse_stored(name, value)


def refuse_kept_text(content: object) -> None:
    """Raises Invalid for a text that stands for a file, as Qwen reads it."""
    if isinstance(content, str) and content.lstrip()[: len(_IN_TEXT)].lower() == _IN_TEXT:
        raise Invalid(
            f"`content` may not begin with `{_IN_TEXT}`: files in texts are not looked up; send the text itself"
        )


def _says(value: object, name: str) -> bool:
    """Whether anything is there; in a JSON schema an object describes the field that is called so."""
    return value is not None and not isinstance(value, bool) and not (name in WORDS.schemas and isinstance(value, dict))


def _is_kept_address(name: str, word: str, text: str) -> bool:
    """Whether an address leads to what a provider keeps, or to the machine that it runs on."""
    of_content = word in _OF_CONTENT
    if not of_content and not (word == "url" and (word_of(name).endswith("_url") or name == "source")):
        return False
    scheme = _SCHEME.match(text)
    return scheme is not None and scheme[1].lower() not in _PUBLIC_SCHEMES


def _refuse_at_bedrock(name: str, value: JsonObject) -> None:
    """A bucket is read with the credential of the deployment."""
    for key, inner in value.items():
        word = word_of(key)
        if word in WORDS.buckets and (
            any(text.strip().lower().startswith(_S3) for text in _texts(inner))
            or (word == LOCATION and _says(inner, name))
        ):
            raise Invalid(f"`{_shown(key)}` is not taken: what is there belongs to nobody here; send the bytes")
        if word == MODEL_ID and any(_texts(inner)):
            raise Invalid(f"`{_shown(key)}` is not taken in a body, where it is not judged; name the model in the path")


def _refuse_stored(name: str, value: JsonObject) -> None:
    """Raises Invalid for a source of an eval whose type is not known to read the caller's own data alone."""
    for key, types in WORDS.sources.items():
        inner = value.get(key)
        if not isinstance(inner, dict) or (key == "source" and name != "data_source"):
            continue
        if not (isinstance(kind := inner.get("type"), str) and kind in types):
            raise Invalid(f"`{key}` may be of type {' or '.join(f'`{each}`' for each in sorted(types))}; send a file")


def _texts(value: object) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, list):
        for each in value:
            yield from _texts(each)


def _shown(key: str) -> str:
    return shortened(masked(key))
