"""A question with all that its decision depends on, and what each rule had in it."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, is_dataclass, replace
from typing import Any

from modelward.contract import (
    Caller,
    Catalog,
    Customer,
    Explanation,
    Input,
    Key,
    Member,
    Organization,
    Project,
    Rule,
    Team,
    TokenRecords,
    User,
)

SubjectRecord = Key | Team | User | Member | Project | Organization | Customer


@dataclass(frozen=True, slots=True)
class RecordKind:
    """How records of one kind are named and changed: `ids` are the fields of their id, by the words for these in the
    body of the call; `models` is what their list is called there."""

    name: str
    path: str
    ids: Mapping[str, str]
    models: str = "models"
    method: str = "POST"


KINDS: Mapping[type[SubjectRecord], RecordKind] = {
    Key: RecordKind("key", "/key/update", {"key": "token"}),
    Team: RecordKind("team", "/team/update", {"team_id": "team_id"}),
    User: RecordKind("user", "/user/update", {"user_id": "user_id"}),
    Member: RecordKind("member", "/team/member_update", {"team_id": "team_id", "user_id": "user_id"}, "allowed_models"),
    Project: RecordKind("project", "/project/update", {"project_id": "project_id"}),
    Organization: RecordKind(
        "organization", "/organization/update", {"organization_id": "organization_id"}, method="PATCH"
    ),
    Customer: RecordKind("customer", "/customer/update", {"user_id": "user_id"}),
}


def id_of(record: SubjectRecord) -> str:
    """A record's id; a member's is `team/user`."""
    return "/".join(str(getattr(record, name)) for name in KINDS[type(record)].ids.values())


@dataclass(frozen=True, slots=True)
class Case:
    """A question, and the catalogue it is asked of. The methods return another case."""

    asked: Input
    catalog: Catalog

    def changed(self, change: Callable[[Any], Any], *path: str) -> "Case":
        """The same with `change` made of the value at `path`, such as `catalog`, `tokens`, `scopes`; it stays as it is
        where the path leads through a `None`."""
        found: Case = _changed(self, change, *path)
        return found

    def with_fields(self, record: SubjectRecord, fields: Mapping[str, Any]) -> "Case":
        """The same with these fields of `record`, wherever it is."""

        def visit(value: Any) -> Any:
            if type(value) is type(record) and id_of(value) == id_of(record):
                return _copy(value, fields)
            if isinstance(value, list):
                return [visit(item) for item in value]
            if isinstance(value, dict):
                return {name: visit(item) for name, item in value.items()}
            if isinstance(value, Caller | TokenRecords):
                return _copy(value, {name: visit(getattr(value, name)) for name in type(value).model_fields})
            return value

        asked = replace(self.asked, caller=visit(self.asked.caller), customer=visit(self.asked.customer))
        return replace(self, asked=asked)


def _changed(value: Any, change: Callable[[Any], Any], *path: str) -> Any:
    if not path:
        return change(value)
    name, *rest = path
    if isinstance(value, dict):
        return {**value, name: _changed(value.get(name), change, *rest)}
    return None if value is None else _copy(value, {name: _changed(getattr(value, name), change, *rest)})


def _copy(value: Any, fields: Mapping[str, Any]) -> Any:
    if is_dataclass(value) and not isinstance(value, type):
        return replace(value, **fields)
    # A fresh one: a copy would keep what the caller has once made of its records.
    return type(value)(**{**{name: getattr(value, name) for name in type(value).model_fields}, **fields})


@dataclass(frozen=True, slots=True)
class Judged:
    """A case with what is decided on it. `places` say where the config declares what, by kind and id, as
    `file:line:column`. Where no team that a token claims may make the call, `of_team` is the same for the token with
    the first of these teams that is there and not blocked."""

    case: Case
    explanation: Explanation
    places: Mapping[tuple[str, str], str]
    of_team: "Judged | None" = None

    @property
    def caller(self) -> Caller:
        """Who asks."""
        return self.case.asked.caller

    @property
    def models(self) -> list[str]:
        """The models asked for."""
        return self.case.asked.request.models

    @property
    def paths(self) -> list[str]:
        """The request's path decoded, as a list of routes names it: one for each model of a list with commas in it."""
        segments = self.case.asked.request.segments
        if any("/" in segment for path in segments for segment in path):
            return [self.case.asked.request.path]
        return ["/".join(path) for path in segments]

    @property
    def role(self) -> str:
        """The token's role (R2), empty where it has none."""
        return self.explanation.decision.subject.role or ""

    @property
    def records(self) -> Mapping[str, SubjectRecord | None]:
        """The records that were judged: those of the key, or those that the token has in this decision."""
        caller, subject = self.caller, self.explanation.decision.subject
        team, user, member = caller.team, caller.user, caller.member
        if caller.records is not None:
            team = caller.records.teams.get(subject.team_id or "")
            user = caller.records.users.get(subject.user_id or "")
            ids = (subject.team_id, subject.user_id)
            member = next((each for each in caller.records.members if (each.team_id, each.user_id) == ids), None)
        holder = caller.key or caller.token
        return {
            "key": caller.key,
            "team": team,
            "user": user,
            "member": member,
            "project": caller.project,
            "customer": self.case.asked.customer,
            "organization": caller.organizations.get((holder and holder.organization_id) or ""),
            "team_organization": caller.organizations.get((team and team.organization_id) or ""),
        }

    def record(self, rule: Rule) -> SubjectRecord | None:
        """The record whose list or field `rule` reads; `None` where it reads none, and where there is none."""
        return self.records.get(rule.record or "")

    def place(self, record: SubjectRecord) -> str | None:
        """Where the config declares a record, `None` for one of the store."""
        return self.places.get((KINDS[type(record)].name, id_of(record)))

    def declared(self, rule: Rule) -> str | None:
        """Where the list that `rule` reads is: `file:line:column`, `database`, or `None` if in no single place."""
        if rule.record == "role":
            return self.places.get(("role", self.role))
        if rule.record == "scope":
            held = self.caller.token.scopes if self.caller.token else []
            scopes = (each.scope for each in self.case.catalog.tokens.scopes if each.scope in held)
            return next((place for scope in scopes if (place := self.places.get(("scope", scope)))), None)
        record = self.record(rule)
        return self.place(record) or "database" if record is not None and id_of(record) else None

    def names(self, models: list[str]) -> list[str]:
        """What lists must cover for these models: their names, or those that an alias leads to (C5)."""
        return list(dict.fromkeys(self.explanation.names.get(model, model) for model in models))

    def uncovered(self, rule: str) -> list[str]:
        """The names that `rule` does not cover, or covers without a deployment that may serve (C8)."""
        layer, targets = self.explanation.layers.get(rule), self.explanation.decision.targets
        models = [model for model in self.models if layer is None or model not in layer.grants]
        served = {model for model, target in targets.items() if target.deployments}
        return self.names(models or [model for model in self.models if model not in served])
