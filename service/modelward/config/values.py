"""Nodes to plain values, and places of values."""

from typing import Any

import yaml

from modelward.config.source import problem_at
from modelward.errors import Problem

Path = tuple[str | int, ...]

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


def place(root: yaml.Node, path: Path) -> tuple[yaml.Node, yaml.Node]:
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
