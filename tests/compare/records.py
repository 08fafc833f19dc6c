"""Drawn records in the words of LiteLLM's admin API, which are those of a config that declares them (K2)."""

from dataclasses import dataclass
from typing import Any

from compare.words import (
    ACCESS_GROUPS,
    CUSTOMERS,
    GROUPS,
    ORGANIZATIONS,
    OWN_ALIASES,
    PROJECTS,
    ROUTES,
    TEAMS,
    USER_ROLES,
    USERS,
)
from compare.world_draws import WorldDraws

Fields = dict[str, Any]


@dataclass(frozen=True)
class Named:
    """The organizations and projects that others name, in few worlds without a record of them."""

    organizations: list[str]
    projects: list[str]


def records(draws: WorldDraws, names: list[str], prefix: str) -> Fields:
    """All records; most worlds have few kinds of them. The prefix makes keys those of one world."""
    organizations, projects = _some(draws, ORGANIZATIONS, 25), _some(draws, PROJECTS, 20)
    named = Named(organizations or ORGANIZATIONS * draws.rarely(4), projects or PROJECTS * draws.rarely(4))
    return {
        "organizations": [_listed(draws, names, "organization_id", one) for one in organizations],
        "projects": [_project(draws, names, one) for one in projects],
        "customers": [_customer(draws, names, one) for one in _some(draws, CUSTOMERS, 25)],
        "access_groups": [_access_group(draws, names, one) for one in _some(draws, ACCESS_GROUPS, 25)],
        "users": [_user(draws, names, one) for one in USERS[:3]],
        "teams": [_team(draws, names, one, named) for one in TEAMS[:2]],
        "keys": [_key(draws, names, f"sk-{prefix}-key-{number}", named) for number in range(2)],
    }


def _maybe(draws: WorldDraws, ids: list[str], percent: float) -> str | None:
    return draws.pick_or_none(ids, percent) if ids else None


def _some(draws: WorldDraws, ids: list[str], percent: float) -> list[str]:
    """All of the ids, or none."""
    return ids if draws.rarely(percent) else []


def _listed(draws: WorldDraws, names: list[str], identity: str, value: str) -> Fields:
    return {identity: value, "models": draws.grants(names, names)}


def _project(draws: WorldDraws, names: list[str], project_id: str) -> Fields:
    return {**_listed(draws, names, "project_id", project_id), "blocked": draws.rarely(8)}


def _customer(draws: WorldDraws, names: list[str], customer_id: str) -> Fields:
    return {**_listed(draws, names, "user_id", customer_id), "blocked": draws.rarely(8)}


def _access_group(draws: WorldDraws, names: list[str], group_id: str) -> Fields:
    group: Fields = {"access_group_id": group_id, "access_group_name": group_id}
    group |= {"access_model_names": draws.some([*names, *GROUPS], 3, least=1)}
    return {**group, "assigned_team_ids": draws.different(TEAMS[:2], 1), "assigned_key_ids": []}


def _user(draws: WorldDraws, names: list[str], user_id: str) -> Fields:
    mail = f"{user_id.partition('@')[0]}@example.com"
    user = {
        "user_id": user_id,
        "user_email": mail,
        "user_role": draws.pick(USER_ROLES),
        "models": draws.grants(names, names),
    }
    user |= {"teams": draws.different(TEAMS[:2], 2)}
    return {**user, "metadata": {"scim_active": False}} if draws.rarely(4) else user


def _team(draws: WorldDraws, names: list[str], team_id: str, named: Named) -> Fields:
    members: list[Fields] = [{"user_id": one, "role": "user"} for one in draws.different(USERS, 2)]
    for member in members:
        if draws.rarely(30):
            member["allowed_models"] = draws.grants(names, names)
    return {
        "team_id": team_id,
        "team_alias": f"{team_id}-alias",
        "models": draws.grants(names, names),
        "model_aliases": _own_aliases(draws, names, 12),
        "blocked": draws.rarely(6),
        "members_with_roles": members,
        "organization_id": _maybe(draws, named.organizations, 60),
        "access_group_ids": draws.different(ACCESS_GROUPS, 2) if draws.rarely(20) else [],
    }


def _key(draws: WorldDraws, names: list[str], text: str, named: Named) -> Fields:
    key = {
        "key": text,
        "models": draws.grants(names, names),
        "aliases": _own_aliases(draws, names, 10),
        "team_id": draws.pick([None, None, *TEAMS[:2], *TEAMS[:2]]),
        "user_id": draws.pick_or_none(USERS, 60),
        "project_id": _maybe(draws, named.projects, 60),
        "organization_id": _maybe(draws, named.organizations, 30),
        "access_group_ids": draws.different(ACCESS_GROUPS, 2) if draws.rarely(20) else [],
        "blocked": draws.rarely(3),
        "expires": draws.pick([*[None] * 20, "2020-01-01T00:00:00Z", "2099-01-01T00:00:00Z"]),
        "allowed_routes": draws.some(ROUTES, 3) if draws.rarely(8) else [],
    }
    return {field: value for field, value in key.items() if value not in (None, {}, False)}


def _own_aliases(draws: WorldDraws, names: list[str], percent: float) -> dict[str, str]:
    """Aliases of a key or a team, every target final."""
    if not draws.rarely(percent):
        return {}
    aliases = {name: draws.pick(names) for name in draws.different(OWN_ALIASES, 2, least=1)}
    return {alias: target for alias, target in aliases.items() if target not in aliases}
