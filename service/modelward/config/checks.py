"""What no section can see alone: ids given twice, names that mean two things, settings that contradict each other."""

import hashlib
import json
import re
from collections import Counter
from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping
from typing import Any, TypeVar

from modelward.config.config import GlobalAlias
from modelward.config.fields import final_targets, foreign_pattern
from modelward.config.grants import fallback_lists, grant_lists
from modelward.config.model_list import ModelItem
from modelward.config.report import Report
from modelward.config.sections import Sections
from modelward.config.source import NodePath
from modelward.config.subjects import DeclaredTeam
from modelward.config.token_auth import ClaimFields, TokenAuth, claim_paths
from modelward.contract import Key
from modelward.contract.facts import key_hash
from modelward.errors import AliasCycle

_SECRET = re.compile(r"(?:^|_)(?:key|secret|token|password|credentials)$")
_REFERENCES = ("os.environ/", "oidc/")


def is_secret(setting: str) -> bool:
    """Whether a setting of `litellm_params` holds a credential."""
    return _SECRET.search(setting) is not None


_HOLDERS = (("model_list", "litellm_params"), ("credential_list", "credential_values"))


def report_literals(document: Mapping[str, Any], say: Callable[[NodePath, str], None]) -> None:
    """Say where a credential stands in clear under `litellm_params` and `credential_values`."""
    for section, holder in _HOLDERS:
        items = document.get(section)
        for index, item in enumerate(items if isinstance(items, list) else []):
            values = item.get(holder) if isinstance(item, dict) else None
            for name, value in values.items() if isinstance(values, dict) else ():
                if is_secret(name) and _is_literal(name, value):
                    say(
                        (section, index, holder, name),
                        f"`{name}` is a secret in clear; write `os.environ/NAME` and set that variable for the service",
                    )


def _is_literal(name: str, value: Any) -> bool:
    if name.endswith("credentials") and isinstance(value, str) and not value.lstrip().startswith("{"):
        return False  # the path of a file
    return bool(value) and not (isinstance(value, str) and value.startswith(_REFERENCES))


def fingerprints(items: Iterable[Mapping[str, Any]]) -> list[str]:
    """An id for each item of `model_list`: 32 hex digits, and `-2`, `-3` ... for items that say the same.

    It is made from the text of the file, not from the environment, and not from credentials or access groups: the
    bundle built in one place and the service that runs in another agree on it, and no secret has a part in it.
    """
    seen: Counter[str] = Counter()
    result = []
    for item in items:
        digest = _digest(item)
        seen[digest] += 1
        result.append(digest if seen[digest] == 1 else f"{digest}-{seen[digest]}")
    return result


def _digest(item: Mapping[str, Any]) -> str:
    params = {name: value for name, value in _map(item.get("litellm_params")).items() if not is_secret(name)}
    said = [item.get("model_name"), _map(item.get("model_info")).get("team_id"), params]
    return hashlib.sha256(json.dumps(said, sort_keys=True).encode()).hexdigest()[:32]


def _map(value: Any) -> Mapping[str, Any]:
    return value if isinstance(value, Mapping) else {}


def check_patterns(sections: Sections, report: Report) -> None:
    """Add the problems to the report; what an entry or a group has for its very name is a name."""
    names = {name for item in sections.model_list.values() for name in (item.model_name, item.public_name)}
    known = {name for name in names if "*" not in name}
    for path, name, key in [*_entries(sections), *_others(sections, known)]:
        if problem := foreign_pattern(name):
            report.problem(path, problem, key=key)


def _entries(sections: Sections) -> Iterator[tuple[NodePath, str, bool]]:
    for index, item in sections.model_list.items():
        yield ("model_list", index, "model_name"), item.model_name, False
        if item.model_info.team_public_model_name:
            path = ("model_list", index, "model_info", "team_public_model_name")
            yield path, item.model_info.team_public_model_name, False


def _others(sections: Sections, known: set[str]) -> Iterator[tuple[NodePath, str, bool]]:
    groups = {group for item in sections.model_list.values() for group in item.model_info.access_groups}
    for path, name, key in [*_granted(sections), *_aliased(sections), *_fallen_back(sections)]:
        if name not in known | groups:
            yield path, name, key


def _granted(sections: Sections) -> Iterator[tuple[NodePath, str, bool]]:
    for grants in grant_lists(sections):
        for place, item in enumerate(grants.models):
            yield (*grants.path, grants.field, place), item, False
    for provider, names in sections.modelward_settings.provider_names.items():
        for place, name in enumerate(names):
            yield ("modelward_settings", "provider_names", provider, place), name, False
    if sections.general_settings.completion_model:
        yield ("general_settings", "completion_model"), sections.general_settings.completion_model, False


def _aliased(sections: Sections) -> Iterator[tuple[NodePath, str, bool]]:
    groups = sections.router_settings.model_group_alias
    for path, aliases in (
        (("router_settings", "model_group_alias"), {alias: group.model for alias, group in groups.items()}),
        (("litellm_settings", "model_alias_map"), sections.litellm_settings.model_alias_map),
        *((("keys", index, "aliases"), key.aliases) for index, key in sections.keys.items()),
        *((("teams", index, "model_aliases"), team.model_aliases) for index, team in sections.teams.items()),
    ):
        for alias, target in aliases.items():
            yield (*path, alias), alias, True
            yield (*path, alias), target, False


def _fallen_back(sections: Sections) -> Iterator[tuple[NodePath, str, bool]]:
    for found in fallback_lists(sections):
        if found.name != "*":
            yield found.path, found.name, True
        for place, target in enumerate(found.targets):
            yield (*found.path, place), target, False


