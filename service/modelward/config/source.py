"""YAML files as nodes that know their place, the files that they include, and the plain values they hold."""

import io
import os
from contextlib import suppress
from dataclasses import dataclass, field
from itertools import chain
from pathlib import Path
from typing import Any

import yaml

from modelward.errors import ConfigError, Problem

MAX_DEPTH = 100


def problem_at(mark: yaml.Mark, message: str) -> Problem:
    """A problem at a place of a file."""
    return Problem(mark.name, mark.line + 1, mark.column + 1, message)


class _Named(io.StringIO):
    def __init__(self, text: str, name: str) -> None:
        super().__init__(text)
        self.name = name


class _Loader(yaml.CSafeLoader):
    # libyaml's composer recurses in C and ends the process on a file nested deep enough; these two calls surround
    # every level of it.
    depth = 0

    def descend_resolver(self, current_node: yaml.Node | None, current_index: object) -> None:
        self.depth += 1
        if self.depth > MAX_DEPTH:
            raise yaml.YAMLError(f"the file is nested deeper than {MAX_DEPTH} levels")

    def ascend_resolver(self) -> None:
        self.depth -= 1


def compose(path: Path, name: str) -> yaml.MappingNode:
    """The map that the file holds; every node's mark carries `name`, the file as messages show it.

    Raises ConfigError when the file cannot be read or is not YAML 1.1 in UTF-8 with one map.
    """

    def error(message: str, line: int = 0, column: int = 0) -> ConfigError:
        return ConfigError([Problem(name, line + 1, column + 1, message)])

    data = b""
    try:
        data = path.read_bytes()
        node = yaml.compose(_Named(data.decode("utf-8-sig"), name), Loader=_Loader)
    except FileNotFoundError:
        raise error("no such file") from None
    except IsADirectoryError:
        raise error("this is a directory; give a YAML file") from None
    except OSError as found:
        raise error(f"the file cannot be read: {(found.strerror or 'unknown error').lower()}") from None
    except UnicodeDecodeError as found:
        before = data[: found.start]
        place = before.count(b"\n"), len(before) - before.rfind(b"\n") - 1
        raise error("the file is not UTF-8 here; save it as UTF-8", *place) from None
    except yaml.MarkedYAMLError as found:
        mark = found.problem_mark or found.context_mark
        message = f"this is not YAML: {', '.join(part for part in (found.context, found.problem) if part)}"
        raise error(message, *((mark.line, mark.column) if mark else ())) from None
    except yaml.reader.ReaderError as found:
        raise error(f"this is not YAML: {found.reason}") from None
    except yaml.YAMLError as found:
        raise error(str(found)) from None
    if node is None:
        raise error("the file is empty; it needs at least `model_list`")
    if not isinstance(node, yaml.MappingNode):
        message = "the file must hold a map of settings such as `model_list:`"
        raise error(message, node.start_mark.line, node.start_mark.column)
    return node


MERGE = "tag:yaml.org,2002:merge"
MAX_EXPANSION = 10
MIN_EXPANSION = 100_000


def settle(root: yaml.MappingNode) -> list[Problem]:
    """Resolve `<<` merge keys in place; the answer says what makes the tree ambiguous.

    Afterwards every map is plain and holds each key once. Raises ConfigError if the tree with its aliases expanded
    would be endless, too deep, or larger than `MAX_EXPANSION` times the file's own size (and `MIN_EXPANSION` nodes).
    """
    walk = _Walk()
    size, depth = walk.settle(root)
    if size > max(MIN_EXPANSION, MAX_EXPANSION * walk.nodes) or depth > MAX_DEPTH:
        message = "the aliases (`*name`) of this file unfold to too much; nest fewer anchors"
        walk.endless.append(problem_at(root.start_mark, message))
    if walk.endless:
        raise ConfigError(walk.problems + walk.endless)
    return walk.problems


_UNENDED = (0, 0)


@dataclass
class _Walk:
    """`extents` has how many nodes and levels each node has with every alias expanded, `nodes` counts without."""

    problems: list[Problem] = field(default_factory=list)
    endless: list[Problem] = field(default_factory=list)
    extents: dict[int, tuple[int, int]] = field(default_factory=dict)
    nodes: int = 0

    def settle(self, node: yaml.Node) -> tuple[int, int]:
        """The node's extent."""
        if isinstance(node, yaml.ScalarNode):
            self.nodes += 1
            return 1, 1
        extent = self.extents.get(id(node))
        if extent == _UNENDED:
            self.endless.append(problem_at(node.start_mark, "this anchor contains itself; remove the inner alias"))
        if extent is None:
            self.nodes += 1
            self.extents[id(node)] = _UNENDED
            if isinstance(node, yaml.MappingNode):
                self._flatten(node)
            inner = [self.settle(each[1] if isinstance(each, tuple) else each) for each in node.value]
            extent = 1 + sum(size for size, _ in inner), 1 + max((depth for _, depth in inner), default=0)
            self.extents[id(node)] = extent
        return extent

    def _flatten(self, node: yaml.MappingNode) -> None:
        own: dict[str, tuple[yaml.Node, yaml.Node]] = {}
        merges: list[yaml.Node] = []
        for key, value in node.value:
            if key.tag == MERGE:
                merges += value.value if isinstance(value, yaml.SequenceNode) else [value]
            elif not isinstance(key, yaml.ScalarNode):
                self.problems.append(problem_at(key.start_mark, "a key must be text"))
            elif key.value in own:
                first = own[key.value][0].start_mark.line + 1
                message = f"`{key.value}` is set twice in this map, first in line {first}"
                self.problems.append(problem_at(key.start_mark, message))
            else:
                own[key.value] = (key, value)
        inherited: dict[str, tuple[yaml.Node, yaml.Node]] = {}
        for parent in merges:
            if not isinstance(parent, yaml.MappingNode):
                self.problems.append(problem_at(parent.start_mark, "`<<` merges maps only"))
                continue
            self.settle(parent)
            for key, value in parent.value:
                if isinstance(key, yaml.ScalarNode) and key.tag != MERGE and key.value not in own:
                    inherited.setdefault(key.value, (key, value))
        node.value = [*inherited.values(), *own.values()]


