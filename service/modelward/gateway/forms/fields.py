"""A form's texts as one object, so that the same code judges forms and JSON bodies (M1)."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

import orjson

from modelward.contract import JsonObject
from modelward.errors import Invalid
from modelward.gateway import body
from modelward.gateway.forms.names import is_index, segments, shown
from modelward.gateway.forms.parts import TextPart

_LONGEST_INDEX = 6
_MARK = "\ufeff"
_EXTRA = "extra_body"
_OWN = "metadata"

Path = tuple[str | int, ...]


@dataclass(frozen=True, slots=True)
class Fields:
    """The texts as an object; `paths` says where in it each text stands."""

    value: JsonObject
    paths: Mapping[TextPart, Path]


@dataclass(slots=True)
class _Node:
    """What stands under a name: `kind` is how all of its keys are written."""

    kind: str = ""
    children: dict[str | int, "_Node | list[TextPart]"] = field(default_factory=dict)


def nested(texts: Iterable[TextPart], plain: frozenset[str]) -> Fields:
    """`svg[model]` stands at `svg.model`, `tools[0][x]` and `tools[][x]` in a list, a name sent twice is a list.

    A text that begins as JSON is read as JSON, as an upstream may, but for the caller's own words: what stands in a
    field of `plain`, or in `metadata`. Raises Invalid where a name is a text and an object at once, and for what is no
    JSON.
    """
    root = _Node("named")
    for part in texts:
        _insert(root, part)
    paths = dict[TextPart, Path]()
    return Fields({str(key): _value(each, (key,), plain, paths) for key, each in root.children.items()}, paths)


def looks_like_json(text: str, path: Path, plain: frozenset[str]) -> bool:
    """Whether a text at this place is read as JSON."""
    if not text.lstrip(_MARK).strip().startswith(("{", "[")):
        return False
    head, *rest = path[1:] if path[0] == _EXTRA and len(path) > 1 else path
    return head not in plain and not (head == _OWN and rest)


def _insert(root: _Node, part: TextPart) -> None:
    node, (first, *rest) = root, segments(part.name)
    key: str | int = first
    for place, segment in enumerate(rest):
        child = node.children.setdefault(key, _Node())
        if not isinstance(child, _Node):
            raise _clash(part)
        node, key = child, _key(child, segment, rest[place + 1 :], part)
    texts = node.children.setdefault(key, [])
    if not isinstance(texts, list):
        raise _clash(part)
    texts.append(part)


def _key(node: _Node, segment: str, rest: Sequence[str], part: TextPart) -> str | int:
    kind = "appended" if not segment else "numbered" if is_index(segment) else "named"
    if node.kind not in {"", kind}:
        raise _clash(part)
    node.kind = kind
    if kind == "named":
        return segment
    if kind == "numbered":
        return _index(segment, part)
    last = len(node.children) - 1
    return last if rest and last >= 0 and not _holds(node.children[last], rest) else last + 1


def _holds(found: "_Node | list[TextPart]", rest: Sequence[str]) -> bool:
    """Whether an item has this place already, so that the text belongs to the next item."""
    for segment in rest:
        if not isinstance(found, _Node):
            return True
        key = int(segment) if is_index(segment) and len(segment) <= _LONGEST_INDEX else segment
        if key not in found.children:
            return False
        found = found.children[key]
    return True


def _index(segment: str, part: TextPart) -> int:
    if len(segment) > _LONGEST_INDEX or (len(segment) > 1 and segment.startswith("0")):
        raise Invalid(f"`{shown(part.name)}` has no place in a list; count from 0, without leading zeros")
    return int(segment)


def _value(found: "_Node | list[TextPart]", path: Path, plain: frozenset[str], paths: dict[TextPart, Path]) -> object:
    if isinstance(found, list):
        if len(found) == 1:
            return _leaf(found[0], path, plain, paths)
        return [_leaf(part, (*path, place), plain, paths) for place, part in enumerate(found)]
    if found.kind == "named":
        return {key: _value(child, (*path, key), plain, paths) for key, child in found.children.items()}
    items = [child for _, child in sorted(found.children.items(), key=lambda item: int(item[0]))]
    return [_value(child, (*path, place), plain, paths) for place, child in enumerate(items)]


def _leaf(part: TextPart, path: Path, plain: frozenset[str], paths: dict[TextPart, Path]) -> object:
    paths[part] = path
    return _json(part) if looks_like_json(part.text, path, plain) else part.text


def _json(part: TextPart) -> object:
    try:
        orjson.loads(part.text)
        return body.parse([], b'{"value":%b}' % part.text.encode())["value"]
    except orjson.JSONDecodeError as error:
        raise Invalid(f"`{shown(part.name)}` begins as JSON, and is none: {error.msg}") from None


def _clash(part: TextPart) -> Invalid:
    return Invalid(f"`{shown(part.name)}` is sent in two shapes, such as `x` and `x[y]`; send one")
