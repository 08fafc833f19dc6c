"""Make one small fault at a time in the Python that judges, and see that the tests that belong to it find it.

Run it with a Python that has Cosmic Ray, as `make mutants-python` does, from the folder of the project. Cosmic Ray
makes the faults. Each is tested in a copy, so that no file here ever has one. A survivor needs a test, or an entry with
the reason in the list of equivalent mutants. The command fails for a survivor without an entry, and for an entry whose
mutant is killed or no longer made.
"""

import argparse
import ast
import os
import shutil
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from queue import SimpleQueue
from tempfile import TemporaryDirectory

from cosmic_ray.ast import ast_nodes, get_ast
from cosmic_ray.mutating import mutate_code
from cosmic_ray.operators.operator import Operator
from cosmic_ray.plugins import get_operator

from mutants import Key, equivalent, wrong_entries

_LIST = Path(__file__).with_name("equivalent_python_mutants.toml")
_PACKAGE = "service/modelward"
_REQUEST = ["body", "footprint", "form_parts", "forms", "outgoing", "places"]
_JUDGES = {
    **{f"gateway/request/{module}.py": ("tests/gateway/request",) for module in _REQUEST},
    "gateway/objects/*.py": ("tests/gateway/objects", "tests/service/test_objects_lists.py"),
    "identity/*.py": ("tests/identity",),
}
"""The modules that judge, each with its tests."""
_COMPARISONS = ["Eq_NotEq", "NotEq_Eq", "Lt_LtE", "LtE_Lt", "Gt_GtE", "GtE_Gt", "Is_IsNot", "IsNot_Is"]
_KINDS = [
    "AddNot",
    "NumberReplacer",
    "ReplaceAndWithOr",
    "ReplaceBinaryOperator_Add_Sub",
    "ReplaceBinaryOperator_Sub_Add",
    "ReplaceBreakWithContinue",
    *(f"ReplaceComparisonOperator_{pair}" for pair in _COMPARISONS),
    "ReplaceContinueWithBreak",
    "ReplaceFalseWithTrue",
    "ReplaceOrWithAnd",
    "ReplaceTrueWithFalse",
    "ReplaceUnaryOperator_Delete_Not",
    "ZeroIterationForLoop",
]
"""Operators of Cosmic Ray. Others, as those that exchange `==` and `is`, often change no answer."""
_COPIED = ("bundle", "config.yaml", "policies", "pyproject.toml", "service", "tests", "tools")
_TIMEOUT = 300.0
"""Seconds for the tests of one mutant; a fault may make a loop that has no end."""


@dataclass(frozen=True)
class _Mutant:
    """One fault: its key, its place, and the tests that must find it."""

    key: Key
    line: int
    occurrence: int
    """Which of the places in the file that this kind of fault fits."""
    tests: tuple[str, ...]

    def __str__(self) -> str:
        return f"{self.key.file}:{self.line}: {self.key.kind}: `{self.key.code}`"

    def text(self, source: str) -> str:
        """The text of the file with the fault."""
        return str(mutate_code(source, _operator(self.key.kind), self.occurrence))


def _operator(kind: str) -> Operator:
    return get_operator(f"core/{kind}")()


def _mutants() -> Iterator[_Mutant]:
    for pattern, tests in _JUDGES.items():
        for path in sorted(Path(_PACKAGE).glob(pattern)):
            yield from _mutants_of(path, tests)


def _mutants_of(path: Path, tests: tuple[str, ...]) -> Iterator[_Mutant]:
    text, file = path.read_text(encoding="utf-8"), path.relative_to(_PACKAGE).as_posix()
    lines, tree, nodes = text.splitlines(), ast.parse(text), list(ast_nodes(get_ast(text)))
    for kind in _KINDS:
        operator = _operator(kind)
        starts = [start for node in nodes for start, _ in operator.mutation_positions(node)]
        for occurrence, (line, _) in enumerate(starts):
            key = Key(file, _name_at(tree, line), kind, lines[line - 1].strip())
            yield _Mutant(key, line, occurrence, tests)


def _name_at(tree: ast.AST, line: int) -> str:
    """The innermost function or class around a line, `module` outside of all."""
    around = (
        node.name
        for node in ast.walk(tree)
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef)
        and node.lineno <= line <= (node.end_lineno or line)
    )
    return ["module", *around][-1]


