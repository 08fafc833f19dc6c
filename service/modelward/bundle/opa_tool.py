"""What OPA itself says about a folder of policies: types, METADATA, and syntax trees."""

import subprocess
import tempfile
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path
from typing import Any

import orjson

from modelward.bundle.policies import policy_files
from modelward.bundle.schemas import schemas
from modelward.errors import BundleError

Node = dict[str, Any]

_SECONDS = 120
_ALL = ("--strict", "--format", "json", "--max-errors", "0", "--ignore", "*_test.rego")

_ANY = {"type": "any"}
_COLLECTIONS = [
    {"type": "array", "dynamic": _ANY},
    {"type": "set", "of": _ANY},
    {"type": "object", "dynamic": {"key": _ANY, "value": _ANY}},
]

WASM_BUILTINS = frozenset(
    (
        *("abs", "all", "and", "any", "array.concat", "array.flatten", "array.reverse", "array.slice", "assign"),
        *("base64.decode", "base64.encode", "base64.is_valid", "base64url.decode", "base64url.encode", "bits.and"),
        *("bits.lsh", "bits.negate", "bits.or", "bits.rsh", "bits.xor", "ceil", "concat", "contains", "count"),
        *("div", "endswith", "eq", "equal", "floor", "format_int", "glob.match", "graph.reachable", "gt", "gte"),
        *("indexof", "internal.member_2", "internal.member_3", "internal.template_string", "intersection"),
        *("is_array", "is_boolean", "is_null", "is_number", "is_object", "is_set", "is_string", "json.filter"),
        *("json.is_valid", "json.marshal", "json.remove", "json.unmarshal", "lower", "lt", "lte", "max", "min"),
        *("minus", "mul", "neq", "net.cidr_contains", "net.cidr_intersects", "net.cidr_overlap", "numbers.range"),
        *("object.filter", "object.get", "object.keys", "object.remove", "object.union", "object.union_n", "or"),
        *("plus", "product", "re_match", "regex.find_all_string_submatch_n", "regex.is_valid", "regex.match", "rem"),
        *("replace", "round", "set_diff", "sort", "split", "startswith", "strings.replace_n", "strings.reverse"),
        *("substring", "sum", "to_number", "trim", "trim_left", "trim_prefix", "trim_right", "trim_space"),
        *("trim_suffix", "type_name", "union", "upper", "walk"),
    )
)
"""The built-in functions that OPA compiles into Wasm; it leaves all others to the program that runs the Wasm."""


class OpaTool:
    """Runs the executable `opa`. Every method raises BundleError when it does not run."""

    def __init__(self, opa: Path) -> None:
        self._opa = opa

    def type_errors(self, policies: Path, extra: str) -> list[Node]:
        """What `opa check --strict` finds in the policies, and in the module `extra`, whose errors name no file of
        them. Tests are left out; only functions that Wasm has are known, and the schemas of input and catalogue."""
        with tempfile.TemporaryDirectory() as folder:
            for name, content in self._beside(extra).items():
                Path(folder, name).parent.mkdir(exist_ok=True)
                Path(folder, name).write_bytes(content)
            options = ("--schema", f"{folder}/schemas", "--capabilities", f"{folder}/capabilities.json", *_ALL)
            done = self._run("check", *options, str(policies), f"{folder}/extra.rego")
        return _errors(done) if done.returncode else []

    def annotations(self, policies: Path) -> list[Node]:
        """All METADATA blocks of the policies, each with its path and its place."""
        done = self._run("inspect", "--annotations", "--format", "json", str(policies))
        if done.returncode:
            raise BundleError(f"the METADATA of the policies cannot be read: {_said(done)}")
        found: list[Node] = orjson.loads(done.stdout).get("annotations") or []
        return found

    def trees(self, policies: Path) -> dict[Path, Node]:
        """The syntax tree of each policy, without places."""
        texts = {str(path): path.read_text() for path in policy_files(policies)}
        query = "{name: rego.parse_module(name, text) | some name, text in input}"
        done = self._run("eval", "--stdin-input", "--format", "raw", query, stdin=orjson.dumps(texts))
        if done.returncode:
            raise BundleError(f"the policies cannot be parsed: {_said(done)}")
        return {Path(name): tree for name, tree in orjson.loads(done.stdout).items()}

    def tree_with_places(self, path: Path) -> Node:
        """The syntax tree of one policy; each of its nodes has its place under `location`."""
        done = self._run("parse", "--format", "json", "--json-include", "locations,-comments", str(path))
        if done.returncode:
            raise BundleError(f"`{path}` cannot be parsed: {_said(done)}")
        tree: Node = orjson.loads(done.stdout)
        return tree

    def is_builtin(self, name: str) -> bool:
        """Whether OPA itself has this function."""
        return any(each["name"] == name for each in self._known["builtins"])

    def _beside(self, extra: str) -> dict[str, bytes]:
        builtins = [_typed(each) for each in self._known["builtins"] if each["name"] in WASM_BUILTINS]
        capabilities = orjson.dumps(self._known | {"builtins": builtins})
        printed = {f"schemas/{name}": schema for name, schema in schemas().items()}
        return {"capabilities.json": capabilities, "extra.rego": extra.encode(), **printed}

    @cached_property
    def _known(self) -> Node:
        found: Node = orjson.loads(self._run("capabilities", "--current").stdout)
        return found

    def _run(self, *arguments: str, stdin: bytes = b"") -> subprocess.CompletedProcess[bytes]:
        try:
            return subprocess.run(
                [str(self._opa), *arguments], input=stdin, capture_output=True, timeout=_SECONDS, check=False
            )
        except (OSError, subprocess.TimeoutExpired) as error:
            raise BundleError(f"`{self._opa}` could not check the policies: {error}") from error


