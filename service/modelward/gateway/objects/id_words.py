"""What a field of a body tells of objects, however it is spelled, as `id_words.yaml` says."""

import re
from collections.abc import Iterator, Mapping
from fnmatch import fnmatchcase
from functools import lru_cache
from importlib.resources import files
from typing import Literal, NamedTuple
from urllib.parse import unquote

import yaml
from pydantic import BaseModel, ConfigDict

from modelward.contract import JsonObject, ObjectKind
from modelward.contract.facts import masked, shortened
from modelward.errors import Invalid
from modelward.gateway.routes import Route
from modelward.providers import Dialect

_When = Literal["any", "given", "no_object", "not_public", "other", "type"]
_PUBLIC = ("https://", "http://")


def _texts(value: object) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, list):
        for each in value:
            yield from _texts(each)


class _Refused(BaseModel):
    """Fields that may not be sent; the comment in the table says what each of these is."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    words: frozenset[str]
    says: str
    when: _When = "given"
    like: re.Pattern[str] | None = None
    but: frozenset[str] = frozenset()
    within: tuple[str, ...] = ()
    dialects: frozenset[Dialect] = frozenset()
    calls: tuple[str, ...] = ()

    def binds(self, route: Route, name: str) -> bool:
        """Whether it holds for a call of `route`, in an object that is in the field `name`."""
        call = route.upstream
        if self.dialects and (call is None or call.dialect not in self.dialects):
            return False
        if self.calls and (call is None or not call.path.startswith(self.calls)):
            return False
        return not self.within or any(fnmatchcase(word_of(name), each) for each in self.within)

    def _knows(self, value: object) -> bool:
        return isinstance(value, str) and value in self.but

    def refuses(self, value: object) -> bool:
        """Whether the field may not hold `value`."""
        if self.like is not None:
            return any(self.like.match(unquote(text)) for text in _texts(value))
        match self.when:
            case "any":
                return True
            case "given":
                return value is not None and not isinstance(value, bool)
            case "no_object":
                return value is not None and not isinstance(value, bool | dict)
            case "not_public":
                listed = value if isinstance(value, list) else [value]
                given = [each for each in listed if each is not None and not isinstance(each, bool | dict)]
                return any(not str(each).startswith(_PUBLIC) for each in given)
            case "other":
                return not self._knows(value)
            case "type":
                return isinstance(value, dict) and not self._knows(value.get("type"))


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
    purposes: list[str]
    refused: list[_Refused]


WORDS = _Words.model_validate(yaml.safe_load(files(__package__).joinpath("id_words.yaml").read_text(encoding="utf-8")))
"""The table."""

OPAQUE = {dialect: frozenset(tuple(place.split(".")) for place in places) for dialect, places in WORDS.opaque.items()}
"""By dialect: pairs of a field and one below it that no id is looked for in."""

CHOSEN_ID = "request_id"
"""An id that the client chooses for what it makes, as vLLM takes it."""

BATCH = "batch"
"""The purpose of a batch file."""

_LONGEST = 100
_HUMP = re.compile(r"(?<=[a-z0-9])(?=[A-Z])|[^A-Za-z0-9$]+")
_BETWEEN_WORDS = re.compile(r"[^a-z0-9$]+")
_KINDS = {**WORDS.ids, **{f"{word}s": kind for word, kind in WORDS.ids.items()}, **WORDS.more_ids}
_ENDS = tuple(f"_{end}" for end in _KINDS)
_REFUSED = {
    word: tuple(each for each in WORDS.refused if word in each.words)
    for word in (frozenset[str]().union(*(each.words for each in WORDS.refused)))
}
_WITHIN = frozenset(word for each in WORDS.refused for word in each.within)
_KNOWN = frozenset({*_KINDS, *WORDS.holders, *WORDS.item_ids, *WORDS.items, *_REFUSED, *_WITHIN})
_TOGETHER = {word.replace("_", ""): word for word in _KNOWN}


class Field(NamedTuple):
    """What a field tells of objects: the `kind` of those whose ids it holds. A holder has objects with such an `id`; in
    any other field, and in one with `texts`, a text is an id. `items` and `item_ids` are those of responses."""

    kind: ObjectKind | None
    is_holder: bool
    texts: bool
    items: bool
    item_ids: bool
    refused: tuple[_Refused, ...]


@lru_cache(maxsize=8_192)
def meaning(field: str) -> Field | None:
    """What a field of that name tells of objects; `None` where it tells nothing, as most do."""
    word = word_of(field)
    holder = WORDS.holders.get(word)
    found = Field(
        kind=holder or _kind_of(word),
        is_holder=holder is not None,
        texts=holder is None or word in WORDS.texts,
        items=word in WORDS.items,
        item_ids=word in WORDS.item_ids,
        refused=_REFUSED.get(word, ()),
    )
    return found if found.kind or found.items or found.item_ids or found.refused else None


@lru_cache(maxsize=8_192)
def word_of(field: str) -> str:
    """A field's name in small letters, its words with `_` between them: an upstream may read it in any spelling.

    A capital begins a word, unless the name tells of an object only where capitals mean nothing, as in `fIle_id`.
    """
    end = field[-_LONGEST:]
    spellings = _HUMP.sub("_", end).lower(), _BETWEEN_WORDS.sub("_", end.casefold())
    words = [_TOGETHER.get(spelling, spelling) for spelling in dict.fromkeys(spellings)]
    return next((word for word in words if word in _KNOWN or _kind_of(word) is not None), words[0])


def _kind_of(word: str) -> ObjectKind | None:
    if word in _KINDS:
        return _KINDS[word]
    if not word.endswith(_ENDS):
        return None
    return next((kind for end, kind in _KINDS.items() if word.endswith(f"_{end}")), None)


def known_purpose(fields: JsonObject) -> str:
    """The purpose of a file, byte for byte one of those that are known. Raises Invalid."""
    purpose = fields.get("purpose")
    if not isinstance(purpose, str) or purpose not in WORDS.purposes:
        raise Invalid(f"`purpose` must be sent once, as one of {', '.join(f'`{each}`' for each in WORDS.purposes)}")
    return purpose


def refuse(field: Field, route: Route, place: tuple[str, str], value: object, *, described: bool) -> None:
    """Raises Invalid where a field may not hold `value`; `place` is the field that its object is in, and its own name.
    A value that is `described` is a JSON schema's, of the field that is called so."""
    for each in field.refused:
        if each.binds(route, place[0]) and each.refuses(value) and not (described and each.when == "given"):
            shown = ".".join(place) if each.within else place[1]
            raise Invalid(f"`{shortened(masked(shown))}` {each.says}")
