"""What OPA says about a folder of policies: types, METADATA, and what the checks in `checks/`, in Rego, find."""

import subprocess
import tarfile
import tempfile
from collections.abc import Sequence
from functools import cache, cached_property, reduce
from operator import getitem
from pathlib import Path
from typing import Any

import orjson

from modelward.bundle.policies import policy_files
from modelward.bundle.schemas import schemas
from modelward.errors import BundleError

Node = dict[str, Any]

_HERE = Path(__file__).parent
_SECONDS = 120
_ALL = ("--strict", "--format", "json", "--max-errors", "0", "--ignore", "*_test.rego")

_ANY = {"type": "any"}
_COLLECTIONS = [
    {"type": "array", "dynamic": _ANY},
    {"type": "set", "of": _ANY},
    {"type": "object", "dynamic": {"key": _ANY, "value": _ANY}},
]


class OpaTool:
    """Runs the executable `opa` over the policies in a folder. Every method raises BundleError when it does not run."""

    def __init__(self, opa: Path, policies: Path) -> None:
        self._opa = opa
        self._policies = policies

    def type_errors(self, extra: str) -> list[Node]:
        """What `opa check --strict` finds in the policies, and in the module `extra`, whose errors name no file of
        them. Tests are left out; only functions that Wasm has are known, and the schemas of input and catalogue."""
        builtins = [_typed(each) for each in self._capabilities["builtins"] if each["name"] in _in_wasm()]
        with tempfile.TemporaryDirectory() as folder:
            Path(folder, "capabilities.json").write_bytes(orjson.dumps(self._capabilities | {"builtins": builtins}))
            Path(folder, "extra.rego").write_text(extra)
            Path(folder, "schemas").mkdir()
            for name, schema in schemas().items():
                Path(folder, "schemas", name).write_bytes(schema)
            options = ("--schema", f"{folder}/schemas", "--capabilities", f"{folder}/capabilities.json", *_ALL)
            done = self._run("check", *options, str(self._policies), f"{folder}/extra.rego")
        if done.returncode == 0:
            return []
        try:
            found: list[Node] = orjson.loads(done.stderr)["errors"]
        except (orjson.JSONDecodeError, KeyError, TypeError):
            raise BundleError(f"the policies do not compile: {_said(done)}") from None
        return found

    def annotations(self) -> list[Node]:
        """All METADATA blocks of the policies, each with its path."""
        done = self._run("inspect", "--annotations", "--format", "json", str(self._policies))
        if done.returncode:
            raise BundleError(f"the METADATA of the policies cannot be read: {_said(done)}")
        found: list[Node] = orjson.loads(done.stdout).get("annotations") or []
        return found

    def findings(self, annotations: list[Node] | None, no_texts: list[str]) -> list[Node]:
        """What the checks in Rego find; `checks/tree.rego` says what they read and what they say."""
        asked = {
            "no_texts": no_texts,
            "schemas": {name: orjson.loads(schemas()[f"{name}.json"]) for name in ("input", "catalog")},
        }
        found: list[Node] = self._checked("findings", annotations, asked)
        return found

    def untimed(self) -> list[str]:
        """The packages that read the clock and do not say until when a decision holds, as `checks/clock.rego` finds."""
        foreign = [each["name"] for each in self._capabilities["builtins"] if each["name"] not in _in_wasm()]
        found: list[str] = self._checked("untimed", self.annotations(), {"foreign": foreign})
        return found

    def wasm(self) -> bytes:
        """The policies compiled, whose METADATA names the entrypoints."""
        with tempfile.TemporaryDirectory() as folder:
            archive = f"{folder}/bundle.tar.gz"
            # Inside the folder: OPA writes the paths it is given into the Wasm, whose bytes must be the same anywhere.
            options = ("--target", "wasm", "--bundle", ".", "--ignore", "*_test.rego", "--output", archive)
            done = self._run("build", *options, folder=self._policies, aim="compile")
            if done.returncode:
                raise BundleError(f"the policies do not compile: {_said(done)}")
            with tarfile.open(archive) as bundle:
                found = bundle.extractfile("/policy.wasm")
                if found is None:
                    raise BundleError(
                        "opa compiled the policies to no Wasm; give a rule the METADATA `entrypoint: true`"
                    )
                return found.read()

    def place(self, file: Path, at: Sequence[str | int]) -> Node:
        """The `row` and `col` of a node of a policy's syntax tree."""
        done = self._run("parse", "--format", "json", "--json-include", "locations,-comments", str(file))
        if done.returncode:
            raise BundleError(f"`{file}` cannot be parsed: {_said(done)}")
        found: Node = reduce(getitem, at, orjson.loads(done.stdout))["location"]
        return found

    def is_builtin(self, name: str) -> bool:
        """Whether OPA itself has this function."""
        return any(each["name"] == name for each in self._capabilities["builtins"])

    def _checked(self, rule: str, annotations: list[Node] | None, asked: Node) -> Any:
        """What a rule of the checks says of the policies."""
        texts = {str(path): path.read_text() for path in policy_files(self._policies)}
        asked = {"annotations": annotations, "policies": str(self._policies), "texts": texts, **asked}
        options = ("--data", str(_HERE / "checks"), "--ignore", "*_test.rego", "--stdin-input", "--format", "raw")
        done = self._run("eval", *options, f"data.checks.{rule}", stdin=orjson.dumps(asked))
        if done.returncode:
            raise BundleError(f"the policies cannot be parsed: {_said(done)}")
        return orjson.loads(done.stdout)

    @cached_property
    def _capabilities(self) -> Node:
        found: Node = orjson.loads(self._run("capabilities", "--current").stdout)
        return found

    def _run(
        self, *arguments: str, stdin: bytes = b"", folder: Path | None = None, aim: str = "check"
    ) -> subprocess.CompletedProcess[bytes]:
        command = [str(self._opa), *arguments]
        try:
            return subprocess.run(command, input=stdin, cwd=folder, capture_output=True, timeout=_SECONDS, check=False)
        except (OSError, subprocess.TimeoutExpired) as error:
            raise BundleError(f"`{self._opa}` could not {aim} the policies: {error}") from error


@cache
def _in_wasm() -> frozenset[str]:
    """The functions that OPA's Wasm has; OPA leaves all others to the Wasm's host."""
    return frozenset(orjson.loads((_HERE / "wasm_builtins.json").read_bytes()))


def _typed(builtin: Node) -> Node:
    """The function `in` as one that takes no text to look in; OPA itself takes one, and finds nothing there."""
    if builtin["name"] != "internal.member_2":
        return builtin
    value, _ = builtin["decl"]["args"]
    return builtin | {"decl": builtin["decl"] | {"args": [value, {"type": "any", "of": _COLLECTIONS}]}}


def _said(done: subprocess.CompletedProcess[bytes]) -> str:
    return " ".join((done.stdout + done.stderr).decode(errors="replace").split())
