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
    Request,
    Rule,
    Team,
    Token,
    TokenRecords,
    User,
)
from modelward.explain.report import ManagementCall

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


_KINDS: Mapping[type[SubjectRecord], RecordKind] = {
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


def kind_of(record: SubjectRecord) -> RecordKind:
    """The kind of a record."""
    return _KINDS[type(record)]


def id_of(record: SubjectRecord) -> str:
    """A record's id; a member's is `team/user`."""
    return "/".join(str(getattr(record, name)) for name in kind_of(record).ids.values())


@dataclass(frozen=True, slots=True)
class Situation:
    """A question, and the catalogue it is asked of. The methods return another situation."""

    asked: Input
    catalog: Catalog

    @property
    def caller(self) -> Caller:
        """Who asks."""
        return self.asked.caller

    def asked_by(self, caller: Caller) -> "Situation":
        """The same asked by another."""
        return replace(self, asked=replace(self.asked, caller=caller))

    def changed(self, change: Callable[[Any], Any], *path: str) -> "Situation":
        """The same with `change` made of the value at `path`, such as `catalog`, `tokens`, `scopes`; it stays as it is
        where the path leads through a `None`."""
        found: Situation = _changed(self, change, *path)
        return found

    def with_record(self, record: SubjectRecord, fields: Mapping[str, Callable[[Any], Any]]) -> "Situation":
        """The same with these fields of `record` changed, wherever it is."""

        def visit(value: Any) -> Any:
            if type(value) is type(record) and id_of(value) == id_of(record):
                return _copy(value, {name: change(getattr(value, name)) for name, change in fields.items()})
            if isinstance(value, list):
                return [visit(item) for item in value]
            if isinstance(value, dict):
                return {name: visit(item) for name, item in value.items()}
            if isinstance(value, Caller | TokenRecords):
                return _copy(value, {name: visit(getattr(value, name)) for name in type(value).model_fields})
            return value

        return replace(self, asked=replace(self.asked, caller=visit(self.caller), customer=visit(self.asked.customer)))


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


Places = Mapping[tuple[str, str], str]
"""Where the config declares what, keyed by kind and id, as `file:line:column`."""


@dataclass(frozen=True, slots=True)
class JudgedSituation:
    """An explained situation. Where no team that a token claims may make the call, `of_team` is the same for the token
    with the first of these teams that is there and not blocked."""

    situation: Situation
    explanation: Explanation
    places: Places
    of_team: "JudgedSituation | None" = None

    @property
    def request(self) -> Request:
        """What was asked."""
        return self.situation.asked.request

    @property
    def key(self) -> Key | None:
        """The key."""
        return self.situation.caller.key

    @property
    def token(self) -> Token | None:
        """The token."""
        return self.situation.caller.token

    @property
    def team(self) -> Team | None:
        """The team whose list counts: the key's, or the one that the token has in this decision."""
        records = self.situation.caller.records
        if records is None:
            return self.situation.caller.team
        return records.teams.get(self.explanation.decision.subject.team_id or "")

    @property
    def user(self) -> User | None:
        """The user whose record counts."""
        records = self.situation.caller.records
        if records is None:
            return self.situation.caller.user
        return records.users.get(self.explanation.decision.subject.user_id or "")

    @property
    def member(self) -> Member | None:
        """The user's membership in the team."""
        records, subject = self.situation.caller.records, self.explanation.decision.subject
        if records is None:
            return self.situation.caller.member
        found = (each for each in records.members if (each.team_id, each.user_id) == (subject.team_id, subject.user_id))
        return next(found, None)

    @property
    def project(self) -> Project | None:
        """The key's project."""
        return self.situation.caller.project

    @property
    def customer(self) -> Customer | None:
        """The customer that the request names."""
        return self.situation.asked.customer

    @property
    def organization(self) -> Organization | None:
        """The organization of the key or token itself."""
        holder = self.key or self.token
        return self.situation.caller.organizations.get((holder and holder.organization_id) or "")

    @property
    def team_organization(self) -> Organization | None:
        """The team's organization."""
        return self.situation.caller.organizations.get((self.team and self.team.organization_id) or "")

    @property
    def role(self) -> str:
        """The token's role (R2), empty where it has none."""
        return self.explanation.decision.subject.role or ""

    def record(self, rule: Rule) -> SubjectRecord | None:
        """The record whose list or field `rule` reads; `None` where it reads none, and where there is none."""
        if rule.record is None or rule.record in {"role", "scope"}:
            return None
        found: SubjectRecord | None = getattr(self, rule.record)
        return found

    def place(self, record: SubjectRecord) -> str | None:
        """Where the config declares a record, `None` for one of the store."""
        return self.places.get((kind_of(record).name, id_of(record)))

    def names(self, models: list[str]) -> list[str]:
        """What lists must cover for these models: their names, or those that an alias leads to (C5)."""
        return list(dict.fromkeys(self.explanation.names.get(model, model) for model in models))

    def uncovered(self, rule: str) -> list[str]:
        """The names that `rule` does not cover, or covers without a deployment that may serve (C8)."""
        layer, targets = self.explanation.layers.get(rule), self.explanation.decision.targets
        models = [model for model in self.request.models if layer is None or model not in layer.grants]
        served = {model for model, target in targets.items() if target.deployments}
        return self.names(models or [model for model in self.request.models if model not in served])


Edit = Callable[[Situation], Situation]


@dataclass(frozen=True, slots=True)
class Step:
    """A change in words, where or how it is made, and its effect; `edit` is `None` where the effect is not known."""

    words: str
    edit: Edit | None
    place: str | None = None
    call: ManagementCall | None = None


Remedy = Callable[[JudgedSituation, Rule], Step | None]
"""What a denial by the rule needs; `None` where another rule's change is what is needed."""


def longer(items: list[str] | None, names: list[str]) -> list[str]:
    """A list with these names added that it has not."""
    return list(dict.fromkeys([*(items or []), *names]))


def quoted(names: list[str]) -> str:
    """Names as they are written in a sentence."""
    return ", ".join(f"`{name}`" for name in names)


def paths(judged: JudgedSituation) -> list[str]:
    """The request's path decoded, as a list of routes names it: one for each model of a list with commas in it."""
    segments = judged.request.segments
    if any("/" in segment for path in segments for segment in path):
        return [judged.request.path]
    return ["/".join(path) for path in segments]
