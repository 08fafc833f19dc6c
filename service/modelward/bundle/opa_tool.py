"""What OPA itself says about a folder of policies: types, METADATA, syntax trees."""

import subprocess
import tempfile
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
