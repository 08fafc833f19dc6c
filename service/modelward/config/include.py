"""The config file and the files it includes, merged as LiteLLM merges them: lists grow, maps are updated."""

import os
from dataclasses import dataclass, field
from pathlib import Path

import yaml

from modelward.config.source import compose, problem_at
from modelward.config.tree import settle
from modelward.errors import ConfigError, Problem

Pair = tuple[yaml.Node, yaml.Node]


@dataclass
class Files:
    """The merged tree of a config file; `paths` are all files read, `problems` what was wrong with them.

    A setting that two files set counts as the included file has it, and `warnings` says so.
    """

    root: yaml.MappingNode
    paths: list[Path] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    warnings: list[Problem] = field(default_factory=list)


def load(path: Path) -> Files:
    """Read `path` and everything it includes; paths in `include` are relative to the file that includes them.

    Raises ConfigError when `path` itself cannot be used; what is wrong with included files is in `problems`.
    """
    files = Files(compose(path, str(path)), [path])
    _Loader(path.parent, files).complete(files.root, path, (os.path.realpath(path),))
    return files


class _Loader:
    def __init__(self, folder: Path, files: Files) -> None:
        self._folder = folder
        self._files = files
        self._seen = {os.path.realpath(path) for path in files.paths}

    def complete(self, root: yaml.MappingNode, path: Path, stack: tuple[str, ...]) -> None:
        """Settle the file's tree, then merge what it includes into it; `stack` are the files on the way here."""
        self._files.problems += settle(root)
        for item in self._take_includes(root):
            included = self._included(item, path.parent / item.value, stack)
            if included is not None:
                self._merge(root, included)

    def _take_includes(self, root: yaml.MappingNode) -> list[yaml.ScalarNode]:
        pairs = [pair for pair in root.value if pair[0].value == "include"]
        root.value = [pair for pair in root.value if pair[0].value != "include"]
        items = [
            item for _, value in pairs for item in (value.value if isinstance(value, yaml.SequenceNode) else [value])
        ]
        good = [item for item in items if isinstance(item, yaml.ScalarNode) and item.value.isprintable() and item.value]
        for item in items:
            if item not in good:
                self._problem(item, "`include` must be a file name or a list of file names")
        return good

    def _included(self, item: yaml.ScalarNode, path: Path, stack: tuple[str, ...]) -> yaml.MappingNode | None:
        target = os.path.realpath(path)
        if target in stack:
            self._problem(item, f"`{item.value}` includes itself; remove one `include` of the circle")
            return None
        if target in self._seen:
            self._problem(item, f"`{item.value}` is included twice; remove one of the two")
            return None
        self._files.paths.append(path)
        self._seen.add(target)
        try:
            root = compose(path, os.path.relpath(path, self._folder))
            self.complete(root, path, (*stack, target))
        except ConfigError as error:
            self._unreadable(item, path, error)
            return None
        return root

    def _unreadable(self, item: yaml.ScalarNode, path: Path, error: ConfigError) -> None:
        if os.path.isfile(path):  # noqa: PTH113 - unlike `Path.is_file`, this has an answer for every name
            self._files.problems += error.problems
        else:
            self._problem(item, f"`{item.value}` cannot be included: {error.problems[0].message}")

    def _merge(self, root: yaml.MappingNode, included: yaml.MappingNode) -> None:
        for key, value in included.value:
            mine = next((pair for pair in root.value if pair[0].value == key.value), None)
            if mine is None:
                root.value.append((key, value))
            elif isinstance(mine[1], yaml.SequenceNode) and isinstance(value, yaml.SequenceNode):
                mine[1].value = mine[1].value + value.value
            elif isinstance(mine[1], yaml.MappingNode) and isinstance(value, yaml.MappingNode):
                mine[1].value = self._updated(key.value, mine[1].value, value.value)
            else:
                root.value[root.value.index(mine)] = (key, value)

    def _updated(self, section: str, mine: list[Pair], theirs: list[Pair]) -> list[Pair]:
        own = {key.value: key for key, _ in mine}
        for key, _ in theirs:
            if key.value in own:
                mark = own[key.value].start_mark
                where = f"{mark.name}:{mark.line + 1}:{mark.column + 1}"
                name = f"{section}.{key.value}"
                self._files.warnings.append(
                    problem_at(key.start_mark, f"`{name}` is set at {where} too; this one counts")
                )
        replaced = {key.value for key, _ in theirs}
        return [pair for pair in mine if pair[0].value not in replaced] + theirs

    def _problem(self, node: yaml.Node, message: str) -> None:
        self._files.problems.append(problem_at(node.start_mark, message))