_AUTH: NodePath = ("general_settings", "litellm_jwtauth")
_PERMISSIONS: NodePath = ("general_settings", "role_permissions")


def check_tokens(sections: Sections, report: Report) -> None:
    """Add the problems to the report."""
    auth = sections.general_settings.token_auth
    _check_user_roles(auth, report)
    if auth.scope_mappings is not None and not auth.enforce_scope_based_access:
        message = "`scope_mappings` need `enforce_scope_based_access: true`; set it, or remove them"
        report.problem((*_AUTH, "scope_mappings"), message, key=True)
    for path, claims in _claim_fields(auth):
        if claims.object_id_jwt_field is not None and auth.role_mappings is None:
            message = "`object_id_jwt_field` needs `role_mappings`, which say whose id it is; set them, or remove this"
            report.problem((*path, "object_id_jwt_field"), message, key=True)
    _check_once("role", _PERMISSIONS, [item.role for item in sections.general_settings.role_permissions], report)
    _check_once("issuer", (*_AUTH, "issuers"), [item.issuer for item in auth.issuers], report)


def review_tokens(sections: Sections, report: Report) -> None:
    """Add the warnings to the report."""
    general, auth = sections.general_settings, sections.general_settings.token_auth
    if not general.enable_jwt_auth:
        for path, given in ((_AUTH, auth.model_fields_set), (_PERMISSIONS, general.role_permissions)):
            if given:
                report.warning(path, f"`{path[-1]}` is not applied without `enable_jwt_auth: true`", key=True)
        return
    if general.role_permissions and not auth.enforce_rbac:
        message = "`role_permissions` are not applied without `enforce_rbac: true` in `litellm_jwtauth`"
        report.warning(_PERMISSIONS, message, key=True)
    if auth.enforce_scope_based_access and not auth.scope_mappings:
        message = "without `scope_mappings` no token may use any model"
        report.warning((*_AUTH, "enforce_scope_based_access"), message, key=True)
    if auth.unregistered_jwt_client_behavior == "reject" and not any(
        claim_paths(claims).key for _, claims in _claim_fields(auth)
    ):
        message = "without `virtual_key_claim_field` every token is refused"
        report.warning((*_AUTH, "unregistered_jwt_client_behavior"), message, key=True)


def _check_user_roles(auth: TokenAuth, report: Report) -> None:
    fields = [(path, claims) for path, claims in _claim_fields(auth) if claims.user_roles_jwt_field is not None]
    if auth.user_allowed_roles is None:
        for path, _ in fields:
            message = "`user_roles_jwt_field` needs `user_allowed_roles`; set both, or remove this"
            report.problem((*path, "user_roles_jwt_field"), message, key=True)
    elif not fields:
        message = "`user_allowed_roles` need `user_roles_jwt_field`; set both, or remove this"
        report.problem((*_AUTH, "user_allowed_roles"), message, key=True)


def _claim_fields(auth: TokenAuth) -> list[tuple[NodePath, ClaimFields]]:
    issuers = [((*_AUTH, "issuers", index), issuer) for index, issuer in enumerate(auth.issuers)]
    return [(_AUTH, auth), *issuers]


def _check_once(word: str, path: NodePath, values: list[str], report: Report) -> None:
    for index, value in enumerate(values):
        if value in values[:index]:
            report.problem((*path, index, word), f"the {word} `{value}` is listed twice; keep one")


T = TypeVar("T")


def check_subjects(sections: Sections, report: Report) -> None:
    """Ids, hashes and aliases of declared subjects must be unique, and the master key is no virtual key."""
    _unique(
        ("keys",), sections.keys, {"key_alias": lambda key: key.key_alias, "key_hash": lambda key: key.token}, report
    )
    credentials = sections.credential_list
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
    master = sections.general_settings.master_key
    for index, key in sections.keys.items():
        if master is not None and key.token == key_hash(master):
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
    groups = sections.router_settings.model_group_alias
    targets = {alias: group.model for alias, group in groups.items()}
    paths: dict[str, NodePath] = {alias: ("router_settings", "model_group_alias", alias) for alias in targets}
    for alias, target in sections.litellm_settings.model_alias_map.items():
        path = ("litellm_settings", "model_alias_map", alias)
        if targets.setdefault(alias, target) != target:
            report.problem(path, f"the alias `{alias}` has another target in `model_group_alias`; keep one of the two")
        paths.setdefault(alias, path)
    ends = _followed(targets, paths, report)
    return {alias: GlobalAlias(end, alias in groups and groups[alias].hidden) for alias, end in ends.items()}


def keys_with_final_aliases(keys: Mapping[int, Key], report: Report) -> tuple[Key, ...]:
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


def _followed_under(aliases: Mapping[str, str], path: NodePath, report: Report) -> dict[str, str]:
    return _followed(aliases, {alias: (*path, alias) for alias in aliases}, report)


def _followed(aliases: Mapping[str, str], paths: Mapping[str, NodePath], report: Report) -> dict[str, str]:
    for alias, target in aliases.items():
        if "*" in target:
            report.problem(paths[alias], f"the alias `{alias}` must lead to one model, not to the pattern `{target}`")
    try:
        return final_targets(aliases)
    except AliasCycle as cycle:
        report.problem(paths[cycle.names[0]], f"aliases lead in a circle: {cycle}; break it")
        return {}


def _unique(
    path: NodePath, items: Mapping[int, T], fields: Mapping[str, Callable[[T], Hashable]], report: Report
) -> None:
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
