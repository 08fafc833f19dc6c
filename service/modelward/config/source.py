"""YAML files as nodes that know their place, and the plain values they hold."""

import io
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, NamedTuple

import yaml

from modelward.errors import ConfigError, Problem


@dataclass(frozen=True, slots=True, order=True)
class SourcePlace:
    """Where something is, for messages and explanations; lines and columns count from 1."""

    file: str
    line: int
    column: int

    def __str__(self) -> str:
        return f"{self.file}:{self.line}:{self.column}"


MAX_DEPTH = 100


def compose(path: Path, name: str) -> yaml.MappingNode:
    """The map that the file holds; every node's mark carries `name`, the file as messages show it.

    Raises ConfigError when the file cannot be read or is not YAML 1.1 in UTF-8 with one map.
    """
    with _problems(name):
        node = yaml.compose(_Named(_text(path, name), name), Loader=_Loader)
    if node is None:
        raise _error(name, "the file is empty; it needs at least `model_list`")
    if not isinstance(node, yaml.MappingNode):
        raise _error(name, "the file must hold a map of settings such as `model_list:`", node.start_mark)
    return node


def problem_at(mark: yaml.Mark, message: str) -> Problem:
    """A problem at a place of a file."""
    return Problem(mark.name, mark.line + 1, mark.column + 1, message)


class _Named(io.StringIO):
    def __init__(self, text: str, name: str) -> None:
        super().__init__(text)
        self.name = name


class _TooDeep(yaml.YAMLError):
    pass


class _Loader(yaml.CSafeLoader):
    # libyaml's composer recurses in C and ends the process on a file nested deep enough; these two calls surround
    # every level of it.
    depth = 0

    def descend_resolver(self, current_node: yaml.Node | None, current_index: object) -> None:
        self.depth += 1
        if self.depth > MAX_DEPTH:
            raise _TooDeep

    def ascend_resolver(self) -> None:
        self.depth -= 1


def _text(path: Path, name: str) -> str:
    try:
        data = path.read_bytes()
    except FileNotFoundError:
        raise _error(name, "no such file") from None
    except IsADirectoryError:
        raise _error(name, "this is a directory; give a YAML file") from None
    except OSError as error:
        raise _error(name, f"the file cannot be read: {(error.strerror or 'unknown error').lower()}") from None
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start)
        column = error.start - (data.rfind(b"\n", 0, error.start) + 1)
        raise ConfigError(
            [Problem(name, line + 1, column + 1, "the file is not UTF-8 here; save it as UTF-8")]
        ) from None


@contextmanager
def _problems(name: str) -> Iterator[None]:
    try:
        yield
    except yaml.MarkedYAMLError as error:
        message = ", ".join(part for part in (error.context, error.problem) if part)
        raise _error(name, f"this is not YAML: {message}", error.problem_mark or error.context_mark) from None
    except yaml.reader.ReaderError as error:
        raise _error(name, f"this is not YAML: {error.reason}") from None
    except _TooDeep:
        raise _error(name, f"the file is nested deeper than {MAX_DEPTH} levels") from None


def _error(name: str, message: str, mark: yaml.Mark | None = None) -> ConfigError:
    return ConfigError([Problem(name, mark.line + 1 if mark else 1, mark.column + 1 if mark else 1, message)])


MERGE = "tag:yaml.org,2002:merge"
MAX_EXPANSION = 10
MIN_EXPANSION = 100_000


def settle(root: yaml.MappingNode) -> list[Problem]:
    """Resolve `<<` merge keys in place; the answer says what makes the tree ambiguous.

    Afterwards every map is plain and holds each key once. Raises ConfigError if the tree with its aliases expanded
    would be endless, too deep, or larger than `MAX_EXPANSION` times the file's own size (and `MIN_EXPANSION` nodes).
    """
    walk = _Walk()
    extent = walk.settle(root)
    if extent.size > max(MIN_EXPANSION, MAX_EXPANSION * walk.nodes) or extent.depth > MAX_DEPTH:
        message = "the aliases (`*name`) of this file unfold to too much; nest fewer anchors"
        walk.endless.append(problem_at(root.start_mark, message))
    if walk.endless:
        raise ConfigError(walk.problems + walk.endless)
    return walk.problems


class _Extent(NamedTuple):
    """How many nodes and levels a node has with every alias expanded."""

    size: int
    depth: int


_SCALAR = _Extent(1, 1)
_UNENDED = _Extent(0, 0)