Pair = tuple[yaml.Node, yaml.Node]


class Files:
    """The merged tree of a config file and of everything it includes.

    Paths in `include` are relative to the file that includes them. `paths` are all files read, `problems` what was
    wrong with them. A setting that two files set counts as the included file has it, and `warnings` says so.
    """

    def __init__(self, path: Path) -> None:
        """Reads the files. Raises ConfigError when `path` itself cannot be used."""
        self.root = compose(path, str(path))
        self.paths = [path]
        self.problems: list[Problem] = []
        self.warnings: list[Problem] = []
        self._folder = path.parent
        self._seen = {os.path.realpath(path)}
        self._complete(self.root, path, (os.path.realpath(path),))

    def _complete(self, root: yaml.MappingNode, path: Path, stack: tuple[str, ...]) -> None:
        """Settle the file's tree, then merge what it includes into it; `stack` are the files on the way here."""
        self.problems += settle(root)
        listed = [value for key, value in root.value if key.value == "include"]
        root.value = [pair for pair in root.value if pair[0].value != "include"]
        lists = [value.value if isinstance(value, yaml.SequenceNode) else [value] for value in listed]
        for item in chain(*lists):
            if not isinstance(item, yaml.ScalarNode) or not item.value.isprintable() or not item.value:
                self._problem(item, "`include` must be a file name or a list of file names")
            elif (included := self._included(item, path.parent / item.value, stack)) is not None:
                self._merge(root, included)

    def _included(self, item: yaml.ScalarNode, path: Path, stack: tuple[str, ...]) -> yaml.MappingNode | None:
        target = os.path.realpath(path)
        if target in self._seen:
            twice = "is included twice; remove one of the two"
            advice = "includes itself; remove one `include` of the circle" if target in stack else twice
            self._problem(item, f"`{item.value}` {advice}")
            return None
        self.paths.append(path)
        self._seen.add(target)
        try:
            root = compose(path, os.path.relpath(path, self._folder))
            self._complete(root, path, (*stack, target))
            return root
        except ConfigError as error:
            if os.path.isfile(path):  # noqa: PTH113 - unlike `Path.is_file`, this has an answer for every name
                self.problems += error.problems
            else:
                self._problem(item, f"`{item.value}` cannot be included: {error.problems[0].message}")
            return None

    def _merge(self, root: yaml.MappingNode, included: yaml.MappingNode) -> None:
        own = {key.value: (place, value) for place, (key, value) in enumerate(root.value)}
        for key, value in included.value:
            place, mine = own.get(key.value, (0, None))
            if mine is None:
                root.value.append((key, value))
            elif isinstance(mine, yaml.SequenceNode) and isinstance(value, yaml.SequenceNode):
                mine.value = mine.value + value.value
            elif isinstance(mine, yaml.MappingNode) and isinstance(value, yaml.MappingNode):
                mine.value = self._updated(key.value, mine.value, value.value)
            else:
                root.value[place] = (key, value)

    def _updated(self, section: str, mine: list[Pair], theirs: list[Pair]) -> list[Pair]:
        own = {key.value: key.start_mark for key, _ in mine}
        for key, _ in theirs:
            if mark := own.get(key.value):
                where = f"{mark.name}:{mark.line + 1}:{mark.column + 1}"
                message = f"`{section}.{key.value}` is set at {where} too; this one counts"
                self.warnings.append(problem_at(key.start_mark, message))
        replaced = {key.value for key, _ in theirs}
        return [pair for pair in mine if pair[0].value not in replaced] + theirs

    def _problem(self, node: yaml.Node, message: str) -> None:
        self.problems.append(problem_at(node.start_mark, message))


NodePath = tuple[str | int, ...]

_TAG = "tag:yaml.org,2002:"
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
        kind = node.tag.removeprefix(_TAG)
        if isinstance(node, yaml.MappingNode) and kind == "map":
            return {key.value: self.of(value) for key, value in node.value}
        if isinstance(node, yaml.SequenceNode) and kind == "seq":
            return [self.of(item) for item in node.value]
        if isinstance(node, yaml.ScalarNode):
            if kind in ("str", "timestamp", "value", "merge"):
                return node.value
            if kind == "null":
                return None
            if kind == "bool":
                return _SAFE.bool_values.get(node.value.lower())
            with suppress(ValueError, IndexError):
                if kind == "int":
                    return _SAFE.construct_yaml_int(node)
                if kind == "float":
                    return _SAFE.construct_yaml_float(node)
        shown = node.tag.replace(_TAG, "!!")
        self.problems.append(problem_at(node.start_mark, f"a value of the kind `{shown}` cannot be read here"))
        return None


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
