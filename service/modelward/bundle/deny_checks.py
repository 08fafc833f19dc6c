"""What a rule exports: a `deny` that is a set of texts, whatever is asked, and nothing that nobody reads (L10)."""

import difflib
import re
from collections.abc import Iterable, Iterator

from modelward.bundle.opa_tool import Node
from modelward.bundle.rego_tree import assigned, calls_of, is_unconditional, name_of

Found = tuple[Node, str]

EXPORTS = ("deny", "grants", "list")

_FAILING = {
    *("base64.decode", "base64url.decode", "json.unmarshal", "numbers.range", "to_number"),
    *("net.cidr_contains", "net.cidr_intersects", "net.cidr_overlap"),
}
"""The functions that fail for some values of their type: what they stand in is then undefined."""

_BRACES = re.compile(r"\{[^{}]*\w[^{}]*\}")
_FORM = "`deny` must be a set of texts: write `deny contains message if { ... }`"
_KINDS = {
    **dict.fromkeys(("object", "objectcomprehension"), "an object"),
    **dict.fromkeys(("array", "arraycomprehension"), "an array"),
    **dict.fromkeys(("set", "setcomprehension"), "a set"),
    "number": "a number",
    "boolean": "a boolean",
    "null": "null",
}


def export_findings(rule: Node) -> Iterator[Found]:
    """What is wrong with one rule of a rule's package: the node, and what to say of it."""
    name, head = name_of(rule), rule["head"]
    if name == "deny":
        yield from _deny_findings(rule)
    elif name not in EXPORTS and not name.startswith("_"):
        advice = hint(name.lower(), EXPORTS) or "; a rule exports `deny`, `grants` and `list`, helpers begin with `_`"
        yield head, f"nobody reads `{name}`{advice}"
    elif name == "grants" and "key" in head and "value" not in head:
        yield head, '`grants` must be an object from model to `{"by", "groups"}`, not a set'


def hint(word: str, known: Iterable[str]) -> str:
    """`; did you mean ...?`, or nothing where nothing known is close."""
    close = difflib.get_close_matches(word, [each for each in known if not each.startswith("_")], 1, 0.6)
    return f"; did you mean `{close[0]}`?" if close else ""


def _deny_findings(rule: Node) -> Iterator[Found]:
    head = rule["head"]
    if problem := _form_problem(rule):
        yield head, problem
    elif "value" in head:
        yield from _members_findings(head["value"])
    else:
        yield from _message_findings(head["key"], rule)
    yield from _failing_findings(rule)


def _failing_findings(rule: Node) -> Iterator[Found]:
    for expression in rule.get("body") or []:
        if not expression.get("negated"):
            failing = (function for function, _ in calls_of(expression) if function in _FAILING)
            for function in failing:
                advice = "call it in a helper that holds where nothing is denied, and deny by `not` that helper"
                yield expression, f"where `{function}` fails a denial vanishes: {advice}"


def _form_problem(rule: Node) -> str | None:
    head = rule["head"]
    if rule.get("default"):
        return f"{_FORM}, without a default"
    if "else" in rule or head.get("args"):
        return f"{_FORM}, without {'an `else`' if 'else' in rule else 'arguments'}"
    if len(head["ref"]) > 1:
        return f"{_FORM}, not `deny[...]`"
    if "value" not in head and "key" in head:
        return None
    if is_unconditional(rule) and _is_set(head.get("value")):
        return None
    return f"{_FORM}; a mere value is no set, or is undefined where nothing is denied"


def _is_set(value: Node | None) -> bool:
    return value is not None and value["type"] in {"set", "setcomprehension"}


def _members_findings(value: Node) -> Iterator[Found]:
    if value["type"] == "setcomprehension":
        yield from _message_findings(value["value"]["term"], value["value"])
    else:
        for member in value["value"]:
            yield from _message_findings(member, {})


def _message_findings(term: Node, rule: Node, seen: tuple[str, ...] = ()) -> Iterator[Found]:
    """What is wrong with a message; a variable is followed to what the body assigns to it."""
    kind = term["type"]
    if kind == "var" and term["value"] not in seen:
        for value in assigned(term["value"], rule):
            yield from _message_findings(value, rule, (*seen, term["value"]))
    elif kind == "call":
        for argument in term["value"][1:]:
            if argument["type"] == "string":
                yield from _message_findings(argument, rule, seen)
    elif kind == "string" and _BRACES.search(term["value"]):
        yield term, "nothing is put in place of the braces in this text; did you forget the `$` before it?"
    elif kind in _KINDS:
        yield term, f"a denial's message must be a text, not {_KINDS[kind]}"