@dataclass
class _Walk:
    problems: list[Problem] = field(default_factory=list)
    endless: list[Problem] = field(default_factory=list)
    extents: dict[int, _Extent] = field(default_factory=dict)
    nodes: int = 0

    def settle(self, node: yaml.Node) -> _Extent:
        """The node's extent; `nodes` counts without expanding."""
        if isinstance(node, yaml.ScalarNode):
            self.nodes += 1
            return _SCALAR
        extent = self.extents.get(id(node))
        if extent is None:
            self.nodes += 1
            self.extents[id(node)] = _UNENDED
            extent = self.extents[id(node)] = self._settled(node)
        elif extent is _UNENDED:
            self.endless.append(problem_at(node.start_mark, "this anchor contains itself; remove the inner alias"))
        return extent

    def _settled(self, node: yaml.Node) -> _Extent:
        if isinstance(node, yaml.MappingNode):
            self._flatten(node)
            extents = [self.settle(value) for _, value in node.value]
        else:
            extents = [self.settle(item) for item in node.value]
        return _Extent(1 + sum(e.size for e in extents), 1 + max((e.depth for e in extents), default=0))

    def _flatten(self, node: yaml.MappingNode) -> None:
        own: dict[str, yaml.Node] = {}
        merges: list[yaml.Node] = []
        pairs: list[tuple[yaml.Node, yaml.Node]] = []
        for key, value in node.value:
            if key.tag == MERGE:
                merges.append(value)
            elif not isinstance(key, yaml.ScalarNode):
                self.problems.append(problem_at(key.start_mark, "a key must be text"))
            elif key.value in own:
                first = own[key.value].start_mark.line + 1
                self.problems.append(
                    problem_at(key.start_mark, f"`{key.value}` is set twice in this map, first in line {first}")
                )
            else:
                own[key.value] = key
                pairs.append((key, value))
        if merges:
            pairs = self._inherited(merges, own) + pairs
        node.value = pairs

    def _inherited(self, merges: list[yaml.Node], own: dict[str, yaml.Node]) -> list[tuple[yaml.Node, yaml.Node]]:
        pairs = []
        seen = set(own)
        for parent in self._parents(merges):
            self.settle(parent)
            for key, value in parent.value:
                if key.tag != MERGE and key.value not in seen:
                    seen.add(key.value)
                    pairs.append((key, value))
        return pairs

    def _parents(self, merges: list[yaml.Node]) -> list[yaml.MappingNode]:
        parents = []
        for merge in merges:
            for parent in merge.value if isinstance(merge, yaml.SequenceNode) else [merge]:
                if isinstance(parent, yaml.MappingNode):
                    parents.append(parent)
                else:
                    self.problems.append(problem_at(parent.start_mark, "`<<` merges maps only"))
        return parents


NodePath = tuple[str | int, ...]

_TAG = "tag:yaml.org,2002:"
_TEXT = {_TAG + kind for kind in ("str", "timestamp", "value", "merge")}
_NUMBERS = {_TAG + "int": "construct_yaml_int", _TAG + "float": "construct_yaml_float"}
_SAFE = yaml.constructor.SafeConstructor()


class Values:
    """Turns settled nodes into plain values, each shared node once; `problems` holds what has no plain value.

    Dates stay the text that was written, as JSON has no dates, and keys are always text.
    """

    def __init__(self) -> None:
        self.problems: list[Problem] = []
        self._known: dict[int, Any] = {}

    def of(self, node: yaml.Node) -> Any:
        """The node's value: a map, list, text, number, boolean or `None`."""
        if id(node) not in self._known:
            self._known[id(node)] = self._value(node)
        return self._known[id(node)]

    def _value(self, node: yaml.Node) -> Any:
        if isinstance(node, yaml.MappingNode) and node.tag == _TAG + "map":
            return {key.value: self.of(value) for key, value in node.value}
        if isinstance(node, yaml.SequenceNode) and node.tag == _TAG + "seq":
            return [self.of(item) for item in node.value]
        if isinstance(node, yaml.ScalarNode):
            return self._scalar(node)
        return self._refuse(node)

    def _scalar(self, node: yaml.ScalarNode) -> Any:
        if node.tag in _TEXT:
            return node.value
        if node.tag == _TAG + "null":
            return None
        if node.tag == _TAG + "bool":
            return _SAFE.bool_values.get(node.value.lower())
        if node.tag not in _NUMBERS:
            return self._refuse(node)
        try:
            return getattr(_SAFE, _NUMBERS[node.tag])(node)
        except (ValueError, IndexError):
            return self._refuse(node)

    def _refuse(self, node: yaml.Node) -> None:
        tag = node.tag.replace(_TAG, "!!")
        self.problems.append(problem_at(node.start_mark, f"a value of the kind `{tag}` cannot be read here"))


def place(root: yaml.Node, path: NodePath) -> tuple[yaml.Node, yaml.Node]:
    """The deepest key and value node on `path` that the tree has; the key of a list's item is the item."""
    key = node = root
    for step in path:
        if isinstance(node, yaml.MappingNode):
            found = next((pair for pair in node.value if pair[0].value == step), None)
        elif isinstance(node, yaml.SequenceNode) and isinstance(step, int) and step < len(node.value):
            found = (node.value[step], node.value[step])
        else:
            found = None
        if found is None:
            break
        key, node = found
    return key, node
