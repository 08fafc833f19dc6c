"""What is found in a config, each thing with its place."""

from collections.abc import Sequence

import yaml
from pydantic_core import ErrorDetails

from modelward.config.source import NodePath, place, problem_at
from modelward.errors import Problem


class ConfigReport:
    """Collects problems, warnings and notes about the tree `root`."""

    def __init__(self, root: yaml.Node) -> None:
        self._root = root
        self.problems: list[Problem] = []
        self.warnings: list[Problem] = []
        self._notes: dict[str, Problem] = {}

    @property
    def notes(self) -> tuple[Problem, ...]:
        """One note for each setting that means nothing here, at its first place."""
        return tuple(sorted(self._notes.values()))

    def at(self, path: NodePath, message: str, *, key: bool = False) -> Problem:
        """`message` at the place of `path`: of its value, or of its key."""
        nodes = place(self._root, path)
        return problem_at(nodes[0 if key else 1].start_mark, message)

    def place(self, path: NodePath) -> str:
        """The `file:line:column` of the value at `path`, or of the deepest one on the way that is there."""
        found = self.at(path, "")
        return f"{found.file}:{found.line}:{found.column}"

    def problem(self, path: NodePath, message: str, *, key: bool = False) -> None:
        """Something that makes the config unusable."""
        self.problems.append(self.at(path, message, key=key))

    def warning(self, path: NodePath, message: str, *, key: bool = False) -> None:
        """Something that is allowed and probably not meant."""
        self.warnings.append(self.at(path, message, key=key))

    def note(self, path: NodePath) -> None:
        """A setting that means nothing here; said once, however often it is there."""
        name = ".".join(step for step in path if isinstance(step, str))
        self._notes.setdefault(name, self.at(path, f"`{name}` has no bearing here", key=True))

    def remark(self, path: NodePath, message: str) -> None:
        """Something that is as it should be, and worth knowing; said once."""
        self._notes.setdefault(message, self.at(path, message))

    def invalid(self, path: NodePath, errors: Sequence[ErrorDetails]) -> None:
        """The errors of a pydantic validation of the value at `path`."""
        for error in errors:
            where = (*path, *(step for step in error["loc"] if step != "[key]"))
            node = place(self._root, where)[1]
            self.problem(where, _message(error, where, node), key=error["loc"][-1:] == ("[key]",))


_EXPECTED = {
    "string_type": "text",
    "list_type": "a list",
    "finite_number": "a finite number",
    **dict.fromkeys(("dict_type", "model_type", "model_attributes_type"), "a map"),
    **dict.fromkeys(("bool_type", "bool_parsing"), "true or false"),
    **dict.fromkeys(("float_type", "float_parsing"), "a number"),
}
_LIMITS = {"greater_than": ("gt", "more than"), "greater_than_equal": ("ge", "at least")}
_KINDS = {type(None): "nothing", bool: "a boolean", int: "a number", float: "a number", str: "text", list: "a list"}


def _message(error: ErrorDetails, path: NodePath, node: yaml.Node) -> str:
    kind, context, value = error["type"], error.get("ctx", {}), error["input"]
    name = f"`{path[-1]}`" if path else "the file"
    if path and isinstance(path[-1], int):
        words = [step for step in path if isinstance(step, str)]
        name = f"item {path[-1] + 1} of `{words[-1]}`"
    if kind == "missing":
        return f"{name} is missing"
    if kind in _EXPECTED:
        advice = ""
        if kind == "string_type" and isinstance(node, yaml.ScalarNode) and isinstance(value, bool):
            advice = f': YAML reads `{node.value}` as one; write `"{node.value}"`'
        elif kind == "string_type" and isinstance(node, yaml.ScalarNode) and isinstance(value, int | float):
            advice = "; put it in quotes"
        return f"{name} must be {_EXPECTED[kind]}, not {_KINDS.get(type(value), 'a map')}{advice}"
    if kind in _LIMITS:
        bound, words_of_limit = _LIMITS[kind]
        return f"{name} must be {words_of_limit} {context[bound]:g}"
    if kind == "literal_error":
        return f"{name} must be one of {context['expected'].replace(chr(39), '`')}"
    return f"{name}: {context['error'] if kind == 'value_error' else error['msg']}"
