"""Reading a config: from a path to a `Config`, or to every problem at once (K3)."""

import gc
import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import yaml

from modelward.config.checks import (
    check_ids,
    check_patterns,
    check_subjects,
    check_team_models,
    check_tokens,
    fingerprints,
    global_aliases,
    report_literals,
    with_final_aliases,
)
from modelward.config.config import Config, Model, places
from modelward.config.destinations import Destinations, one_address, said, with_credentials
from modelward.config.fields import Environment, Secrets
from modelward.config.grants import fallbacks
from modelward.config.report import ConfigReport
from modelward.config.review import review
from modelward.config.sections import Sections, validate
from modelward.config.source import Values, compose, place, problem_at, settle
from modelward.config.tokens import token_settings, trusted_issuers
from modelward.config.unknown import report_unknown
from modelward.errors import ConfigError, Problem

Pair = tuple[yaml.Node, yaml.Node]


@dataclass
class Files:
    """The merged tree of a config file; `paths` are all files read, `problems` what was wrong with them.

    A setting that two files set counts as the included file has it, and `warnings` says so.
    """

    root: yaml.MappingNode
    paths: list[Path] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    warnings: list[Problem] = field(default_factory=list)


def load(path: Path) -> Files:
    """Read `path` and everything it includes; paths in `include` are relative to the file that includes them.

    Raises ConfigError when `path` itself cannot be used; what is wrong with included files is in `problems`.
    """
    files = Files(compose(path, str(path)), [path])
    _Loader(path.parent, files).complete(files.root, path, (os.path.realpath(path),))
    return files


class _Loader:
    def __init__(self, folder: Path, files: Files) -> None:
        self._folder = folder
        self._files = files
        self._seen = {os.path.realpath(path) for path in files.paths}

    def complete(self, root: yaml.MappingNode, path: Path, stack: tuple[str, ...]) -> None:
        """Settle the file's tree, then merge what it includes into it; `stack` are the files on the way here."""
        self._files.problems += settle(root)
        for item in self._take_includes(root):
            included = self._included(item, path.parent / item.value, stack)
            if included is not None:
                self._merge(root, included)

    def _take_includes(self, root: yaml.MappingNode) -> list[yaml.ScalarNode]:
        pairs = [pair for pair in root.value if pair[0].value == "include"]
        root.value = [pair for pair in root.value if pair[0].value != "include"]
        items = [
            item for _, value in pairs for item in (value.value if isinstance(value, yaml.SequenceNode) else [value])
        ]
        good = [item for item in items if isinstance(item, yaml.ScalarNode) and item.value.isprintable() and item.value]
        for item in items:
            if item not in good:
                self._problem(item, "`include` must be a file name or a list of file names")
        return good

    def _included(self, item: yaml.ScalarNode, path: Path, stack: tuple[str, ...]) -> yaml.MappingNode | None:
        target = os.path.realpath(path)
        if target in stack:
            self._problem(item, f"`{item.value}` includes itself; remove one `include` of the circle")
            return None
        if target in self._seen:
            self._problem(item, f"`{item.value}` is included twice; remove one of the two")
            return None
        self._files.paths.append(path)
        self._seen.add(target)
        try:
            root = compose(path, os.path.relpath(path, self._folder))
            self.complete(root, path, (*stack, target))
        except ConfigError as error:
            self._unreadable(item, path, error)
            return None
        return root

    def _unreadable(self, item: yaml.ScalarNode, path: Path, error: ConfigError) -> None:
        if os.path.isfile(path):  # noqa: PTH113 - unlike `Path.is_file`, this has an answer for every name
            self._files.problems += error.problems
        else:
            self._problem(item, f"`{item.value}` cannot be included: {error.problems[0].message}")

    def _merge(self, root: yaml.MappingNode, included: yaml.MappingNode) -> None:
        for key, value in included.value:
            mine = next((pair for pair in root.value if pair[0].value == key.value), None)
            if mine is None:
                root.value.append((key, value))
            elif isinstance(mine[1], yaml.SequenceNode) and isinstance(value, yaml.SequenceNode):
                mine[1].value = mine[1].value + value.value
            elif isinstance(mine[1], yaml.MappingNode) and isinstance(value, yaml.MappingNode):
                mine[1].value = self._updated(key.value, mine[1].value, value.value)
            else:
                root.value[root.value.index(mine)] = (key, value)

    def _updated(self, section: str, mine: list[Pair], theirs: list[Pair]) -> list[Pair]:
        own = {key.value: key for key, _ in mine}
        for key, _ in theirs:
            if key.value in own:
                mark = own[key.value].start_mark
                where = f"{mark.name}:{mark.line + 1}:{mark.column + 1}"
                name = f"{section}.{key.value}"
                self._files.warnings.append(
                    problem_at(key.start_mark, f"`{name}` is set at {where} too; this one counts")
                )
        replaced = {key.value for key, _ in theirs}
        return [pair for pair in mine if pair[0].value not in replaced] + theirs

    def _problem(self, node: yaml.Node, message: str) -> None:
        self._files.problems.append(problem_at(node.start_mark, message))


def read(path: Path, environ: Mapping[str, str], *, secrets: Secrets = "resolve") -> Config:
    """Read a LiteLLM `config.yaml` with what it includes; `os.environ/NAME` comes from `environ` (K1, K2).

    With `secrets="refuse"`, to build a bundle, credentials are not looked up and must not be in the file (K4);
    with `secrets="keep"` those that do are warnings.
    Raises ConfigError with all problems.
    """
    with _collector_paused():
        files = load(path)
        values = Values()
        document = values.of(files.root) or {}  # of a kind that cannot be read, which is a problem
        report = ConfigReport(files.root)
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


def _checked(config: Config, sections: Sections, document: Mapping[str, Any], report: ConfigReport) -> Config:
    if report.problems:
        raise ConfigError(report.problems, config.files)
    review(sections, config.aliases, report)
    if document.get("general_settings") is None or "master_key" not in document["general_settings"]:
        report.warning((), "`general_settings.master_key` is not set: nobody can use the admin API")
    warnings = tuple(sorted(set(report.warnings)))
    return replace(config, places=places(sections, report), warnings=warnings, notes=report.notes)


def _config(sections: Sections, document: Mapping[str, Any], report: ConfigReport) -> Config:
    check_subjects(sections, report)
    check_team_models(sections.model_list, report)
    check_tokens(sections, report)
    check_patterns(sections, report)
    return Config(
        files=(),
        aliases=global_aliases(sections, report),
        keys=with_final_aliases("keys", sections.keys, "aliases", report),
        teams=with_final_aliases("teams", sections.teams, "model_aliases", report),
        users=tuple(sections.users.values()),
        organizations=tuple(sections.organizations.values()),
        projects=tuple(sections.projects.values()),
        customers=tuple(sections.customers.values()),
        access_groups=tuple(sections.access_groups.values()),
        tokens=token_settings(sections),
        fallbacks=fallbacks(sections, report),
        litellm_settings=sections.litellm_settings,
        general_settings=sections.general_settings,
        modelward_settings=sections.modelward_settings,
        timeout=sections.router_settings.timeout or sections.litellm_settings.request_timeout,
    )


def _models(
    sections: Sections, document: Mapping[str, Any], environment: Environment, report: ConfigReport
) -> tuple[Model, ...]:
    items = with_credentials(sections.model_list, sections.credential_list, report)
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
