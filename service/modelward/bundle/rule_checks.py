"""Rules that would build and serve, and deny nothing: found before they do, each with its place."""

import re
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

from modelward.bundle.opa_tool import Node, OpaTool
from modelward.bundle.policies import policy_files, shown
from modelward.bundle.rules import read_rules
from modelward.errors import BundleError, PolicyError, Problem
from modelward.hints import hint

_ROOT = "modelward"
_RULES = ("rules", "token_rules")
_NO_TEXT = "`in` finds nothing in a text: write `contains(text, part)`, or look into a list, a set or an object"
_NO_SPRINTF = 'where `sprintf` fails a denial vanishes: write `$"... {x} ..."` instead'


def check_policies(policies: Path, opa: Path) -> None:
    """Raise PolicyError with every rule that would not decide what it says.

    Tests are not looked at. Raises BundleError when `opa` does not run.
    """
    tool, rules = OpaTool(opa, policies), _rule_files(policies)
    # A module that joins the denials of each rule, one a line: OPA knows where these are no texts.
    joined = [f'x{place} := concat("", data.{name}.deny)' for place, name in enumerate(rules)]
    errors = tool.type_errors("\n".join(["package type_checks", *joined]))
    of_joins = [error for error in errors if error.get("location", {}).get("file", "").endswith("extra.rego")]
    problems = [_type_problem(each, policies, tool) for each in errors if each not in of_joins]
    problems += _file_problems(policies)
    if not any(each.get("code") == "rego_parse_error" for each in errors):
        no_texts = {str([*rules.values()][error["location"]["row"] - 2]) for error in of_joins}
        problems += _findings(tool, sorted(no_texts), {problem.file for problem in problems})
    try:
        read_rules(policies)
    except PolicyError as error:
        problems += error.problems
    if problems:
        raise PolicyError(problems)


def _findings(tool: OpaTool, no_texts: list[str], skip: set[str]) -> list[Problem]:
    """What the checks in Rego find in the files beside those of `skip`, whose problems are known."""
    annotations, unread = None, None
    try:
        annotations = tool.annotations()
    except BundleError as error:
        unread = error
    problems = []
    for each in tool.findings(annotations, no_texts):
        path, message = Path(each["file"]), each["message"]
        if shown(path) not in skip:
            if "word" in each:
                message += hint(each["word"], each["known"], each.get("otherwise", ""))
            problems.append(_problem(path, message, tool.place(path, each["at"])))
    if unread is not None and not problems and not skip:  # else a problem that is known may be why
        raise unread
    return problems


def _file_problems(policies: Path) -> Iterator[Problem]:
    """Files that OPA does not load, or not as what they are, and folders of rules that have none."""
    for folder in (each for name in _RULES for each in sorted((policies / _ROOT / name).glob("*/"))):
        if not policy_files(folder):
            yield _problem(folder, "there is no rule in this folder: a rule is a file `.rego`, and no `_test.rego`")
    for path in sorted(policies.rglob("*")):
        if path.is_symlink() and path.is_dir():
            yield _problem(path, "OPA does not follow a link to a folder: its policies are not loaded; copy it here")
        elif path.is_file() and path.suffix.lower() == ".rego":
            if path.suffix != ".rego":
                yield _problem(path, "OPA does not load this file: its name must end in `.rego`")
            elif any(part.startswith(".") for part in path.relative_to(policies).parts):
                yield _problem(path, "a rule in a hidden file or folder is easily overlooked; rename it")
            elif path.name.endswith("_test.rego") and not _is_test(path):
                advice = "rename it, or its package to `..._test`"
                yield _problem(path, f"a file `..._test.rego` is left out of decisions: {advice}")


def _is_test(path: Path) -> bool:
    """Whether the package of a file `..._test.rego` is one of tests, and no rule called so."""
    package = re.search(r"^package\s+(\S+)", path.read_text(errors="replace"), re.MULTILINE)
    name = re.findall(r"[^.\[\]\"]+", package[1])[-1] if package else "_test"
    return name.endswith("_test") and name != path.parent.name


def _rule_files(policies: Path) -> dict[str, Path]:
    """The first file of each rule, by the package that its folder stands for."""
    found: dict[str, Path] = {}
    for path in (path for folder in _RULES for path in policy_files(policies / _ROOT / folder)):
        parts = path.relative_to(policies).parts
        if len(parts) == 4 and re.fullmatch(r"[A-Za-z_]\w*", parts[2]):
            found.setdefault(".".join(parts[:3]), path)
    return found


def _type_problem(error: Node, policies: Path, tool: OpaTool) -> Problem:
    where, text = error.get("location") or {}, str(error["message"])
    function = text.removeprefix("undefined function ")
    if text.startswith("internal.member_2:"):
        message = _NO_TEXT
    elif function == "sprintf":
        message = _NO_SPRINTF
    elif function != text and tool.is_builtin(function):
        message = f"`{function.removeprefix('internal.')}` is not in OPA's Wasm, which decides here; do without it"
    elif error.get("code") == "rego_parse_error":
        message = f"this is not Rego: {text}"
    else:
        details = error.get("details")
        known: Iterable[object] = (details.get("oneOf") if isinstance(details, dict) else None) or ()
        public = [str(name) for name in known if not str(name).startswith("_")]
        message = text + hint(re.split(r"[.\[]", text)[-1], public)
    return _problem(Path(where["file"]) if "file" in where else policies, message, where)


def _problem(path: Path, message: str, where: Mapping[str, Any] | None = None) -> Problem:
    where = where or {}
    return Problem(shown(path), max(1, where.get("row", 1)), max(1, where.get("col", 1)), message)
