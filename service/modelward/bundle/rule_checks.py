"""Rules that would build and serve, and deny nothing: found before they do, each with its place."""

import re
from collections.abc import Collection, Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

from modelward.bundle.opa_tool import (
    Node,
    OpaTool,
    PackagePath,
    assigned,
    called,
    calls_of,
    comparisons_of,
    is_never_true,
    is_unconditional,
    name_of,
    nodes,
    package_of,
    paths_of,
    read_helpers,
    rules_of,
)
from modelward.bundle.policies import policy_files, shown
from modelward.bundle.rules import read_rules
from modelward.bundle.schemas import foreign, misspelt
from modelward.errors import BundleError, PolicyError, Problem
from modelward.hints import hint

Found = tuple[Node, str]

EXPORTS = ("deny", "grants", "list")

_FAILING = {
    *("base64.decode", "base64url.decode", "json.unmarshal", "numbers.range", "to_number"),
    *("net.cidr_contains", "net.cidr_intersects", "net.cidr_overlap"),
}
"""The functions that fail for some values of their type: what they are in is then undefined."""

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


def _public(names: Iterable[str]) -> list[str]:
    return [name for name in names if not name.startswith("_")]


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


_ROOT = "modelward"
_RULES = ("rules", "token_rules")
_NO_TEXT = "`in` finds nothing in a text: write `contains(text, part)`, or look into a list, a set or an object"
_NO_SPRINTF = 'where `sprintf` fails a denial vanishes: write `$"... {x} ..."` instead'


def check_policies(policies: Path, opa: Path) -> None:
    """Raise PolicyError with every rule that would not decide what it says.

    Tests are not looked at. Raises BundleError when `opa` does not run.
    """
    tool = OpaTool(opa)
    rules = _rule_files(policies)
    errors = tool.type_errors(policies, _joined(rules))
    of_joins = [error for error in errors if error.get("location", {}).get("file", "").endswith("extra.rego")]
    problems = [_type_problem(each, policies, tool) for each in errors if each not in of_joins]
    problems += _file_problems(policies)
    if not any(each.get("code") == "rego_parse_error" for each in errors):
        problems += _Checks(policies, tool).problems(skip={problem.file for problem in problems})
        known = {problem.file for problem in problems}
        paths = {[*rules.values()][error["location"]["row"] - 2] for error in of_joins}
        problems += [_no_texts(path, tool) for path in paths if shown(path) not in known]
    try:
        read_rules(policies)
    except PolicyError as error:
        problems += error.problems
    if problems:
        raise PolicyError(problems)


def _file_problems(policies: Path) -> Iterator[Problem]:
    """Files that OPA does not load, or not as what they are, and folders of rules that have none."""
    for folder in (each for name in _RULES for each in sorted((policies / _ROOT / name).glob("*/"))):
        if not policy_files(folder):
            yield _problem(folder, "there is no rule in this folder: a rule is a file `.rego`, and no `_test.rego`")
    for path in sorted(policies.rglob("*")):
        if path.is_symlink() and path.is_dir():
            yield _problem(path, "OPA does not follow a link to a folder: its policies are not loaded; copy it here")
        if path.is_file() and path.suffix.lower() == ".rego":
            yield from _name_problems(path, path.relative_to(policies).parts)


def _name_problems(path: Path, parts: tuple[str, ...]) -> Iterator[Problem]:
    if path.suffix != ".rego":
        yield _problem(path, "OPA does not load this file: its name must end in `.rego`")
    elif any(part.startswith(".") for part in parts):
        yield _problem(path, "a rule in a hidden file or folder is easily overlooked; rename it")
    elif path.name.endswith("_test.rego") and not _is_test(path):
        yield _problem(path, "a file `..._test.rego` is left out of decisions: rename it, or its package to `..._test`")


def _is_test(path: Path) -> bool:
    """Whether the package of a file `..._test.rego` is one of tests, and no rule called so."""
    package = re.search(r"^package\s+(\S+)", path.read_text(errors="replace"), re.MULTILINE)
    name = re.findall(r"[^.\[\]\"]+", package[1])[-1] if package else "_test"
    return name.endswith("_test") and name != path.parent.name


