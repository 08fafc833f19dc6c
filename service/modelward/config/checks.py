"""What no section can see alone: ids given twice, names that mean two things, settings that contradict each other."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any, TypeVar

from pydantic import BaseModel

from modelward.config.fields import final_targets, foreign_pattern
from modelward.config.grants import SUBJECTS, alias_maps, global_alias_maps, grants, single_models
from modelward.config.report import ConfigReport
from modelward.config.sections import Sections
from modelward.config.source import NodePath
from modelward.config.tokens import check_tokens
from modelward.contract import Alias
from modelward.contract.facts import key_hash
from modelward.errors import AliasCycle

S = TypeVar("S", bound=BaseModel)


def check(sections: Sections, report: ConfigReport) -> None:
    """Add the problems to the report."""
    check_tokens(sections, report)
    _check_subjects(sections, report)
    _check_team_models(sections, report)
    _check_patterns(sections, report)


def _check_patterns(sections: Sections, report: ConfigReport) -> None:
    """Names of models must be written in our language; what an entry or a group has for its very name is a name."""
    own: list[tuple[NodePath, str]] = []
    known: set[str] = set()
    for index, item in sections.model_list.items():
        public = item.model_info.team_public_model_name
        own.append((("model_list", index, "model_name"), item.model_name))
        own += [(("model_list", index, "model_info", "team_public_model_name"), public)] if public else []
        known |= {name for name in (item.model_name, item.public_name) if "*" not in name}
        known.update(item.model_info.access_groups)
    others = [each for each in _other_names(sections) if each[1] not in known]
    for path, name, key in [*((*each, False) for each in own), *others]:
        if problem := foreign_pattern(name):
            report.problem(path, problem, key=key)


def _other_names(sections: Sections) -> Iterator[tuple[NodePath, str, bool]]:
    """Names of models but those of entries: the place, the name, and whether it is a key there."""
    yield from ((path, item, False) for _, path, item in grants(sections))
    yield from single_models(sections)
    for path, targets in alias_maps(sections).items():
        yield from (((*path, alias), alias, True) for alias in targets)
    for provider, names in sections.modelward_settings.provider_names.items():
        for place, name in enumerate(names):
            yield ("modelward_settings", "provider_names", provider, place), name, False


_ONCE = {
    **{section: (id_,) for section, (_, id_, _) in SUBJECTS.items()},
    "keys": ("key_alias", "token"),
    "credential_list": ("credential_name",),
}
"""By section: the fields that no two of its items may have alike."""


def _check_subjects(sections: Sections, report: ConfigReport) -> None:
    """Ids, hashes and aliases of declared subjects must be unique, and the master key is no virtual key."""
    for section, fields in _ONCE.items():
        _unique((section,), getattr(sections, section), fields, report)
    for index, team in sections.teams.items():
        members = dict(enumerate(team.members_with_roles))
        _unique(("teams", index, "members_with_roles"), members, ("user_id",), report)
    master = sections.general_settings.master_key
    for index, key in sections.keys.items():
        if master is not None and key.token == key_hash(master):
            report.problem(("keys", index), "the master key cannot be a virtual key too; declare another key")


def _unique(path: NodePath, items: Mapping[int, BaseModel], fields: Iterable[str], report: ConfigReport) -> None:
    for field in fields:
        word = "key_hash" if field == "token" else field
        seen: set[Any] = set()
        for index, item in items.items():
            value = getattr(item, field)
            if value is not None and value in seen:
                report.problem((*path, index, word), f"this `{word}` is declared twice; keep one")
            seen.add(value)


def _check_team_models(sections: Sections, report: ConfigReport) -> None:
    """For its team, each name of a team's own deployment means one public name (C6)."""
    owned = {index: item for index, item in sections.model_list.items() if item.model_info.team_id}
    public = {(item.model_info.team_id, item.public_name): item.public_name for item in owned.values()}
    for index, item in owned.items():
        team = item.model_info.team_id
        if public.setdefault((team, item.model_name), item.public_name) != item.public_name:
            where = f"for team `{team}` the name `{item.model_name}` already means another public name"
            report.problem(("model_list", index, "model_name"), f"{where}; choose another `model_name`")


def global_aliases(sections: Sections, report: ConfigReport) -> dict[str, Alias]:
    """The aliases of `model_group_alias` and `model_alias_map` with their final targets (C5)."""
    groups = sections.router_settings.model_group_alias
    targets: dict[str, str] = {}
    paths: dict[str, NodePath] = {}
    for path, aliases in global_alias_maps(sections).items():
        for alias, target in aliases.items():
            paths.setdefault(alias, (*path, alias))
            if targets.setdefault(alias, target) != target:
                message = f"the alias `{alias}` has another target in `model_group_alias`; keep one of the two"
                report.problem((*path, alias), message)
    ends = _followed(targets, paths, report)
    return {alias: Alias(target=end, hidden=alias in groups and groups[alias].hidden) for alias, end in ends.items()}


def with_final_aliases(section: str, items: Mapping[int, S], field: str, report: ConfigReport) -> dict[int, S]:
    """The declared keys or teams, their aliases followed to the end."""
    found = {}
    for index, item in items.items():
        aliases = getattr(item, field)
        ends = _followed(aliases, {alias: (section, index, field, alias) for alias in aliases}, report)
        found[index] = item.model_copy(update={field: ends})
    return found


def _followed(aliases: Mapping[str, str], paths: Mapping[str, NodePath], report: ConfigReport) -> dict[str, str]:
    for alias, target in aliases.items():
        if "*" in target:
            report.problem(paths[alias], f"the alias `{alias}` must lead to one model, not to the pattern `{target}`")
    try:
        return final_targets(aliases)
    except AliasCycle as cycle:
        report.problem(paths[cycle.names[0]], f"aliases lead in a circle: {cycle}; break it")
        return {}
