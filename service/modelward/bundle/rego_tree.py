"""Syntax trees of Rego, as OPA prints them: packages, rules, and the paths that a module reads."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

from modelward.bundle.opa_tool import Node

PackagePath = tuple[str, ...]
_ASSIGNING = {"assign", "eq"}
_IN = "internal.member_2"
_COMPARING = {"equal", "neq", "eq", _IN}
_TRUE = {"type": "boolean", "value": True}
_FALSE = {"type": "boolean", "value": False}


@dataclass(frozen=True, slots=True)
class Path:
    """A path that begins with `data` or `input`, without that word; a step that is no constant text is `None`."""

    node: Node
    root: str
    steps: tuple[str | None, ...]

    @property
    def constant(self) -> PackagePath:
        """The steps before the first that is no constant."""
        found: list[str] = []
        for step in self.steps:
            if step is None:
                break
            found.append(step)
        return tuple(found)


def package_of(tree: Node) -> PackagePath:
    """The package of a module, without `data`."""
    return tuple(str(step["value"]) for step in tree["package"]["path"][1:])


def rules_of(tree: Node) -> list[Node]:
    """The rules of a module."""
    found: list[Node] = tree.get("rules") or []
    return found


def name_of(rule: Node) -> str:
    """The name of a rule."""
    return str(rule["head"]["ref"][0]["value"])


def nodes(value: Any) -> Iterator[Node]:
    """Every node of a tree."""
    if isinstance(value, dict):
        yield value
        for name, part in value.items():
            if name not in {"annotations", "location"}:
                yield from nodes(part)
    elif isinstance(value, list):
        for part in value:
            yield from nodes(part)


def paths_of(tree: Node) -> Iterator[Path]:
    """Every path of `data` and `input` that a module reads, also by `object.get`; imported names are followed."""
    imported = _imported(tree)
    for node in nodes(tree):
        if path := _path(node, imported):
            yield path
    for function, arguments in calls_of(tree):
        if function == "object.get" and (path := _path(arguments[0], imported)):
            keys = arguments[1]["value"] if arguments[1]["type"] == "array" else [arguments[1]]
            yield replace(path, steps=path.steps + _constants(keys))


def comparisons_of(tree: Node) -> Iterator[tuple[Path, Node]]:
    """Every path that is compared with a constant text, by `==`, `!=` or `in`, and that text."""
    imported = _imported(tree)
    for function, arguments in calls_of(tree):
        if function in _COMPARING:
            one, other = arguments[:2]
            if path := _path(one, imported):
                texts = other["value"] if function == _IN and other["type"] in {"array", "set"} else [other]
                yield from ((path, text) for text in texts if text["type"] == "string")
            if (path := _path(other, imported)) and one["type"] == "string":
                yield (replace(path, steps=(*path.steps, None)) if function == _IN else path), one


def calls_of(tree: Node) -> Iterator[tuple[str, list[Node]]]:
    """Every call in a module: the function, and its arguments."""
    for node in nodes(tree):
        terms = node.get("value") if node.get("type") == "call" else node.get("terms")
        if isinstance(terms, list):
            yield called(terms[0]), terms[1:]


def _imported(tree: Node) -> dict[str, list[Node]]:
    imports = [(each.get("alias"), each["path"]["value"]) for each in tree.get("imports") or []]
    return {alias or steps[-1]["value"]: steps for alias, steps in imports}


def _path(node: Node, imported: Mapping[str, list[Node]]) -> Path | None:
    if node.get("type") != "ref" or node["value"][0].get("type") != "var":
        return None
    first, *rest = node["value"]
    whole: list[Node] = [*imported.get(first["value"], [first]), *rest]
    root, *steps = whole
    return Path(node, root["value"], _constants(steps)) if root["value"] in {"data", "input"} else None


def _constants(steps: Iterable[Node]) -> tuple[str | None, ...]:
    return tuple(step["value"] if step["type"] == "string" else None for step in steps)


def read_helpers(tree: Node) -> set[str]:
    """The names with an underscore that the rules of a module read."""
    found: set[str] = set()
    for rule in rules_of(tree):
        head = {name: part for name, part in rule["head"].items() if name not in {"name", "ref"}}
        read = nodes([head, rule["head"]["ref"][1:], rule.get("body"), rule.get("else")])
        found.update(node["value"] for node in read if isinstance(node.get("value"), str))
    return {name for name in found if name.startswith("_")}


def called(node: Node) -> str:
    """The function that a call calls, or the dotted name that a reference is."""
    if node["type"] == "call":
        return called(node["value"][0])
    return ".".join(str(step["value"]) for step in node["value"]) if node["type"] == "ref" else ""


def assigned(name: str, rule: Node) -> Iterator[Node]:
    """What the body of a rule assigns to a variable."""
    for expression in rule.get("body") or []:
        terms = expression.get("terms")
        if isinstance(terms, list) and len(terms) == 3 and called(terms[0]) in _ASSIGNING:
            for one, other in ((terms[1], terms[2]), (terms[2], terms[1])):
                if one["type"] == "var" and one["value"] == name:
                    yield other


def is_unconditional(rule: Node) -> bool:
    """Whether a rule holds whatever is asked."""
    return all(_plain(expression.get("terms")) == _TRUE for expression in rule.get("body") or [])


def is_never_true(rule: Node) -> bool:
    """Whether `false` stands in the body of a rule, or `not true`."""
    bodies: Iterable[Node] = rule.get("body") or []
    return any(_plain(each.get("terms")) == (_TRUE if each.get("negated") else _FALSE) for each in bodies)


def _plain(term: Any) -> Any:
    return {name: part for name, part in term.items() if name != "location"} if isinstance(term, dict) else term
