"""Make one small fault at a time in the policies, and see that their own tests find it.

Run it as `python tools/mutants.py policies`, with `opa` on the PATH. A policy with such a fault is a mutant. One that
`opa check` refuses does not count, one that fails a test is killed, the others survive. A survivor is either a missing
test, or the fault changes no answer; then it has an entry in the list of equivalent mutants, with the reason. The
command fails for a survivor without an entry, and for an entry whose mutant is killed or no longer made.
"""

import argparse
import base64
import json
import os
import re
import subprocess
import sys
import tomllib
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, NamedTuple

_LIST = Path(__file__).with_name("equivalent_mutants.toml")
_EXCHANGED = {"==": "!=", "<": "<=", ">": ">=", "+": "-", "|": "&", "true": "false"}
_EXCHANGED |= {new: old for old, new in _EXCHANGED.items()}
_TEST_FAILED = 2

Node = dict[str, Any]


class Key(NamedTuple):
    """What names a mutant as long as its code stays the same: file, rule or function, kind of fault, its code."""

    file: str
    name: str
    kind: str
    code: str

    def __str__(self) -> str:
        return f"{self.file}: {self.name}: {self.kind}: `{self.code}`"


@dataclass(frozen=True)
class Mutant:
    """A policy file with one fault: its key, the line of the fault, and the text of the file."""

    key: Key
    line: int
    text: str = field(repr=False)

    def __str__(self) -> str:
        return f"{self.key.file}:{self.line}: {self.key.kind}: `{self.key.code}`"


class Edit(NamedTuple):
    """A fault as a change of text: what stands from `start` to `end` becomes `new`. `code` is what it changes."""

    kind: str
    code: str
    start: int
    end: int
    new: str = ""


@dataclass(frozen=True)
class Source:
    """The text of a policy, and where in it the nodes of `opa parse` are."""

    text: str

    @cached_property
    def _line_starts(self) -> list[int]:
        return [0, *(found.end() for found in re.finditer("\n", self.text))]

    def code(self, node: Node) -> str:
        """The text of a node; nothing for one that `opa parse` adds."""
        return base64.b64decode(node.get("location", {}).get("text", "")).decode()

    def start(self, node: Node) -> int:
        """Where a node starts."""
        row: int = node["location"]["row"]
        column: int = node["location"]["col"]
        return self._line_starts[row - 1] + column - 1

    def end(self, node: Node) -> int:
        """Where a node ends."""
        return self.start(node) + len(self.code(node))

    def edits(self, rule: Node) -> Iterator[Edit]:
        """All faults in one rule of `opa parse`, each else-branch included."""
        yield self._rule_left_out(rule)
        yield from self._edits(rule, self.code(rule["head"]))

    def _edits(self, node: Any, statement: str) -> Iterator[Edit]:
        """The faults in a node and those in it; `statement` is the code of the condition or the head around it."""
        if isinstance(node, list):
            for child in node:
                yield from self._edits(child, statement)
        if not isinstance(node, dict) or node.get("type") == "templatestring":
            return
        if "terms" in node and not _is_implicit(node):
            statement = self.code(node)
            yield from self._condition_edits(node)
        if "else" in node:
            yield self._branch_left_out(node["else"])
        if "target" in node:
            yield self._left_out("with left out", node)
        if node.get("type") in {"array", "set"}:
            yield from self._items_left_out(node["value"])
        if node.get("type") in {"ref", "boolean"} and self.code(node) in _EXCHANGED:
            code, new = self.code(node), _EXCHANGED[self.code(node)]
            yield Edit(f"{code} made {new}", statement, self.start(node), self.end(node), new)
        for child in node.values():
            yield from self._edits(child, statement)

    def _condition_edits(self, node: Node) -> Iterator[Edit]:
        code, start, end, terms = self.code(node), self.start(node), self.end(node), node["terms"]
        declares = isinstance(terms, dict) and "symbols" in terms
        assigns = isinstance(terms, list) and self.code(terms[0]) == ":="
        if not declares and not assigns:
            yield Edit("condition left out", code, start, end, "true")
        if node.get("negated"):
            yield Edit("not left out", code, start, end, code.removeprefix("not "))
        if isinstance(terms, dict) and "domain" in terms:
            of = self.text[start + len("every") : self.end(terms["domain"])]
            body = self.text[self.start(terms["body"][0]) : self.end(terms["body"][-1])]
            yield Edit("every made some", code, start, end, f"some{of}; {body}")

    def _rule_left_out(self, rule: Node) -> Edit:
        if not rule.get("default"):
            return self._left_out("rule left out", rule)
        start, end = self.start(rule), self.end(rule["head"])
        return Edit("default left out", self.text[start:end], start, end)

    def _branch_left_out(self, branch: Node) -> Edit:
        end = self.start(branch["else"]) if "else" in branch else self.end(branch)
        code = self.text[self.start(branch) : end].removesuffix("} ")
        return Edit("branch left out", code, self.start(branch), self.start(branch) + len(code))

    def _items_left_out(self, items: list[Node]) -> Iterator[Edit]:
        """Faults that leave out one item of a list or set, with the comma after it or, for the last one, before it."""
        items = sorted(items, key=self.start)
        for place, item in enumerate(items if len(items) > 1 else []):
            last = place == len(items) - 1
            start = self.end(items[place - 1]) if last else self.start(item)
            end = self.end(item) if last else self.start(items[place + 1])
            yield Edit("item left out", self.code(item), start, end)

    def _left_out(self, kind: str, node: Node) -> Edit:
        return Edit(kind, self.code(node), self.start(node), self.end(node))


def _is_implicit(condition: Node) -> bool:
    """Whether it is the `true` that `opa parse` gives a rule without a body."""
    return isinstance(condition["terms"], dict) and condition["terms"].get("type") == "boolean"


