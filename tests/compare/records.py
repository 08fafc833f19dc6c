"""Drawn records in the words of LiteLLM's admin API, which are those of a config that declares them (K2)."""

from dataclasses import dataclass
from typing import Any

from compare.dice import WorldDice
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

Fields = dict[str, Any]


@dataclass(frozen=True)
class Named:
    """The organizations and projects that others name, in few worlds without a record of them."""

    organizations: list[str]
    projects: list[str]


def records(dice: WorldDice, names: list[str], prefix: str) -> Fields:
    """All records; most worlds have few kinds of them. The prefix makes keys those of one world."""
    organizations, projects = _some(dice, ORGANIZATIONS, 25), _some(dice, PROJECTS, 20)
    named = Named(organizations or ORGANIZATIONS * dice.rarely(4), projects or PROJECTS * dice.rarely(4))
    return {
        "organizations": [_listed(dice, names, "organization_id", one) for one in organizations],
        "projects": [_project(dice, names, one) for one in projects],
        "customers": [_customer(dice, names, one) for one in _some(dice, CUSTOMERS, 25)],
        "access_groups": [_access_group(dice, names, one) for one in _some(dice, ACCESS_GROUPS, 25)],
        "users": [_user(dice, names, one) for one in USERS[:3]],
        "teams": [_team(dice, names, one, named) for one in TEAMS[:2]],
        "keys": [_key(dice, names, f"sk-{prefix}-key-{number}", named) for number in range(2)],
    }


def _maybe(dice: WorldDice, ids: list[str], percent: float) -> str | None:
    return dice.pick_or_none(ids, percent) if ids else None


def _some(dice: WorldDice, ids: list[str], percent: float) -> list[str]:
    """All of the ids, or none."""
    return ids if dice.rarely(percent) else []


def _listed(dice: WorldDice, names: list[str], identity: str, value: str) -> Fields:
    return {identity: value, "models": dice.grants(names, names)}


def _project(dice: WorldDice, names: list[str], project_id: str) -> Fields:
    return {**_listed(dice, names, "project_id", project_id), "blocked": dice.rarely(8)}


def _customer(dice: WorldDice, names: list[str], customer_id: str) -> Fields:
    return {**_listed(dice, names, "user_id", customer_id), "blocked": dice.rarely(8)}


def _access_group(dice: WorldDice, names: list[str], group_id: str) -> Fields:
    group: Fields = {"access_group_id": group_id, "access_group_name": group_id}
    group |= {"access_model_names": dice.some([*names, *GROUPS], 3, least=1)}
    return {**group, "assigned_team_ids": dice.different(TEAMS[:2], 1), "assigned_key_ids": []}


def _user(dice: WorldDice, names: list[str], user_id: str) -> Fields:
    mail = f"{user_id.partition('@')[0]}@example.com"
    user = {
        "user_id": user_id,
        "user_email": mail,
        "user_role": dice.pick(USER_ROLES),
        "models": dice.grants(names, names),
    }
    user |= {"teams": dice.different(TEAMS[:2], 2)}
    return {**user, "metadata": {"scim_active": False}} if dice.rarely(4) else user


def _team(dice: WorldDice, names: list[str], team_id: str, named: Named) -> Fields:
    members: list[Fields] = [{"user_id": one, "role": "user"} for one in dice.different(USERS, 2)]
    for member in members:
        if dice.rarely(30):
            member["allowed_models"] = dice.grants(names, names)
    return {
        "team_id": team_id,
        "team_alias": f"{team_id}-alias",
        "models": dice.grants(names, names),
        "model_aliases": _own_aliases(dice, names, 12),
        "blocked": dice.rarely(6),
        "members_with_roles": members,
        "organization_id": _maybe(dice, named.organizations, 60),
        "access_group_ids": dice.different(ACCESS_GROUPS, 2) if dice.rarely(20) else [],
    }


def _key(dice: WorldDice, names: list[str], text: str, named: Named) -> Fields:
    key = {
        "key": text,
        "models": dice.grants(names, names),
        "aliases": _own_aliases(dice, names, 10),
        "team_id": dice.pick([None, None, *TEAMS[:2], *TEAMS[:2]]),
        "user_id": dice.pick_or_none(USERS, 60),
        "project_id": _maybe(dice, named.projects, 60),
        "organization_id": _maybe(dice, named.organizations, 30),
        "access_group_ids": dice.different(ACCESS_GROUPS, 2) if dice.rarely(20) else [],
        "blocked": dice.rarely(3),
        "expires": dice.pick([*[None] * 20, "2020-01-01T00:00:00Z", "2099-01-01T00:00:00Z"]),
        "allowed_routes": dice.some(ROUTES, 3) if dice.rarely(8) else [],
    }
    return {field: value for field, value in key.items() if value not in (None, {}, False)}


def _own_aliases(dice: WorldDice, names: list[str], percent: float) -> dict[str, str]:
    """Aliases of a key or a team, every target final."""
    if not dice.rarely(percent):
        return {}
    aliases = {name: dice.pick(names) for name in dice.different(OWN_ALIASES, 2, least=1)}
    return {alias: target for alias, target in aliases.items() if target not in aliases}
