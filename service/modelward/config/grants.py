"""Where a config names models: in lists of subjects, as aliases, and as fallbacks."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from modelward.config.report import ConfigReport
from modelward.config.sections import Sections
from modelward.config.settings import PERMISSIONS, SCOPES
from modelward.config.source import NodePath
from modelward.contract import Fallbacks

RECORDS: Mapping[str, tuple[str, str]] = {
    "keys": ("key", "token"),
    "teams": ("team", "team_id"),
    "users": ("user", "user_id"),
    "organizations": ("organization", "organization_id"),
    "projects": ("project", "project_id"),
    "customers": ("customer", "user_id"),
    "access_groups": ("access_group", "access_group_id"),
}
"""By the section that declares them: what subjects are called, and their id."""

_LISTS = {"member": "allowed_models", "access_group": "access_model_names"}
"""The lists of models that are not called `models`."""


def declared(sections: Sections) -> Iterator[tuple[str, NodePath, str, Any]]:
    """Every declared subject, members of teams too: what it is called, its place, its id and the record. The id of a
    member is `team/user`."""
    for section, (kind, field) in RECORDS.items():
        for index, record in getattr(sections, section).items():
            yield kind, (section, index), getattr(record, field), record
    for index, team in sections.teams.items():
        for place, member in enumerate(team.members_with_roles):
            path = ("teams", index, "members_with_roles", place)
            yield "member", path, f"{team.team_id}/{member.user_id}", member


def grant_lists(sections: Sections) -> Iterator[tuple[str, str, NodePath, Sequence[str]]]:
    """The lists of models of all declared subjects, roles and scopes, also the empty ones: what the subject is called,
    its id, a role's or a scope's own word, the place of the list, and its items."""
    for kind, path, id_, record in declared(sections):
        field = _LISTS.get(kind, "models")
        yield kind, id_, (*path, field), getattr(record, field)
    for index, permission in enumerate(sections.general_settings.role_permissions):
        yield "role", permission.role, (*PERMISSIONS, index, "models"), permission.models or []
    for index, mapping in enumerate(sections.general_settings.litellm_jwtauth.scopes or []):
        yield "scope", mapping.scope, (*SCOPES, index, "models"), mapping.models


def grants(sections: Sections) -> Iterator[tuple[str, NodePath, str]]:
    """Every item of those lists: what the subject is called, the item's place, and the item."""
    for kind, _, path, items in grant_lists(sections):
        yield from ((kind, (*path, place), item) for place, item in enumerate(items))


def places(sections: Sections, report: ConfigReport) -> Mapping[tuple[str, str], str]:
    """The place of each subject's list of models, or of the subject where it has none, keyed by kind and id.

    The kinds are those of `grant_lists`, and `model`: the first item of the entry in `model_list`, a common one before
    a team's own.
    """
    paths: dict[tuple[str, str], NodePath] = {}
    for kind, id_, path, _ in grant_lists(sections):
        paths.setdefault((kind, id_), path)
    for index, item in sorted(sections.model_list.items(), key=lambda pair: pair[1].model_info.team_id is not None):
        for name in (item.public_name, item.model_name):
            paths.setdefault(("model", name), ("model_list", index))
    return {subject: report.place(path) for subject, path in paths.items()}


def global_aliases(sections: Sections) -> dict[NodePath, Mapping[str, str]]:
    """The targets of the global aliases, by the place of their map."""
    groups = sections.router_settings.model_group_alias
    return {
        ("router_settings", "model_group_alias"): {alias: group.model for alias, group in groups.items()},
        ("litellm_settings", "model_alias_map"): sections.litellm_settings.model_alias_map,
    }


def alias_maps(sections: Sections) -> dict[NodePath, Mapping[str, str]]:
    """The same, and those of keys and teams."""
    found = global_aliases(sections)
    found |= {("keys", index, "aliases"): key.aliases for index, key in sections.keys.items()}
    found |= {("teams", index, "model_aliases"): team.model_aliases for index, team in sections.teams.items()}
    return found


_KINDS = {
    "fallbacks": "general",
    "context_window_fallbacks": "context_window",
    "content_policy_fallbacks": "content_policy",
}
"""The fields of the contract's Fallbacks, by the settings."""


def fallback_lists(sections: Sections) -> Iterator[tuple[NodePath, str, str, tuple[str, ...]]]:
    """Every list of targets, in the order of the file's sections and settings: its place, its kind, the model's name,
    or `*`, and the targets."""
    for section in ("router_settings", "litellm_settings"):
        settings = getattr(sections, section)
        for field, kind in _KINDS.items():
            for index, targets_of in enumerate(getattr(settings, field)):
                for name, targets in targets_of.items():
                    yield (section, field, index, name), kind, name, tuple(targets)
        if settings.default_fallbacks:
            yield (section, "default_fallbacks"), "general", "*", tuple(settings.default_fallbacks)


def single_models(sections: Sections) -> Iterator[tuple[NodePath, str, bool]]:
    """Where one model must be named, the place, the name, and whether it is a key there: targets of aliases, fallbacks
    and what they are for, the model of all completions."""
    for path, targets in alias_maps(sections).items():
        yield from (((*path, alias), target, False) for alias, target in targets.items())
    for path, _, name, names in fallback_lists(sections):
        yield from (((*path, place), target, False) for place, target in enumerate(names))
        if name != "*":
            yield path, name, True
    if sections.general_settings.completion_model:
        yield ("general_settings", "completion_model"), sections.general_settings.completion_model, False


def fallbacks(sections: Sections, report: ConfigReport) -> Fallbacks:
    """All fallbacks; a name with two lists of targets of one kind is a problem."""
    found: dict[str, dict[str, tuple[str, ...]]] = {kind: {} for kind in _KINDS.values()}
    first: dict[tuple[str, str], NodePath] = {}
    for path, kind, name, targets in fallback_lists(sections):
        known = first.setdefault((kind, name), path)
        if found[kind].setdefault(name, targets) != targets:
            where = ".".join(map(str, known[:2]))
            report.problem(path, f"`{name}` has other targets in `{where}`; keep one of the two", key=True)
    return Fallbacks(**found)
