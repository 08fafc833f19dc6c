"""`modelward check`: what is wrong, or probably not meant, with a config, the policies and the environment."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Literal

import orjson

from modelward import bundle, config
from modelward.errors import BundleError, ConfigError, PolicyError, Problem
from modelward.options import folder, opa_program, unknown_variables

Severity = Literal["error", "warning", "note"]


@dataclass(frozen=True, slots=True)
class Checked:
    """What was found, errors first; `deployments` counts those of a config without problems."""

    found: Mapping[Severity, list[Problem]]
    deployments: int

    def json(self) -> str:
        """What was found as a JSON list of `{file, line, column, severity, message}`."""
        items = [{**asdict(each), "severity": severity} for severity, found in self.found.items() for each in found]
        return orjson.dumps(items, option=orjson.OPT_INDENT_2).decode()


def check(path: Path, environ: Mapping[str, str]) -> Checked:
    """Checks the config at `path` and the policies; the credentials of upstreams are not looked up."""
    policies, opa = folder("policies", environ), opa_program(environ)
    found: dict[Severity, list[Problem]] = {"error": [], "warning": [], "note": []}
    try:
        if opa is None:
            message = "the rules could not be checked: put `opa` on the PATH"
            found["warning"].append(Problem(str(policies), 1, 1, message))
            bundle.read_rules(policies)
        else:
            bundle.check_policies(policies, opa)
    except PolicyError as error:
        found["error"] += error.problems
    except BundleError as error:
        found["error"].append(Problem(str(policies), 1, 1, str(error)))
    found["warning"] += (Problem("environment", 1, 1, said) for said in unknown_variables(environ))
    try:
        read = config.read(path, environ, secrets="keep")
    except ConfigError as error:
        found["error"] = [*error.problems, *found["error"]]
        return Checked(found, 0)
    found["warning"] += read.warnings
    found["note"] += read.notes
    return Checked(found, len(read.models))