def _joined(rules: Collection[PackagePath]) -> str:
    """A module that joins the denials of each rule, one a line: OPA knows where these are no texts."""
    joined = [f'x{place} := concat("", data.{".".join(package)}.deny)' for place, package in enumerate(rules)]
    return "\n".join(["package type_checks", *joined])


def _type_problem(error: Node, policies: Path, tool: OpaTool) -> Problem:
    where = error.get("location") or {}
    return _problem(Path(where["file"]) if "file" in where else policies, _plain(error, tool), where)


def _no_texts(path: Path, tool: OpaTool) -> Problem:
    deny = _deny_of(tool.tree_with_places(path))
    return _problem(path, "a denial's message must be a text: this `deny` is no set of texts", deny["location"])


def _rule_files(policies: Path) -> dict[PackagePath, Path]:
    """The first file of each rule, by the package that its folder stands for."""
    found: dict[PackagePath, Path] = {}
    for folder in _RULES:
        for path in policy_files(policies / _ROOT / folder):
            parts = path.relative_to(policies).parts
            if len(parts) == 4 and re.fullmatch(r"[A-Za-z_]\w*", parts[2]):
                found.setdefault(parts[:3], path)
    return found


def _deny_of(tree: Node) -> Node:
    denies = (rule for rule in rules_of(tree) if name_of(rule) == "deny")
    deny: Node = next(denies, tree["package"])
    return deny


def _plain(error: Node, tool: OpaTool) -> str:
    text = str(error["message"])
    if text.startswith("internal.member_2:"):
        return _NO_TEXT
    function = text.removeprefix("undefined function ")
    if function == "sprintf":
        return _NO_SPRINTF
    if function != text and tool.is_builtin(function):
        return f"`{function.removeprefix('internal.')}` is not in OPA's Wasm, which decides here; do without it"
    if error.get("code") == "rego_parse_error":
        return f"this is not Rego: {text}"
    details = error.get("details")
    known = details.get("oneOf") if isinstance(details, dict) else None
    return text + hint(re.split(r"[.\[]", text)[-1], _public(map(str, known or ())))


