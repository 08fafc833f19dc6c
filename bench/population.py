"""Who is in a store of very many keys: rows as the tables hold them, and what is known of each key."""

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from typing import Any

MODEL = "model-123"
"""What every key asks for; of the config of `bench.subjects`, in its group `group-3`."""

_USER_KEYS, _TEAM_KEYS, _PROJECT_KEYS, _ORGANIZATION_KEYS = 5, 100, 1_000, 10_000
_GROUPS = [f"group-{number}" for number in range(6)]
_MAY, _MAY_NOT = ["group-3", "model-001", "openai/*"], ["group-1", "model-001", "openai/*"]
_KEPT: dict[str, Any] = {
    "metadata": {"cost_center": "cc-4711", "environment": "production"},
    "extra": {"max_budget": 250.0, "budget_duration": "30d", "tpm_limit": 60000, "rpm_limit": 600},
}

Row = tuple[Any, ...]


def hash_of(number: int) -> str:
    """The SHA-256 of a key."""
    return sha256(f"sk-bench-{number}".encode()).hexdigest()


def may_call(number: int) -> bool:
    """Whether a key's own list holds the model; one in ten does not."""
    return number % 10 != 9


@dataclass(frozen=True)
class Table:
    """A table's name, the columns that are filled, how many rows there are, and each of them."""

    name: str
    columns: tuple[str, ...]
    count: int
    row: Callable[[int], Row]

    def rows(self) -> Iterator[Row]:
        """All rows."""
        return map(self.row, range(self.count))


@dataclass(frozen=True)
class Population:
    """`keys` keys, numbered from 0; a user has five of them, a team a hundred. `now` is a time as the driver takes it.

    Of ten keys six have a team and an owner only. One has no team; one a project and an organization; one an access
    group; one in ten teams has an organization.
    """

    keys: int
    now: datetime | str

    def tables(self) -> tuple[Table, ...]:
        """All tables, with their rows."""
        kept = ("created_at", "document")
        key = ("token", "key_alias", "team_id", "user_id", "project_id", "organization_id")
        return (
            Table("organizations", ("organization_id", *kept), self._number(_ORGANIZATION_KEYS), self._named),
            Table("projects", ("project_id", *kept), self.projects, self._project),
            Table("access_groups", ("access_group_id", "assigned_key_ids", *kept), 1, self._access_group),
            Table("teams", ("team_id", "team_alias", "organization_id", *kept), self._number(_TEAM_KEYS), self._team),
            Table("users", ("user_id", "user_role", "teams", *kept), self.users, self._user),
            Table("members", ("team_id", "user_id", "document"), self.users, self._member),
            Table("keys", (*key, *kept), self.keys, self._key),
        )

    @property
    def users(self) -> int:
        """How many users there are."""
        return self._number(_USER_KEYS)

    @property
    def projects(self) -> int:
        """How many projects there are."""
        return self._number(_PROJECT_KEYS)

    def _number(self, size: int) -> int:
        return -(-self.keys // size)

    def _kept(self, **fields: Any) -> Row:
        return (self.now, json.dumps({**fields, **_KEPT}))

    def _named(self, number: int) -> Row:
        return (f"organization-{number}", *self._kept(models=_GROUPS))

    def _project(self, number: int) -> Row:
        team_id = f"team-{number * _PROJECT_KEYS // _TEAM_KEYS}"
        return (f"project-{number}", *self._kept(models=_GROUPS, team_id=team_id))

    def _access_group(self, _: int) -> Row:
        return ("shared", "[]", self.now, '{"access_model_names": ["model-007"]}')

    def _team(self, number: int) -> Row:
        organization = f"organization-{number * _TEAM_KEYS // _ORGANIZATION_KEYS}" if number % 10 == 0 else None
        return (f"team-{number}", f"Team {number}", organization, *self._kept(models=_GROUPS))

    def _user(self, number: int) -> Row:
        return (f"user-{number}", "internal_user", f'["{self._team_of(number)}"]', *self._kept(models=_MAY))

    def _member(self, number: int) -> Row:
        return (self._team_of(number), f"user-{number}", "{}")

    def _team_of(self, user: int) -> str:
        return f"team-{user * _USER_KEYS // _TEAM_KEYS}"

    def _key(self, number: int) -> Row:
        kind = number % 10
        return (
            hash_of(number),
            f"key-{number}",
            None if kind == 7 else f"team-{number // _TEAM_KEYS}",
            f"user-{number // _USER_KEYS}",
            f"project-{number // _PROJECT_KEYS}" if kind == 6 else None,
            f"organization-{number // _ORGANIZATION_KEYS}" if kind == 6 else None,
            *self._kept(
                key_name="sk-...4711",
                models=_MAY if may_call(number) else _MAY_NOT,
                access_group_ids=["shared"] if kind == 8 else [],
            ),
        )
