"""Syntax trees of Rego, as OPA prints them: packages, rules, and the paths that a module reads."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from modelward.bundle.opa_tool import Node

PackagePath = tuple[str, ...]
_ASSIGNING = {"assign", "eq"}
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
    """Every path of `data` and `input` that a module reads; imported names are followed."""
    imports = [(each.get("alias"), each["path"]["value"]) for each in tree.get("imports") or []]
    imported = {alias or steps[-1]["value"]: steps for alias, steps in imports}
    for node in nodes(tree):
        if node.get("type") == "ref" and node["value"][0].get("type") == "var":
            first, *rest = node["value"]
            steps: list[Node] = [*imported.get(first["value"], [first]), *rest]
            if steps[0]["value"] in {"data", "input"}:
                constant = (step["value"] if step["type"] == "string" else None for step in steps[1:])
                yield Path(node, steps[0]["value"], tuple(constant))


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
    """Whether `false` stands in the body of a rule."""
    bodies: Iterable[Node] = rule.get("body") or []
    return any(_plain(each.get("terms")) == _FALSE and not each.get("negated") for each in bodies)


def _plain(term: Any) -> Any:
    return {name: part for name, part in term.items() if name != "location"} if isinstance(term, dict) else term
