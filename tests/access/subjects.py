"""The subjects of a case, made through the admin API."""

import json
import secrets
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from typing import Any

from access.cases import Case
from access.declared import DECLARED_KEY
from access.placeholders import filled
from harness.gateway import Gateway
from harness.process import eventually

_UNKNOWN_KEY = "sk-nobody-knows-this-key"

Record = dict[str, Any]


@contextmanager
def presented_key(case: Case, gateway: Gateway) -> Iterator[str]:
    """The clear key of the case, its records in place for as long as the block lasts."""
    key = _clear_key(case)
    with ExitStack() as stack:
        if not case.is_declared:
            _Records(gateway, stack, json.loads(filled(json.dumps(case.subjects), key))).make(key)
        yield key


def _clear_key(case: Case) -> str:
    if "key" not in case.subjects:
        return _UNKNOWN_KEY
    if case.is_declared:
        return DECLARED_KEY
    literal = str(case.fields.get("bearer", ""))
    return literal if literal.startswith("sk-") else f"sk-{secrets.token_urlsafe(24)}"


class _Records:
    """Makes records, and has each removed when the stack is closed."""

    def __init__(self, gateway: Gateway, stack: ExitStack, subjects: dict[str, Any]) -> None:
        self._gateway = gateway
        self._stack = stack
        self._subjects = subjects

    def make(self, key: str) -> None:
        """All records, those that others name first."""
        for identifier in self._all("missing"):
            self._later_remove("POST", "/user/delete", {"user_ids": [identifier]})
        for org in self._all("org"):
            self._later_remove("DELETE", "/organization/delete", {"organization_ids": [org["organization_id"]]})
            self._gateway.manage("/organization/new", {"organization_alias": org["organization_id"], **org})
        self._make_users()
        self._make_teams()
        self._make_members()
        self._make_projects()
        self._make_customers()
        self._make_key(key)
        self._make_access_groups()

    def _make_users(self) -> None:
        for user in self._all("user"):
            self._later_remove("POST", "/user/delete", {"user_ids": [user["user_id"]]})
            fields = {name: value for name, value in user.items() if name != "teams"}
            self._gateway.manage("/user/new", {"auto_create_key": False, **fields})

    def _make_teams(self) -> None:
        for team in self._teams:
            self._later_remove("POST", "/team/delete", {"team_ids": [team["team_id"]]})
            self._gateway.manage("/team/new", team)

    def _make_members(self) -> None:
        for team_id, user_id in self._memberships:
            member = {"user_id": user_id, "role": "user"}
            self._gateway.manage("/team/member_add", {"team_id": team_id, "member": [member]})
        for scope in self._all("team_member"):
            self._gateway.manage("/team/member_update", scope)

    def _make_projects(self) -> None:
        for project in self._all("project"):
            self._later_remove("DELETE", "/project/delete", {"project_ids": [project["project_id"]]})
            self._gateway.manage("/project/new", {"project_alias": project["project_id"], **project})

    def _make_customers(self) -> None:
        for customer in self._all("end_user"):
            self._later_remove("POST", "/customer/delete", {"user_ids": [customer["user_id"]]})
            self._gateway.manage("/customer/new", customer)

    def _make_key(self, key: str) -> None:
        for fields in self._all("key"):
            self._later_remove("POST", "/key/delete", {"keys": [key]})
            self._gateway.new_key(key=key, **fields)
        for mapping in self._all("jwt_key_mapping"):
            made = self._gateway.manage("/jwt/key/mapping/new", {"key": key, **mapping})
            self._later_remove("POST", "/jwt/key/mapping/delete", {"id": made["id"]})

    def _make_access_groups(self) -> None:
        for group in self._all("access_groups"):
            identifier = group["access_group_id"]
            self._later_remove("DELETE", f"/v1/access_group/{identifier}", None)
            self._gateway.manage("/v1/access_group", {"access_group_name": identifier, **group})

    @property
    def _teams(self) -> list[Record]:
        return [*self._all("team"), *self._all("teams")]

    @property
    def _memberships(self) -> list[tuple[str, str]]:
        """The (team, user) pairs that no team brings along."""
        scoped = {(member["team_id"], member["user_id"]) for member in self._all("team_member")}
        of_users = {(team, user["user_id"]) for user in self._all("user") for team in user.get("teams", [])}
        brought = {(team["team_id"], member["user_id"]) for team in self._teams for member in _members(team)}
        return sorted((scoped | of_users) - brought)

    def _all(self, kind: str) -> list[Any]:
        records = self._subjects.get(kind, [])
        return records if isinstance(records, list) else [records]

    def _later_remove(self, method: str, path: str, content: Record | None) -> None:
        """What was never made may answer 404: nothing may be left behind for the next case."""
        self._stack.callback(self._remove, method, path, content)

    def _remove(self, method: str, path: str, content: Record | None) -> None:
        def is_gone() -> bool:
            answer = self._gateway.call(method, path, key=self._gateway.master_key, content=content)
            return answer.status in {200, 204, 404}

        assert eventually(is_gone, 10), f"{path} does not remove {content}"


def _members(team: Record) -> list[Record]:
    members: list[Record] = team.get("members_with_roles", [])
    return members