def _opa(*arguments: str | Path) -> subprocess.CompletedProcess[bytes]:
    return subprocess.run(["opa", *map(str, arguments)], capture_output=True, check=False)


class Policies:
    """A folder of policies and their tests."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        every = sorted(folder.rglob("*.rego"))
        self._tests = [path for path in every if path.name.endswith("_test.rego")]
        self._sources = [path for path in every if path not in self._tests]
        self._builders = [path for path in self._tests if not re.search("^test_", path.read_text("utf-8"), re.M)]

    def mutants(self) -> list[Mutant]:
        """All mutants, those too that will not compile."""
        return [mutant for path in self._sources for mutant in self._mutants_of(path)]

    def pass_their_tests(self) -> bool:
        """Whether all tests pass without a fault."""
        return _passes([*self._sources, *self._tests])

    def kill(self, mutant: Mutant) -> bool | None:
        """Whether a test fails for the mutant; None if it does not compile."""
        path = self._folder / mutant.key.file
        with TemporaryDirectory() as folder:
            faulty = Path(folder) / path.name
            faulty.write_text(mutant.text, encoding="utf-8")
            sources = [faulty, *(source for source in self._sources if source != path)]
            if _opa("check", *sources).returncode:
                return None
            beside = [*self._builders, *(test for test in self._tests if test.parent == path.parent)]
            return _fails([*sources, *beside]) or not _passes([*sources, *self._tests])

    def _mutants_of(self, path: Path) -> Iterator[Mutant]:
        done = _opa("parse", "--format", "json", "--json-include", "locations", path)
        if done.returncode:
            sys.exit(f"{path}: opa cannot read it; run: opa check {path}")
        source = Source(path.read_text(encoding="utf-8"))
        for rule in json.loads(done.stdout).get("rules", []):
            name = rule["head"]["ref"][0]["value"]
            for kind, code, start, end, new in source.edits(rule):
                key = Key(path.relative_to(self._folder).as_posix(), name, kind, " ".join(code.split()))
                text = source.text[:start] + new + source.text[end:]
                yield Mutant(key, source.text.count("\n", 0, start) + 1, text)


def _fails(files: Sequence[Path]) -> bool:
    """Whether a test fails. Tests beside a fault take far less time than all, but may need files from elsewhere."""
    return _opa("test", "--timeout", "60s", *files).returncode == _TEST_FAILED


def _passes(files: Sequence[Path]) -> bool:
    return _opa("test", "--timeout", "60s", *files).returncode == 0


def equivalent(path: Path) -> Counter[Key]:
    """The keys in the list of equivalent mutants, each with how often it is there."""
    entries = tomllib.loads(path.read_text(encoding="utf-8")).get("mutant", [])
    for entry in entries:
        if set(entry) != {*Key._fields, "reason"}:
            sys.exit(f"{path}: an entry has `{'`, `'.join((*Key._fields, 'reason'))}`, and not `{'`, `'.join(entry)}`")
    return Counter(Key(*(entry[name] for name in Key._fields)) for entry in entries)


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("policies", type=Path, help="the folder of policies and their tests")
    parser.add_argument("--equivalent", type=Path, default=_LIST, help="the list of equivalent mutants, in TOML")
    parser.add_argument("--only", default="", metavar="TEXT", help="only mutants of files with TEXT in their path")
    parser.add_argument("--every", type=int, default=1, metavar="N", help="only one mutant in N")
    parser.add_argument("--jobs", type=int, default=os.cpu_count(), metavar="N", help="N mutants at a time")
    parser.add_argument("--dry-run", action="store_true", help="print the mutants and check the list, run no test")
    return parser.parse_args()


def main() -> None:
    """Judge the mutants, say what is wrong, and exit with 1 if something is."""
    arguments = _arguments()
    policies, listed = Policies(arguments.policies), equivalent(arguments.equivalent)
    mutants = policies.mutants()
    made = Counter(mutant.key for mutant in mutants)
    chosen = {key for key in list(made)[:: arguments.every] if arguments.only in key.file}
    mutants = [mutant for mutant in mutants if mutant.key in chosen]
    wrong = [f"{key}: there is no such mutant; take it out of the list" for key in listed - made]
    if arguments.dry_run:
        print(*mutants, sep="\n")
    else:
        survivors = [mutant.key for mutant in _survivors(policies, mutants, arguments.jobs)]
        wrong += wrong_entries(survivors, {key: listed[key] for key in chosen})
    for line in wrong:
        print(line, file=sys.stderr)
    sys.exit(1 if wrong else 0)


def _survivors(policies: Policies, mutants: Sequence[Mutant], jobs: int) -> list[Mutant]:
    """The mutants that no test finds, each printed at once, and the figures at the end."""
    if not policies.pass_their_tests():
        sys.exit("the tests of the policies fail without a fault; run: opa test")
    survivors, killed = [], 0
    with ThreadPoolExecutor(jobs) as pool:
        for mutant, is_killed in zip(mutants, pool.map(policies.kill, mutants), strict=True):
            if is_killed is False:
                survivors.append(mutant)
                print(f"{mutant} survives", flush=True)
            killed += is_killed is True
    print(f"{killed + len(survivors)} mutants: {killed} killed, {len(survivors)} survive")
    return survivors


def wrong_entries(survivors: Sequence[Key], listed: Mapping[Key, int]) -> list[str]:
    """The survivors that the list lacks, and those in the list that do not survive."""
    survive = Counter(survivors)
    return [
        *(f"{key}: survives; add a test, or list it with the reason" for key in survive - Counter(listed)),
        *(f"{key}: is killed by a test; take it out of the list" for key in Counter(listed) - survive),
    ]


if __name__ == "__main__":
    main()
