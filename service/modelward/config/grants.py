"""Lists of models and of fallbacks in a config."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal, TypeVar

from modelward.config.report import Report
from modelward.config.sections import Sections
from modelward.config.source import NodePath
from modelward.contract import Fallbacks

Kind = Literal["key", "team", "user", "member", "organization", "project", "customer", "access_group", "role", "scope"]

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class GrantList:
    """The models granted to one subject, whose place is `path`; `field` is the list's own name there.

    `id` is a key's hash, a member's `team/user`, a role's or a scope's own word, else the record's id.
    """

    kind: Kind
    id: str
    path: NodePath
    field: str
    models: Sequence[str]


def grant_lists(sections: Sections) -> Iterator[GrantList]:
    """The lists of all declared subjects, roles and scopes, also the empty ones."""
    yield from _lists("key", "keys", sections.keys, lambda key: (key.token, key.models))
    yield from _lists("team", "teams", sections.teams, lambda team: (team.team_id, team.models))
    yield from _lists("user", "users", sections.users, lambda user: (user.user_id, user.models))
    yield from _lists("organization", "organizations", sections.organizations, lambda o: (o.organization_id, o.models))
    yield from _lists("project", "projects", sections.projects, lambda project: (project.project_id, project.models))
    yield from _lists("customer", "customers", sections.customers, lambda customer: (customer.user_id, customer.models))
    for index, group in sections.access_groups.items():
        path = ("access_groups", index)
        yield GrantList("access_group", group.access_group_id, path, "access_model_names", group.access_model_names)
    yield from _members(sections)
    yield from _token_lists(sections)


def _lists(
    kind: Kind, section: str, items: Mapping[int, T], said: Callable[[T], tuple[str, Sequence[str]]]
) -> Iterator[GrantList]:
    for index, item in items.items():
        id_, models = said(item)
        yield GrantList(kind, id_, (section, index), "models", models)


def _members(sections: Sections) -> Iterator[GrantList]:
    for index, team in sections.teams.items():
        for place, member in enumerate(team.members_with_roles):
            path = ("teams", index, "members_with_roles", place)
            yield GrantList("member", f"{team.team_id}/{member.user_id}", path, "allowed_models", member.allowed_models)


def _token_lists(sections: Sections) -> Iterator[GrantList]:
    for index, permission in enumerate(sections.general_settings.role_permissions):
        path: NodePath = ("general_settings", "role_permissions", index)
        yield GrantList("role", permission.role, path, "models", permission.models or [])
    for index, mapping in enumerate(sections.general_settings.token_auth.scope_mappings or []):
        path = ("general_settings", "litellm_jwtauth", "scope_mappings", index)
        yield GrantList("scope", mapping.scope, path, "models", mapping.models)


FallbackKind = Literal["general", "context_window", "content_policy"]

_KINDS: dict[str, FallbackKind] = {
    "fallbacks": "general",
    "context_window_fallbacks": "context_window",
    "content_policy_fallbacks": "content_policy",
}


@dataclass(frozen=True, slots=True)
class FallbackList:
    """The targets of one model's name, or of `*`, with the list's place."""

    kind: FallbackKind
    name: str
    path: NodePath
    targets: tuple[str, ...]


def fallback_lists(sections: Sections) -> Iterator[FallbackList]:
    """Every list of targets, in the order of the file's sections and settings."""
    for section in ("router_settings", "litellm_settings"):
        settings = getattr(sections, section)
        for field, kind in _KINDS.items():
            for index, targets_of in enumerate(getattr(settings, field)):
                for name, targets in targets_of.items():
                    yield FallbackList(kind, name, (section, field, index, name), tuple(targets))
        if settings.default_fallbacks:
            yield FallbackList("general", "*", (section, "default_fallbacks"), tuple(settings.default_fallbacks))


def fallbacks(sections: Sections, report: Report) -> Fallbacks:
    """All fallbacks; a name with two lists of targets of one kind is a problem."""
    first: dict[tuple[FallbackKind, str], FallbackList] = {}
    for found in fallback_lists(sections):
        known = first.setdefault((found.kind, found.name), found)
        if known.targets != found.targets:
            where = ".".join(map(str, known.path[:2]))
            report.problem(found.path, f"`{found.name}` has other targets in `{where}`; keep one of the two", key=True)
    targets: dict[FallbackKind, dict[str, tuple[str, ...]]] = {kind: {} for kind in _KINDS.values()}
    for (kind, name), found in first.items():
        targets[kind][name] = found.targets
    return Fallbacks(**targets)