def _typed(builtin: Node) -> Node:
    """The function `in` as one that takes no text to look in; OPA itself takes one, and finds nothing there."""
    if builtin["name"] != "internal.member_2":
        return builtin
    value, _ = builtin["decl"]["args"]
    return builtin | {"decl": builtin["decl"] | {"args": [value, {"type": "any", "of": _COLLECTIONS}]}}


def _errors(done: subprocess.CompletedProcess[bytes]) -> list[Node]:
    try:
        found: list[Node] = orjson.loads(done.stderr)["errors"]
    except (orjson.JSONDecodeError, KeyError, TypeError):
        raise BundleError(f"the policies do not compile: {_said(done)}") from None
    return found


def _said(done: subprocess.CompletedProcess[bytes]) -> str:
    return " ".join((done.stdout + done.stderr).decode(errors="replace").split())


PackagePath = tuple[str, ...]
_ASSIGNING = {"assign", "eq"}
_IN = "internal.member_2"
_COMPARING = {"equal", "neq", "eq", _IN}
_TRUE = {"type": "boolean", "value": True}
_FALSE = {"type": "boolean", "value": False}


@dataclass(frozen=True, slots=True)
class DocumentPath:
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


def paths_of(tree: Node) -> Iterator[DocumentPath]:
    """Every path of `data` and `input` that a module reads, also by `object.get`; imported names are followed."""
    imported = _imported(tree)
    for node in nodes(tree):
        if path := _path(node, imported):
            yield path
    for function, arguments in calls_of(tree):
        if function == "object.get" and (path := _path(arguments[0], imported)):
            keys = arguments[1]["value"] if arguments[1]["type"] == "array" else [arguments[1]]
            yield replace(path, steps=path.steps + _constants(keys))


def comparisons_of(tree: Node) -> Iterator[tuple[DocumentPath, Node]]:
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


def _path(node: Node, imported: Mapping[str, list[Node]]) -> DocumentPath | None:
    if node.get("type") != "ref" or node["value"][0].get("type") != "var":
        return None
    first, *rest = node["value"]
    whole: list[Node] = [*imported.get(first["value"], [first]), *rest]
    root, *steps = whole
    return DocumentPath(node, root["value"], _constants(steps)) if root["value"] in {"data", "input"} else None


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
    """Whether `false` is in the body of a rule, or `not true`."""
    bodies: Iterable[Node] = rule.get("body") or []
    return any(_plain(each.get("terms")) == (_TRUE if each.get("negated") else _FALSE) for each in bodies)


def _plain(term: Any) -> Any:
    return {name: part for name, part in term.items() if name != "location"} if isinstance(term, dict) else term