class _Copy:
    """A copy of the project, in which one file at a time has a fault."""

    def __init__(self, folder: Path, python: Path) -> None:
        self._folder, self._python = folder, python
        for name in _COPIED:
            copy = shutil.copytree if Path(name).is_dir() else shutil.copy2
            copy(name, folder / name)

    def pass_tests(self, tests: Sequence[str], *, keep_compiled: bool = False) -> bool:
        """Whether the tests pass in time. `keep_compiled`: keep the compiled files, which must not have a fault."""
        command = [str(self._python), "-m", "pytest", "-x", "-q", "-n", "0", "-p", "no:cacheprovider", *tests]
        environment = {**os.environ, "PYTHONPATH": str(self._folder / "service")}
        environment |= {} if keep_compiled else {"PYTHONDONTWRITEBYTECODE": "1"}
        try:
            done = subprocess.run(
                command, cwd=self._folder, env=environment, capture_output=True, timeout=_TIMEOUT, check=False
            )
        except subprocess.TimeoutExpired:
            return False
        return done.returncode == 0

    def kills(self, mutant: _Mutant) -> bool:
        """Whether a test fails for the mutant, or does not end."""
        path = self._folder / _PACKAGE / mutant.key.file
        source = path.read_text(encoding="utf-8")
        path.write_text(mutant.text(source), encoding="utf-8")
        try:
            return not self.pass_tests(mutant.tests)
        finally:
            path.write_text(source, encoding="utf-8")


def _survivors(mutants: Sequence[_Mutant], python: Path, jobs: int) -> list[_Mutant]:
    """The mutants that no test finds, each printed at once, and the figures at the end."""
    with TemporaryDirectory() as folder, ThreadPoolExecutor(jobs) as pool:
        copies: SimpleQueue[_Copy] = SimpleQueue()
        for number in range(jobs):
            (Path(folder) / str(number)).mkdir()
            copy = _Copy(Path(folder) / str(number), python)
            for tests in sorted({mutant.tests for mutant in mutants}):
                if not copy.pass_tests(tests, keep_compiled=True):
                    sys.exit(f"tests fail without a fault; run: pytest {' '.join(tests)}")
            copies.put(copy)

        def is_killed(mutant: _Mutant) -> bool:
            copy = copies.get()
            try:
                return copy.kills(mutant)
            finally:
                copies.put(copy)

        survivors = []
        for mutant, killed in zip(mutants, pool.map(is_killed, mutants), strict=True):
            print(f"{mutant} {'is killed' if killed else 'survives'}", flush=True)
            if not killed:
                survivors.append(mutant)
    print(f"{len(mutants)} mutants: {len(mutants) - len(survivors)} killed, {len(survivors)} survive")
    return survivors


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("python", type=Path, help="the Python that has Modelward and its tests")
    parser.add_argument("--equivalent", type=Path, default=_LIST, help="the list of equivalent mutants, in TOML")
    parser.add_argument("--only", default="", metavar="TEXT", help="only mutants of files with TEXT in their path")
    parser.add_argument("--every", type=int, default=1, metavar="N", help="only one mutant in N")
    parser.add_argument("--jobs", type=int, default=1, metavar="N", help="N mutants at a time")
    parser.add_argument("--dry-run", action="store_true", help="print the mutants and check the list, run no test")
    return parser.parse_args()


def main() -> None:
    """Judge the mutants, say what is wrong, and exit with 1 if something is."""
    arguments = _arguments()
    listed, every = equivalent(arguments.equivalent), list(_mutants())
    made = Counter(mutant.key for mutant in every)
    chosen = {key for key in list(made)[:: arguments.every] if arguments.only in key.file}
    mutants = [mutant for mutant in every if mutant.key in chosen]
    wrong = [f"{key}: there is no such mutant; take it out of the list" for key in listed - made]
    if arguments.dry_run:
        print(*mutants, sep="\n")
    elif mutants:
        survivors = _survivors(mutants, arguments.python.absolute(), arguments.jobs)
        wrong += wrong_entries([mutant.key for mutant in survivors], {key: listed[key] for key in chosen})
    for line in wrong:
        print(line, file=sys.stderr)
    sys.exit(1 if wrong else 0)


if __name__ == "__main__":
    main()
