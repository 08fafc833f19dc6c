"""Reading a config: from a path to a `Config`, or to every problem at once (K3)."""

import gc
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import yaml

from modelward.config.checks import (
    check_ids,
    check_subjects,
    check_team_models,
    global_aliases,
    keys_with_final_aliases,
    teams_with_final_aliases,
)
from modelward.config.config import Config, Model
from modelward.config.credentials import said, with_credentials
from modelward.config.destinations import Destinations, one_address
from modelward.config.fallback_lists import fallbacks
from modelward.config.identifiers import fingerprints
from modelward.config.include import load
from modelward.config.pattern_checks import check_patterns
from modelward.config.places import places
from modelward.config.references import Environment, Secrets
from modelward.config.report import Report
from modelward.config.review import review
from modelward.config.secrets import report_literals
from modelward.config.sections import Sections, validate
from modelward.config.token_checks import check_tokens
from modelward.config.token_settings import token_settings
from modelward.config.trusted_issuers import trusted_issuers
from modelward.config.unknown import report_unknown
from modelward.config.values import Values, place
from modelward.errors import ConfigError


def read(path: Path, environ: Mapping[str, str], *, secrets: Secrets = "resolve") -> Config:
    """Read a LiteLLM `config.yaml` with what it includes; `os.environ/NAME` comes from `environ` (K1, K2).

    With `secrets="refuse"`, to build a bundle, credentials are not looked up and must not stand in the file (K4);
    with `secrets="keep"` those that do are warnings.
    Raises ConfigError with all problems.
    """
    with _collector_paused():
        files = load(path)
        values = Values()
        document = values.of(files.root)
        report = Report(files.root)
        report.problems += files.problems + values.problems
        report.warnings += files.warnings
        report_unknown(document, report)
        if secrets != "resolve":
            say = report.problem if secrets == "refuse" else report.warning
            report_literals(document, say)
        environment = Environment({**environ, **_own_variables(files.root, environ)}, secrets)
        sections = validate(document, environment, report)
        config = replace(
            _config(sections, document, report),
            models=_models(sections, document, environment, report),
            files=tuple(files.paths),
            issuers=trusted_issuers(sections, environment, report),
        )
        return _checked(config, sections, document, report)


def _checked(config: Config, sections: Sections, document: Mapping[str, Any], report: Report) -> Config:
    if report.problems:
        raise ConfigError(report.problems, config.files)
    review(sections, config.aliases, report)
    if document.get("general_settings") is None or "master_key" not in document["general_settings"]:
        report.warning((), "`general_settings.master_key` is not set: nobody can use the admin API")
    warnings = tuple(sorted(set(report.warnings)))
    return replace(config, places=places(sections, report), warnings=warnings, notes=report.notes)


def _config(sections: Sections, document: Mapping[str, Any], report: Report) -> Config:
    check_subjects(sections, report)
    check_team_models(sections.models, report)
    check_tokens(sections, report)
    check_patterns(sections, report)
    return Config(
        files=(),
        aliases=global_aliases(sections, report),
        keys=keys_with_final_aliases(sections.keys, report),
        teams=teams_with_final_aliases(sections.teams, report),
        users=tuple(sections.users.values()),
        organizations=tuple(sections.organizations.values()),
        projects=tuple(sections.projects.values()),
        customers=tuple(sections.customers.values()),
        access_groups=tuple(sections.access_groups.values()),
        tokens=token_settings(sections),
        fallbacks=fallbacks(sections, report),
        personal_keys_from_teams=sections.litellm.personal_key_model_access_from_teams,
        enforce_fallback_model_access=sections.general.enforce_fallback_model_access,
        provider_names=sections.modelward.provider_names,
        master_key=sections.general.master_key,
        completion_model=sections.general.completion_model,
        allowed_routes=None if sections.general.allowed_routes is None else tuple(sections.general.allowed_routes),
        admin_only_routes=tuple(sections.general.admin_only_routes),
        empty_list=sections.modelward.empty_list,
        model_fields=tuple(sections.modelward.places),
        timeout=sections.router.timeout or sections.litellm.request_timeout,
    )


def _models(
    sections: Sections, document: Mapping[str, Any], environment: Environment, report: Report
) -> tuple[Model, ...]:
    items = with_credentials(sections.models, sections.credentials, report)
    made = fingerprints(document["model_list"][index] for index in items)
    ids = {index: item.model_info.id or id_ for (index, item), id_ in zip(items.items(), made, strict=True)}
    check_ids(ids, report)
    resolver = Destinations(document, environment.variables, report)
    found = {index: resolver.of(index, item.litellm_params) for index, item in items.items()}
    return tuple(
        Model(ids[index], item, found[index], one_address(found[index].provider, said(document, index)))
        for index, item in items.items()
    )


def _own_variables(root: yaml.MappingNode, environ: Mapping[str, str]) -> dict[str, str]:
    """The variables that the config itself sets; they count before those of the process, as in LiteLLM."""
    section = place(root, ("environment_variables",))[1]
    pairs = section.value if section is not root and isinstance(section, yaml.MappingNode) else []
    outer = Environment(environ, "resolve")
    own = {key.value: outer.find(value.value) for key, value in pairs if isinstance(value, yaml.ScalarNode)}
    return {name: text for name, text in own.items() if text is not None}


@contextmanager
def _collector_paused() -> Iterator[None]:
    # A large config is some 10^5 objects that all stay alive: collecting them over and over takes four times as long
    # as reading them.
    was_enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_enabled:
            gc.enable()
