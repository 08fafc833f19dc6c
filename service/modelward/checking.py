"""`modelward check`: what is wrong, or probably not meant, with a config, the policies and the environment."""

from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Literal

import orjson

from modelward import bundle, config
from modelward.errors import BundleError, ConfigError, PolicyError, Problem
from modelward.options import opa_program, policies_folder, unknown_variables

Severity = Literal["error", "warning", "note"]


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing found, with its place; lines and columns count from 1."""

    severity: Severity
    problem: Problem

    def __str__(self) -> str:
        at = self.problem
        return f"{at.file}:{at.line}:{at.column}: {self.severity}: {at.message}"


@dataclass(frozen=True, slots=True)
class Checked:
    """What was found, errors first; `deployments` counts those of a config without problems."""

    findings: tuple[Finding, ...]
    deployments: int = 0

    def has(self, severity: Severity) -> bool:
        """Whether something of this severity was found."""
        return any(each.severity == severity for each in self.findings)

    def json(self) -> str:
        """The findings as a JSON list of `{file, line, column, severity, message}`."""
        items = [{**asdict(each.problem), "severity": each.severity} for each in self.findings]
        return orjson.dumps(items, option=orjson.OPT_INDENT_2).decode()


def check(path: Path, environ: Mapping[str, str]) -> Checked:
    """Checks the config at `path` and the policies; the credentials of upstreams are not looked up."""
    rules = tuple(_rules(environ))
    variables = tuple(Finding("warning", Problem("environment", 1, 1, said)) for said in unknown_variables(environ))
    try:
        read = config.read(path, environ, secrets="keep")
    except ConfigError as error:
        return Checked((*(Finding("error", each) for each in error.problems), *rules, *variables))
    warnings = (Finding("warning", each) for each in read.warnings)
    notes = (Finding("note", each) for each in read.notes)
    return Checked((*rules, *variables, *warnings, *notes), len(read.models))


def _rules(environ: Mapping[str, str]) -> Iterator[Finding]:
    policies, opa = policies_folder(environ), opa_program(environ)
    try:
        if opa is None:
            bundle.read_rules(policies)
        else:
            bundle.check_policies(policies, opa)
    except PolicyError as error:
        yield from (Finding("error", each) for each in error.problems)
    except BundleError as error:
        yield Finding("error", Problem(str(policies), 1, 1, str(error)))
    if opa is None:
        message = "the rules could not be checked: put `opa` on the PATH"
        yield Finding("warning", Problem(str(policies), 1, 1, message))
