"""Which names a wildcard entry leaves alone, as they are other spellings of what a narrower entry has (M8)."""

import string
from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass
from importlib.resources import files
from typing import Any

import yaml

from engines.naive_names import holds

# The table is data, as that of published names is; what follows from it is put here once more.
_ROWS: dict[str, Any] = yaml.safe_load(files("modelward").joinpath("providers.yaml").read_text(encoding="utf-8"))
_TABLE: dict[str, dict[str, Any]] = {
    provider: {how: said for how, said in row["names"].items() if how != "shared_with"}
    for provider, row in _ROWS.items()
    if "names" in row
}
_LIKE = {other: provider for provider in _TABLE for other in _ROWS[provider]["names"].get("shared_with", ())}
_FAMILIES = {"mistral": "mistralai", "codestral": "mistralai", "jamba": "ai21", "llama": "meta", "meta": "meta"}
_MODELS = _FAMILIES | {"claude": "anthropic"}
_ODD = set(string.whitespace + "%\\")


def family(provider: str) -> str:
    """The provider whose models these are."""
    return str(_LIKE.get(provider, provider))


@dataclass(frozen=True)
class Wild:
    """A wildcard deployment: the entry, the provider and the upstream's model with its `*`."""

    entry: str
    provider: str
    model: str

    @property
    def row(self) -> dict[str, Any]:
        """What its provider takes for the same."""
        return _TABLE.get(family(self.provider), {})

    def said(self, name: str) -> str | None:
        """What the upstream would be told for a name; `None` where the entry cannot answer it."""
        before, behind = self.around
        shown, here = (name.lower(), (before.lower(), behind.lower())) if self.row.get("case") else (name, self.around)
        if len(name) < len(before + behind) or not (shown.startswith(here[0]) and shown.endswith(here[1])):
            return None
        return name[len(before) : len(name) - len(behind)]

    def called(self, told: str) -> str:
        """The name for which the upstream is told so."""
        before, behind = self.around
        return before + told + behind

    @property
    def around(self) -> tuple[str, str]:
        """The name's text around the open place: all but the model where the name ends with it, else around the `*`."""
        if self.entry.endswith(self.model):
            return self.entry.removesuffix(self.model), ""
        before, _, behind = self.entry.partition("*")
        return before, behind


@dataclass(frozen=True)
class Seen:
    """The entries that a caller sees: exact names, and wildcard entries that are narrower than the one in question or
    wider; `served` are the providers behind each prefix of the config."""

    exact: Collection[str]
    narrower: Collection[str]
    wider: Collection[str]
    served: Collection[tuple[str, str]]


def answers(wild: Wild, name: str, seen: Seen) -> bool:
    """Whether the entry answers the name: no narrower entry has it in another spelling."""
    beside = _beside(wild, seen)
    if not wild.row and not beside:
        return True
    told = wild.said(name)
    assert told is not None
    model = _read(wild.row, told)
    if model is None or any(_read(wild.row, other) == model for other in _exactly(wild, beside, seen)):
        return False
    others = [*_spelled(wild.row, told)]
    names = [wild.called(one) for one in others] + [prefix + one for prefix in beside for one in others]
    whole = {f"{prefix}*" for prefix in beside} if wild.around[0] else set()
    match = _folded if wild.row.get("case") else holds
    if any(match(entry, each) for entry in seen.narrower if entry not in whole for each in names):
        return False
    last = wild.row.get("last_of", "")
    return not (last and told.lower().startswith(last) and any(_is_wider(seen, match, wild, each) for each in names))


def _is_wider(seen: Seen, match: Callable[[str, str], bool], wild: Wild, name: str) -> bool:
    """Whether the name in another form is answered by a wider entry alone."""
    return not any(match(entry, name) for entry in {*seen.narrower, wild.entry}) and any(
        match(entry, name) for entry in seen.wider
    )


def _folded(entry: str, name: str) -> bool:
    return holds(entry.lower(), name.lower())


def _beside(wild: Wild, seen: Seen) -> list[str]:
    """What else may stand before the upstream's name, in the name of an entry of the same provider."""
    words = {word for word in {*_TABLE, *_LIKE} if family(word) == family(wild.provider)} | {family(wild.provider)}
    prefix, behind = wild.around
    own = behind == "" and prefix.removesuffix("/") in words
    if not own and wild.model != wild.entry:
        return []
    of_family = {before for before, provider in seen.served if family(provider) == family(wild.provider)}
    return [f"{word}/" for word in sorted(words) if f"{word}/" != prefix and f"{word}/" in of_family]


def _exactly(wild: Wild, beside: list[str], seen: Seen) -> Iterator[str]:
    """What the upstream would be told for the exact names that it might answer."""
    for name in seen.exact:
        told = wild.said(name) if wild.row else None
        if told:
            yield told
        yield from (name.removeprefix(prefix) for prefix in beside if name.startswith(prefix))


def _read(row: dict[str, Any], told: str) -> tuple[str, str] | None:
    """The publisher and the model that a provider reads; `None` for what no model is called."""
    parts = _parts(row, told)
    return parts and parts[:2]


def _parts(row: dict[str, Any], told: str) -> tuple[str, str, str] | None:
    """The publisher, the model, and what is behind it."""
    if not row:
        return "", told, ""
    if not told or not told.isascii() or not told.isprintable() or _ODD & set(told) or told.endswith("."):
        return None
    if "" in told.split("/"):
        return None
    name = told.lower() if row.get("case") else told
    if row.get("last_of") and name.startswith(row["last_of"]):
        name = name.rpartition("/")[2]
    while before := next((each for each in row.get("before", []) if name.startswith(each)), ""):
        name = name[len(before) :]
    publisher, name = _published(name) if row.get("publishers") else ("", name)
    end = next(end for end in range(1, len(name) + 1) if _is_behind(row, name[end:]))
    model = name[:end]
    if row.get("publishers") and not publisher:
        words = [word for word in _MODELS if model.startswith(word) and not model[len(word) : len(word) + 1].isalpha()]
        publisher = _MODELS[words[0]] if words else "google"
    return publisher, model, name[end:]


def _published(name: str) -> tuple[str, str]:
    parts = name.split("/")
    if len(parts) > 2 and parts[0] == "publishers":
        parts = parts[1:]
    if len(parts) == 1:
        return "", name
    rest = parts[2:] if len(parts) > 2 and parts[1] == "models" else parts[1:]
    return parts[0], "/".join(rest)


def _is_behind(row: dict[str, Any], text: str) -> bool:
    """Whether it tells only a version, a tag or the like."""
    if not text or text[0] in row.get("cut", ""):
        return True
    return any(text.startswith(word) and _is_behind(row, text[len(word) :]) for word in row.get("behind", []))


def _spelled(row: dict[str, Any], told: str) -> Iterator[str]:
    """Other spellings of the same model; what may be without end before it is not among them."""
    parts = _parts(row, told)
    assert parts is not None
    publisher, model, version = parts
    before = ["", *row.get("before", [])]
    before += [f"{publisher}/", f"publishers/{publisher}/models/"] if row.get("publishers") else []
    for each in before:
        yield from (each + model + kept + behind for kept in {"", version} for behind in ("", *row.get("behind", [])))
