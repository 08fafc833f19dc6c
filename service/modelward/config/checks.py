"""What no section can see alone: ids given twice, names that mean two things, settings that contradict each other."""

import hashlib
import json
import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any, TypeVar

from pydantic import BaseModel

from modelward.config.config import GlobalAlias
from modelward.config.fields import final_targets, foreign_pattern
from modelward.config.grants import SUBJECTS, alias_maps, global_alias_maps, grants, single_models
from modelward.config.model_list import ModelItem
from modelward.config.report import ConfigReport
from modelward.config.sections import Sections
from modelward.config.source import NodePath
from modelward.config.token_auth import ClaimFields, TokenAuth, claim_paths
from modelward.contract.facts import key_hash
from modelward.errors import AliasCycle

S = TypeVar("S", bound=BaseModel)

_SECRET = re.compile(r"(?:^|_)(?:key|secret|token|password|credentials)$")
_REFERENCES = ("os.environ/", "oidc/")


def is_secret(setting: str) -> bool:
    """Whether a setting of `litellm_params` holds a credential."""
    return _SECRET.search(setting) is not None


_HOLDERS = (("model_list", "litellm_params"), ("credential_list", "credential_values"))


def report_literals(document: Mapping[str, Any], say: Callable[[NodePath, str], None]) -> None:
    """Say where a credential is in clear under `litellm_params` and `credential_values`."""
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


def check_patterns(sections: Sections, report: ConfigReport) -> None:
    """Add the problems to the report; what an entry or a group has for its very name is a name."""
    names = {name for item in sections.model_list.values() for name in (item.model_name, item.public_name)}
    known = {name for name in names if "*" not in name}
    known |= {group for item in sections.model_list.values() for group in item.model_info.access_groups}
    for path, name, key in [*_entries(sections), *(each for each in _others(sections) if each[1] not in known)]:
        if problem := foreign_pattern(name):
            report.problem(path, problem, key=key)


def _entries(sections: Sections) -> Iterator[tuple[NodePath, str, bool]]:
    for index, item in sections.model_list.items():
        yield ("model_list", index, "model_name"), item.model_name, False
        if item.model_info.team_public_model_name:
            path = ("model_list", index, "model_info", "team_public_model_name")
            yield path, item.model_info.team_public_model_name, False


def _others(sections: Sections) -> Iterator[tuple[NodePath, str, bool]]:
    yield from ((path, item, False) for _, path, item in grants(sections))
    yield from single_models(sections)
    for path, targets in alias_maps(sections).items():
        yield from (((*path, alias), alias, True) for alias in targets)
    for provider, names in sections.modelward_settings.provider_names.items():
        for place, name in enumerate(names):
            yield ("modelward_settings", "provider_names", provider, place), name, False


_AUTH: NodePath = ("general_settings", "litellm_jwtauth")
_PERMISSIONS: NodePath = ("general_settings", "role_permissions")


def check_tokens(sections: Sections, report: ConfigReport) -> None:
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


def review_tokens(sections: Sections, report: ConfigReport) -> None:
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


def _check_user_roles(auth: TokenAuth, report: ConfigReport) -> None:
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


def _check_once(word: str, path: NodePath, values: list[str], report: ConfigReport) -> None:
    for index, value in enumerate(values):
        if value in values[:index]:
            report.problem((*path, index, word), f"the {word} `{value}` is listed twice; keep one")


_ONCE = {
    **{section: (id_,) for section, (_, id_, _) in SUBJECTS.items()},
    "keys": ("key_alias", "key_hash"),
    "credential_list": ("credential_name",),
}
"""By section: the fields that no two of its items may have alike."""


def check_subjects(sections: Sections, report: ConfigReport) -> None:
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


def check_ids(ids: Mapping[int, str], report: ConfigReport) -> None:
    """Every deployment has an id of its own."""
    first: dict[str, int] = {}
    for index, id_ in ids.items():
        if first.setdefault(id_, index) != index:
            report.problem(("model_list", index, "model_info", "id"), f"the `id` `{id_}` is given to two deployments")


def check_team_models(models: Mapping[int, ModelItem], report: ConfigReport) -> None:
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


def global_aliases(sections: Sections, report: ConfigReport) -> dict[str, GlobalAlias]:
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
    return {alias: GlobalAlias(end, alias in groups and groups[alias].hidden) for alias, end in ends.items()}


def with_final_aliases(section: str, items: Mapping[int, S], field: str, report: ConfigReport) -> tuple[S, ...]:
    """The declared keys or teams, their aliases followed to the end."""
    found = []
    for index, item in items.items():
        aliases = getattr(item, field)
        ends = _followed(aliases, {alias: (section, index, field, alias) for alias in aliases}, report)
        found.append(item.model_copy(update={field: ends}))
    return tuple(found)


def _followed(aliases: Mapping[str, str], paths: Mapping[str, NodePath], report: ConfigReport) -> dict[str, str]:
    for alias, target in aliases.items():
        if "*" in target:
            report.problem(paths[alias], f"the alias `{alias}` must lead to one model, not to the pattern `{target}`")
    try:
        return final_targets(aliases)
    except AliasCycle as cycle:
        report.problem(paths[cycle.names[0]], f"aliases lead in a circle: {cycle}; break it")
        return {}


def _unique(path: NodePath, items: Mapping[int, BaseModel], fields: Iterable[str], report: ConfigReport) -> None:
    for field in fields:
        seen = set()
        for index, item in items.items():
            value = getattr(item, "token" if field == "key_hash" else field)
            if value is not None and value in seen:
                report.problem((*path, index, field), f"this `{field}` is declared twice; keep one")
            seen.add(value)
