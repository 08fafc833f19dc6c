"""A config, and how it is read: from a path to a `Config`, or to every problem at once (K3)."""

import gc
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path

import yaml

from modelward.config.checks import check, final_aliases, review, with_final_aliases
from modelward.config.fields import Environment, Secrets
from modelward.config.grants import fallbacks, places
from modelward.config.models import Model, models
from modelward.config.report import ConfigReport
from modelward.config.sections import Sections, validate
from modelward.config.source import Files, Values, place
from modelward.config.tokens import token_settings, trusted_issuers
from modelward.config.words import report_literals, report_unknown
from modelward.contract import Alias, Fallbacks, Issuer, TokenSettings
from modelward.errors import ConfigError, Problem


@dataclass(frozen=True)
class Config(Sections):
    """A config without problems: its sections, and what is made of them.

    `files` are all files it came from. Aliases, those of keys and teams too, lead to their final target. `issuers` is
    empty when JWT auth is off; where credentials are not resolved, they have no addresses of keys. `places` has where
    lists of models and entries are declared, `file:line:column`, keyed by kind and id. `warnings` say what is probably
    not meant, `notes` name the settings that mean nothing here.
    """

    files: tuple[Path, ...]
    models: tuple[Model, ...]
    aliases: Mapping[str, Alias]
    issuers: tuple[Issuer, ...]
    tokens: TokenSettings
    fallbacks: Fallbacks
    places: Mapping[tuple[str, str], str]
    warnings: tuple[Problem, ...] = ()
    notes: tuple[Problem, ...] = ()

    @property
    def timeout(self) -> float | None:
        """How many seconds a deployment has that says nothing else."""
        return self.router_settings.timeout or self.litellm_settings.request_timeout


def read(path: Path, environ: Mapping[str, str], *, secrets: Secrets = "resolve") -> Config:
    """Read a LiteLLM `config.yaml` with what it includes; `os.environ/NAME` comes from `environ` (K1, K2).

    With `secrets="refuse"`, to build a bundle, credentials are not looked up and must not be in the file (K4);
    with `secrets="keep"` those that do are warnings.
    Raises ConfigError with all problems.
    """
    # A large config is some 10^5 objects that all stay alive: collecting them over and over takes four times as long
    # as reading them.
    was_enabled = gc.isenabled()
    gc.disable()
    try:
        return _read(Files(path), environ, secrets)
    finally:
        if was_enabled:
            gc.enable()


def _read(files: Files, environ: Mapping[str, str], secrets: Secrets) -> Config:
    values = Values()
    document = values.of(files.root) or {}  # of a kind that cannot be read, which is a problem
    report = ConfigReport(files.root)
    report.problems += files.problems + values.problems
    report.warnings += files.warnings
    report_unknown(document, report)
    if secrets != "resolve":
        report_literals(document, report.problem if secrets == "refuse" else report.warning)
    environment = Environment({**environ, **_own_variables(files.root, environ, report)}, secrets)
    sections = validate(document, environment, report)
    check(sections, report)
    config = Config(
        **{
            **vars(sections),
            "keys": with_final_aliases("keys", sections.keys, "aliases", report),
            "teams": with_final_aliases("teams", sections.teams, "model_aliases", report),
        },
        files=tuple(files.paths),
        models=tuple(models(sections, document, environment, report)),
        aliases=final_aliases(sections, report),
        issuers=trusted_issuers(sections, environment, report),
        tokens=token_settings(sections),
        fallbacks=fallbacks(sections, report),
        places=places(sections, report),
    )
    if report.problems:
        raise ConfigError(report.problems, config.files)
    review(sections, config.aliases, report)
    if "master_key" not in (document.get("general_settings") or {}):
        report.warning((), "`general_settings.master_key` is not set: nobody can use the admin API")
    return replace(config, warnings=tuple(sorted(set(report.warnings))), notes=report.notes)


def _own_variables(root: yaml.MappingNode, environ: Mapping[str, str], report: ConfigReport) -> dict[str, str]:
    """The variables that the config itself sets; they count before those of the process, as in LiteLLM."""
    section = place(root, ("environment_variables",))[1]
    pairs = section.value if section is not root and isinstance(section, yaml.MappingNode) else []
    outer = Environment(environ, "resolve")
    found: dict[str, str] = {}
    for key, value in pairs:
        if isinstance(value, yaml.ScalarNode):
            try:
                text = outer.find(value.value)
            except ValueError as error:
                report.problem(("environment_variables", key.value), f"`{key.value}`: {error}")
                continue
            if text is not None:
                found[key.value] = text
    return found
