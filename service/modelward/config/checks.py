"""What no section can see alone: ids given twice, names that mean two things, aliases that lead in a circle."""

import hashlib
from collections.abc import Callable, Hashable, Iterable, Mapping
from typing import TypeVar

from modelward.config.aliases import AliasCycle, final_targets
from modelward.config.config import GlobalAlias
from modelward.config.keys import DeclaredKey
from modelward.config.model_list import ModelItem
from modelward.config.report import Report
from modelward.config.sections import Sections
from modelward.config.subjects import DeclaredTeam
from modelward.config.values import Path

T = TypeVar("T")


def check_subjects(sections: Sections, report: Report) -> None:
    """Ids, hashes and aliases of declared subjects must be unique, and the master key is no virtual key."""
    _unique(
        ("keys",), sections.keys, {"key_alias": lambda key: key.key_alias, "key_hash": lambda key: key.hash}, report
    )
    credentials = sections.credentials
    _unique(("credential_list",), credentials, {"credential_name": lambda each: each.credential_name}, report)
    _unique(("teams",), sections.teams, {"team_id": lambda team: team.team_id}, report)
    for index, team in sections.teams.items():
        members = dict(enumerate(team.members_with_roles))
        path = ("teams", index, "members_with_roles")
        _unique(path, members, {"user_id": lambda member: member.user_id}, report)
    _unique(("users",), sections.users, {"user_id": lambda user: user.user_id}, report)
    _unique(("organizations",), sections.organizations, {"organization_id": lambda o: o.organization_id}, report)
    _unique(("projects",), sections.projects, {"project_id": lambda project: project.project_id}, report)
    _unique(("customers",), sections.customers, {"user_id": lambda customer: customer.user_id}, report)
    groups = sections.access_groups
    _unique(("access_groups",), groups, {"access_group_id": lambda group: group.access_group_id}, report)
    master = sections.general.master_key
    for index, key in sections.keys.items():
        if master is not None and key.hash == hashlib.sha256(master.encode()).hexdigest():
            report.problem(("keys", index), "the master key cannot be a virtual key too; declare another key")


def check_ids(ids: Mapping[int, str], report: Report) -> None:
    """Every deployment has an id of its own."""
    first: dict[str, int] = {}
    for index, id_ in ids.items():
        if first.setdefault(id_, index) != index:
            report.problem(("model_list", index, "model_info", "id"), f"the `id` `{id_}` is given to two deployments")


def check_team_models(models: Mapping[int, ModelItem], report: Report) -> None:
    """For its team, each name of a team's own deployment means one public name (C6)."""
    public: dict[tuple[str, str], str] = {}
    for item in models.values():
        if item.model_info.team_id:
            public[item.model_info.team_id, item.public_name] = item.public_name
    for index, item in models.items():
        team = item.model_info.team_id
        if team and public.setdefault((team, item.model_name), item.public_name) != item.public_name:
            where = f"for team `{team}` the name `{item.model_name}` already means another public name"
            report.problem(("model_list", index, "model_name"), f"{where}; choose another `model_name`")


def global_aliases(sections: Sections, report: Report) -> dict[str, GlobalAlias]:
    """The aliases of `model_group_alias` and `model_alias_map` with their final targets (C5)."""
    groups = sections.router.model_group_alias
    targets = {alias: group.model for alias, group in groups.items()}
    paths: dict[str, Path] = {alias: ("router_settings", "model_group_alias", alias) for alias in targets}
    for alias, target in sections.litellm.model_alias_map.items():
        path = ("litellm_settings", "model_alias_map", alias)
        if targets.setdefault(alias, target) != target:
            report.problem(path, f"the alias `{alias}` has another target in `model_group_alias`; keep one of the two")
        paths.setdefault(alias, path)
    ends = _followed(targets, paths, report)
    return {alias: GlobalAlias(end, alias in groups and groups[alias].hidden) for alias, end in ends.items()}


def keys_with_final_aliases(keys: Mapping[int, DeclaredKey], report: Report) -> tuple[DeclaredKey, ...]:
    """The declared keys, their `aliases` followed to the end."""
    return tuple(
        key.model_copy(update={"aliases": _followed_under(key.aliases, ("keys", index, "aliases"), report)})
        for index, key in keys.items()
    )


def teams_with_final_aliases(teams: Mapping[int, DeclaredTeam], report: Report) -> tuple[DeclaredTeam, ...]:
    """The declared teams, their `model_aliases` followed to the end."""
    return tuple(
        team.model_copy(
            update={"model_aliases": _followed_under(team.model_aliases, ("teams", index, "model_aliases"), report)}
        )
        for index, team in teams.items()
    )


def _followed_under(aliases: Mapping[str, str], path: Path, report: Report) -> dict[str, str]:
    return _followed(aliases, {alias: (*path, alias) for alias in aliases}, report)


def _followed(aliases: Mapping[str, str], paths: Mapping[str, Path], report: Report) -> dict[str, str]:
    for alias, target in aliases.items():
        if "*" in target:
            report.problem(paths[alias], f"the alias `{alias}` must lead to one model, not to the pattern `{target}`")
    try:
        return final_targets(aliases)
    except AliasCycle as cycle:
        report.problem(paths[cycle.names[0]], f"aliases lead in a circle: {cycle}; break it")
        return {}


def _unique(path: Path, items: Mapping[int, T], fields: Mapping[str, Callable[[T], Hashable]], report: Report) -> None:
    for field, value in fields.items():
        for index in _repeated((index, value(item)) for index, item in items.items()):
            report.problem((*path, index, field), f"this `{field}` is declared twice; keep one")


def _repeated(values: Iterable[tuple[int, Hashable]]) -> list[int]:
    seen: set[Hashable] = set()
    repeated = []
    for index, value in values:
        if value is not None and value in seen:
            repeated.append(index)
        seen.add(value)
    return repeated
