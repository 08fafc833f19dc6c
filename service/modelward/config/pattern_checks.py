"""Every name, grant, alias and fallback of a config that is written in another language of patterns (C2)."""

from collections.abc import Iterator

from modelward.config.fallback_lists import fallback_lists
from modelward.config.grants import grant_lists
from modelward.config.patterns import foreign_pattern
from modelward.config.report import Report
from modelward.config.sections import Sections
from modelward.config.values import Path


def check_patterns(sections: Sections, report: Report) -> None:
    """Add the problems to the report; what an entry or a group has for its very name is a name."""
    names = {name for item in sections.models.values() for name in (item.model_name, item.public_name)}
    known = {name for name in names if "*" not in name}
    for path, name, key in [*_entries(sections), *_others(sections, known)]:
        if problem := foreign_pattern(name):
            report.problem(path, problem, key=key)


def _entries(sections: Sections) -> Iterator[tuple[Path, str, bool]]:
    for index, item in sections.models.items():
        yield ("model_list", index, "model_name"), item.model_name, False
        if item.model_info.team_public_model_name:
            path = ("model_list", index, "model_info", "team_public_model_name")
            yield path, item.model_info.team_public_model_name, False


def _others(sections: Sections, known: set[str]) -> Iterator[tuple[Path, str, bool]]:
    groups = {group for item in sections.models.values() for group in item.model_info.access_groups}
    for path, name, key in [*_granted(sections), *_aliased(sections), *_fallen_back(sections)]:
        if name not in known | groups:
            yield path, name, key


def _granted(sections: Sections) -> Iterator[tuple[Path, str, bool]]:
    for grants in grant_lists(sections):
        for place, item in enumerate(grants.models):
            yield (*grants.path, grants.field, place), item, False
    for provider, names in sections.modelward.provider_names.items():
        for place, name in enumerate(names):
            yield ("modelward_settings", "provider_names", provider, place), name, False
    if sections.general.completion_model:
        yield ("general_settings", "completion_model"), sections.general.completion_model, False


def _aliased(sections: Sections) -> Iterator[tuple[Path, str, bool]]:
    groups = sections.router.model_group_alias
    for path, aliases in (
        (("router_settings", "model_group_alias"), {alias: group.model for alias, group in groups.items()}),
        (("litellm_settings", "model_alias_map"), sections.litellm.model_alias_map),
        *((("keys", index, "aliases"), key.aliases) for index, key in sections.keys.items()),
        *((("teams", index, "model_aliases"), team.model_aliases) for index, team in sections.teams.items()),
    ):
        for alias, target in aliases.items():
            yield (*path, alias), alias, True
            yield (*path, alias), target, False


def _fallen_back(sections: Sections) -> Iterator[tuple[Path, str, bool]]:
    for found in fallback_lists(sections):
        if found.name != "*":
            yield found.path, found.name, True
        for place, target in enumerate(found.targets):
            yield (*found.path, place), target, False
