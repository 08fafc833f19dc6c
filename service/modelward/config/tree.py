"""What YAML allows and a config must not: keys set twice, anchors that contain themselves or explode."""

from dataclasses import dataclass, field

import yaml

from modelward.config.source import problem_at
from modelward.errors import ConfigError, Problem

MERGE = "tag:yaml.org,2002:merge"
MAX_EXPANSION = 10
MIN_EXPANSION = 100_000


def settle(root: yaml.MappingNode) -> list[Problem]:
    """Resolve `<<` merge keys in place; the answer says what makes the tree ambiguous.

    Afterwards every map is plain and holds each key once. Raises ConfigError if the tree without sharing would be
    endless, or larger than `MAX_EXPANSION` times the file's own size (and `MIN_EXPANSION` nodes).
    """
    walk = _Walk()
    size = walk.settle(root)
    if size > max(MIN_EXPANSION, MAX_EXPANSION * walk.nodes):
        message = "the aliases (`*name`) of this file unfold to too much; nest fewer anchors"
        walk.endless.append(problem_at(root.start_mark, message))
    if walk.endless:
        raise ConfigError(walk.problems + walk.endless)
    return walk.problems


@dataclass
class _Walk:
    problems: list[Problem] = field(default_factory=list)
    endless: list[Problem] = field(default_factory=list)
    sizes: dict[int, int] = field(default_factory=dict)
    nodes: int = 0

    def settle(self, node: yaml.Node) -> int:
        """The node's size with every alias expanded; `nodes` counts without expanding."""
        if isinstance(node, yaml.ScalarNode):
            self.nodes += 1
            return 1
        size = self.sizes.get(id(node))
        if size is None:
            self.nodes += 1
            self.sizes[id(node)] = 0  # its walk has not ended
            size = self.sizes[id(node)] = 1 + self._settle_children(node)
        elif size == 0:
            self.endless.append(problem_at(node.start_mark, "this anchor contains itself; remove the inner alias"))
        return size

    def _settle_children(self, node: yaml.Node) -> int:
        if not isinstance(node, yaml.MappingNode):
            return sum(map(self.settle, node.value))
        self._flatten(node)
        return sum([self.settle(value) for _, value in node.value])

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
