"""What YAML allows and a config must not: keys set twice, anchors that contain themselves or explode."""

from dataclasses import dataclass, field
from typing import NamedTuple

import yaml

from modelward.config.source import MAX_DEPTH, problem_at
from modelward.errors import ConfigError, Problem

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