class _Checks:
    """What the syntax trees and the METADATA of the policies show."""

    def __init__(self, policies: Path, tool: OpaTool) -> None:
        self._policies = policies
        self._tool = tool
        self._trees = tool.trees(policies)
        self._names: dict[PackagePath, set[str]] = {}
        self._helpers: dict[PackagePath, set[str]] = {}
        for tree in self._trees.values():
            self._names.setdefault(package_of(tree), set()).update(map(name_of, rules_of(tree)))
            self._helpers.setdefault(package_of(tree), set()).update(read_helpers(tree))
        self._in_place = all(package_of(tree) == self._folder(path) for path, tree in self._trees.items())
        self._knows_metadata = False
        self._described: set[PackagePath] = set()
        self._read: set[PackagePath] = set()

    def problems(self, skip: Collection[str]) -> Iterator[Problem]:
        """Every problem of the files beside those of `skip`, whose problems are known."""
        left = [path for path in self._trees if shown(path) not in skip]
        if not left:
            return
        if self._in_place:  # else OPA takes the METADATA of one package for that of another
            try:
                self._look_at_metadata()
            except BundleError:
                if not skip:  # else a problem that is known may be why
                    raise
        for path in left:
            if any(True for _ in self._findings(path, self._trees[path])):
                tree = self._tool.tree_with_places(path)
                for node, message in self._findings(path, tree):
                    yield _problem(path, message, node.get("location") or {})

    def _look_at_metadata(self) -> None:
        roots = {package for package in self._names if _is_rule(package)}
        for each in self._tool.annotations(self._policies):
            path = tuple(str(step["value"]) for step in each["path"][1:])
            self._described.add(path)
            if each["annotations"].get("entrypoint"):
                roots.add(path[:-1])
        self._read = self._reached(roots)
        self._knows_metadata = True

    def _reached(self, roots: set[PackagePath]) -> set[PackagePath]:
        """The packages that decisions come to, from these on."""
        reads: dict[PackagePath, set[PackagePath]] = {}
        for tree in self._trees.values():
            paths = {path.constant for path in paths_of(tree) if path.root == "data"}
            found = {package for package in self._names if any(_meet(path, package) for path in paths)}
            reads.setdefault(package_of(tree), set()).update(found)
        reached: set[PackagePath] = set()
        while roots:
            reached |= roots
            roots = {read for package in roots for read in reads.get(package, ())} - reached
        return reached

    def _findings(self, path: Path, tree: Node) -> Iterator[Found]:
        yield from self._package_findings(path, tree)
        yield from self._rule_findings(package_of(tree), rules_of(tree))
        for node in nodes(tree):
            if node.get("type") == "ref" and called(node) == "sprintf":
                yield node, _NO_SPRINTF
        for read in paths_of(tree):
            problem = misspelt(read.root, read.steps) or (read.root == "data" and self._unknown(read.constant))
            if problem:
                yield read.node, problem
        for read, text in comparisons_of(tree):
            if problem := foreign(read.root, read.steps, text["value"]):
                yield text, problem

    def _package_findings(self, path: Path, tree: Node) -> Iterator[Found]:
        package, folder = package_of(tree), self._folder(path)
        name, place = ".".join(package), tree["package"]["path"][-1]
        if package != folder:
            yield place, f"a package has its folder's name: `{name}` stands in the folder `{'/'.join(folder) or '.'}`"
        elif package[1:2] and package[1] in _RULES and not _is_rule(package):
            yield place, f"nobody reads `{name}`: a rule is one folder in `modelward/{package[1]}`, no deeper"
        elif self._knows_metadata and package not in self._read and rules_of(tree):
            yield place, f"nobody reads the package `{name}`; a rule belongs in a folder of `modelward/rules`"
        if not self._is_described(package):
            yield place, "the package needs METADATA, with a `title` or a `description`"

    def _rule_findings(self, package: PackagePath, rules: list[Node]) -> Iterator[Found]:
        for rule in rules:
            name = name_of(rule)
            if _is_rule(package):
                yield from export_findings(rule)
            if is_never_true(rule):
                yield rule["head"], f"`{name}` never holds by this: `false` stands in its body, or `not true`"
            if name.startswith("_") and name not in self._helpers[package]:
                yield rule["head"], f"nobody reads `{name}`{hint(name.lstrip('_'), EXPORTS)}"
            if (name in EXPORTS or not _is_rule(package)) and not self._is_described((*package, name)):
                yield rule["head"], f"`{name}` needs METADATA with a `description`"
        if _is_rule(package) and "deny" not in self._names[package]:
            at = rules[0]["head"] if rules else {}
            yield at, "a rule without a `deny` refuses every call; write `deny := set()` where it denies nothing"

    def _is_described(self, path: PackagePath) -> bool:
        return not self._knows_metadata or path[-1].startswith("_") or path in self._described

    def _folder(self, path: Path) -> PackagePath:
        return path.relative_to(self._policies).parent.parts

    def _unknown(self, path: PackagePath) -> str | None:
        """What is wrong with a path of `data`; OPA itself knows the types of `data.catalog`."""
        if path[:1] == ("catalog",) or any(package[: len(path)] == path for package in self._names):
            return None
        within = max((each for each in self._names if path[: len(each)] == each), key=len, default=None)
        if within and path[len(within)] in self._names[within]:
            return None
        depth = next(n for n in range(len(path)) if not any(each[: n + 1] == path[: n + 1] for each in self._names))
        known = {each[depth] for each in self._names if len(each) > depth and each[:depth] == path[:depth]}
        known |= self._names.get(path[:depth], set())
        return f"`data.{'.'.join(path[: depth + 1])}` is nothing here{hint(path[depth], _public(known))}"


def _is_rule(package: PackagePath) -> bool:
    return len(package) == 3 and package[0] == _ROOT and package[1] in _RULES


def _meet(path: PackagePath, package: PackagePath) -> bool:
    shorter = min(len(path), len(package))
    return path[:shorter] == package[:shorter]


def _problem(path: Path, message: str, where: Mapping[str, Any] | None = None) -> Problem:
    where = where or {}
    return Problem(shown(path), max(1, where.get("row", 1)), max(1, where.get("col", 1)), message)
