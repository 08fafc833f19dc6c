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
    if size > max(MIN_EXPANSION, MAX_EXPANSION * len(walk.sizes)):
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

    def settle(self, node: yaml.Node) -> int:
        """The node's size with every alias expanded; 0 marks a node whose walk has not ended."""
        known = self.sizes.get(id(node))
        if known is not None:
            if known == 0:
                self.endless.append(problem_at(node.start_mark, "this anchor contains itself; remove the inner alias"))
            return known
        if isinstance(node, yaml.ScalarNode):
            self.sizes[id(node)] = 1
            return 1
        self.sizes[id(node)] = 0
        size = 1 + sum(self.settle(child) for child in self._children(node))
        self.sizes[id(node)] = size
        return size

    def _children(self, node: yaml.Node) -> list[yaml.Node]:
        if isinstance(node, yaml.MappingNode):
            self._flatten(node)
            return [child for pair in node.value for child in pair]
        return list(node.value)

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
