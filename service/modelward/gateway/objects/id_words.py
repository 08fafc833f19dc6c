"""The words under which requests name objects, as `id_words.yaml` says, and what a field of any spelling means."""

import re
from collections.abc import Iterable, Mapping
from functools import lru_cache
from importlib.resources import files
from typing import Any

import yaml
from pydantic import BaseModel, ConfigDict, TypeAdapter

from modelward.contract import JsonObject, ObjectKind
from modelward.errors import Invalid
from modelward.providers import Dialect

_UPPER = re.compile(r"(?=[A-Z])")


def _spelled(words: Iterable[str]) -> frozenset[str]:
    """Each word, and the same with underscores."""
    return frozenset(spelling for word in words for spelling in (word, _UPPER.sub("_", word).lower()))


class _Refused(BaseModel):
    """Words that may not be there, and why; `within` are the fields whose object may not hold them."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    words: frozenset[str]
    why: str
    within: frozenset[str] = frozenset()


class _Google(BaseModel):
    """The words at Google."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    files: frozenset[str]
    addresses: frozenset[str]
    values: list[_Refused]
    holders: list[_Refused]


class _Words(BaseModel):
    """The table; its comments say what each field is."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    ids: Mapping[str, ObjectKind]
    more_ids: Mapping[str, ObjectKind]
    holders: Mapping[str, ObjectKind]
    texts: frozenset[str]
    item_ids: frozenset[str]
    items: frozenset[str]
    schemas: frozenset[str]
    opaque: Mapping[Dialect, list[str]]
    never: Mapping[str, str]
    sources: Mapping[str, frozenset[str]]
    addresses: frozenset[str]
    buckets: frozenset[str]
    purposes: list[str]
    google: _Google


_table: Any = yaml.safe_load(files(__package__).joinpath("id_words.yaml").read_text(encoding="utf-8"))
WORDS = TypeAdapter(_Words).validate_python(_table)
"""The table."""

GOOGLE_FILES = _spelled(WORDS.google.files)
GOOGLE_ADDRESSES = _spelled(WORDS.google.addresses)
GOOGLE_VALUES = {word: each.why for each in WORDS.google.values for word in _spelled(each.words)}
GOOGLE_HOLDERS = {
    name: (_spelled(each.words), each.why) for each in WORDS.google.holders for name in _spelled(each.within)
}
GOOGLES = frozenset({*GOOGLE_FILES, *GOOGLE_ADDRESSES, *GOOGLE_VALUES, *GOOGLE_HOLDERS})
"""All of Google's words."""

KINDS = {**WORDS.ids, **{f"{word}s": kind for word, kind in WORDS.ids.items()}, **WORDS.more_ids}
"""Fields that hold an id, or a list of them."""

OPAQUE = {dialect: frozenset(tuple(place.split(".")) for place in places) for dialect, places in WORDS.opaque.items()}
"""By dialect: pairs of a field and one below it that no id is looked for in."""

LOCATION = "s3_location"
"""At Bedrock: a bucket."""

MODEL_ID = "model_id"
"""At Bedrock: a model that no place of the table tells of."""

PURPOSE = "purpose"
"""What a file is for."""

CHOSEN_ID = "request_id"
"""An id that the client chooses for what it makes, as vLLM takes it."""

BATCH = "batch"
_ID = "id"
_LONGEST = 100
_HUMP = re.compile(r"(?<=[a-z0-9])(?=[A-Z])|[^A-Za-z0-9$]+")
_BETWEEN_WORDS = re.compile(r"[^a-z0-9$]+")
_KNOWN = frozenset(
    {
        *(*KINDS, *WORDS.holders, *WORDS.never, *WORDS.sources, *WORDS.buckets, *WORDS.item_ids, *WORDS.addresses),
        *(MODEL_ID, PURPOSE, CHOSEN_ID, "audio"),
    }
)
_TOGETHER = {word.replace("_", ""): word for word in _KNOWN}
_ENDS = tuple(f"_{end}" for end in KINDS)


@lru_cache(maxsize=8_192)
def word_of(field: str) -> str:
    """A field's name in small letters, its words with `_` between them: an upstream may read it in any spelling.

    A capital begins a word, unless the name tells of an object only where capitals mean nothing, as in `fIle_id`.
    """
    end = field[-_LONGEST:]
    spellings = _HUMP.sub("_", end).lower(), _BETWEEN_WORDS.sub("_", end.casefold())
    words = [_TOGETHER.get(spelling, spelling) for spelling in dict.fromkeys(spellings)]
    return next((word for word in words if word in _KNOWN or kind_of(word) is not None), words[0])


@lru_cache(maxsize=8_192)
def kind_of(word: str) -> ObjectKind | None:
    """Of which kind the objects are whose ids a field holds that is called so; `None` where it holds no ids."""
    if word in KINDS:
        return KINDS[word]
    if not word.endswith(_ENDS):
        return None
    return next((kind for end, kind in KINDS.items() if word.endswith(f"_{end}")), None)


def own_ids(holder: JsonObject, *, but: str = "") -> list[object]:
    """What an object says is its `id`, in whatever letters; `but` is a spelling that is looked at apart."""
    found = (value for key, value in holder.items() if len(key) == len(_ID) and key.lower() == _ID and key != but)
    return [value for value in found if value is not None]


def known_purpose(fields: JsonObject) -> str:
    """The purpose of a file, byte for byte one of those that are known. Raises Invalid."""
    purpose = fields.get(PURPOSE)
    if not isinstance(purpose, str) or purpose not in WORDS.purposes:
        raise Invalid(f"`{PURPOSE}` must be sent once, as one of {', '.join(f'`{each}`' for each in WORDS.purposes)}")
    return purpose
