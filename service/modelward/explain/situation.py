"""All that a decision depends on, what each layer did, and how to change one thing of it."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from modelward.contract import (
    Caller,
    Catalog,
    Contract,
    Customer,
    Explanation,
    Input,
    JsonObject,
    Key,
    Member,
    Organization,
    Project,
    Request,
    Rule,
    Team,
    Token,
    TokenRecords,
    TokenSettings,
    User,
)
from modelward.explain.report import Call

Record = Key | Team | User | Member | Project | Organization | Customer

_IDS: dict[type[Contract], tuple[str, ...]] = {
    Key: ("token",),
    Team: ("team_id",),
    User: ("user_id",),
    Member: ("team_id", "user_id"),
    Project: ("project_id",),
    Organization: ("organization_id",),
    Customer: ("user_id",),
}


@dataclass(frozen=True, slots=True)
class Situation:
    """A question, and the catalogue it is asked of. The methods give another situation, this one stays."""

    asked: Input
    catalog: Catalog

    @property
    def caller(self) -> Caller:
        """Who asks."""
        return self.asked.caller

    def asked_by(self, caller: Caller) -> "Situation":
        """The same asked by another."""
        return replace(self, asked=replace(self.asked, caller=caller))

    def with_caller(self, **fields: object) -> "Situation":
        """The same with other records of the caller."""
        return self.asked_by(_copy(self.caller, fields))

    def with_token(self, **fields: object) -> "Situation":
        """The same with other facts in the token; a caller without one stays as it is."""
        token: Token | None = self.caller.token
        return self if token is None else self.with_caller(token=token.model_copy(update=fields))

    def with_records(self, **fields: object) -> "Situation":
        """The same with other records that the token may stand for."""
        return self.with_caller(records=(self.caller.records or TokenRecords()).model_copy(update=fields))

    def with_request(self, change: Callable[[Request], Request]) -> "Situation":
        """The same about another request."""
        return replace(self, asked=replace(self.asked, request=change(self.asked.request)))

    def with_record(self, record: Record, change: Callable[[Record], Record]) -> "Situation":
        """The same with `record` changed, wherever it lies."""

        def changed(value: Any) -> Any:
            if type(value) is type(record) and id_of(value) == id_of(record):
                return change(value)
            if isinstance(value, list):
                return [changed(item) for item in value]
            if isinstance(value, dict):
                return {name: changed(item) for name, item in value.items()}
            return _copy(value, {name: changed(each) for name, each in _fields(value)}) if _holds(value) else value

        asked = replace(self.asked, caller=changed(self.caller), customer=changed(self.asked.customer))
        return replace(self, asked=asked)

    def with_catalog(self, **fields: object) -> "Situation":
        """The same asked of another catalogue."""
        return replace(self, catalog=self.catalog.model_copy(update=fields))

    def with_tokens(self, change: Callable[[TokenSettings], TokenSettings]) -> "Situation":
        """The same with other settings for tokens."""
        return self.with_catalog(tokens=change(self.catalog.tokens))


Edit = Callable[[Situation], Situation]


def id_of(record: Contract) -> str:
    """A record's id; a member's is `team/user`."""
    return "/".join(str(getattr(record, name)) for name in _IDS[type(record)])


def _holds(value: object) -> bool:
    return isinstance(value, Caller | TokenRecords)


def _fields(value: Contract) -> list[tuple[str, Any]]:
    return [(name, getattr(value, name)) for name in type(value).model_fields]


def _copy(value: Any, fields: dict[str, Any]) -> Any:
    """A fresh one: a copy would keep what the caller has once made of its records."""
    return type(value)(**{**dict(_fields(value)), **fields})


Places = Mapping[tuple[str, str], str]
"""Where the config declares what, keyed by kind and id, as `file:line:column`."""


@dataclass(frozen=True, slots=True)
class Judged:
    """An explained situation."""

    situation: Situation
    explanation: Explanation
    places: Places

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
        """The team whose list counts: the key's, or the one that the token stands for."""
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
        found = [each for each in records.members if (each.team_id, each.user_id) == (subject.team_id, subject.user_id)]
        return found[0] if found else None

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
        named = self.key.organization_id if self.key else self.token.organization_id if self.token else None
        return self.situation.caller.organizations.get(named or "")

    @property
    def team_organization(self) -> Organization | None:
        """The team's organization."""
        return self.situation.caller.organizations.get((self.team and self.team.organization_id) or "")

    @property
    def role(self) -> str | None:
        """The token's role (R2)."""
        return self.explanation.decision.subject.role

    @property
    def names(self) -> list[str]:
        """The names that the lists must cover: the models, or what an alias of the key or team makes of them (C5)."""
        return [self._own(model) for model in self.request.models]

    def record(self, rule: Rule) -> Record | None:
        """The record whose list or field `rule` reads; `None` where it reads none, and where there is none."""
        if rule.record is None or rule.record in {"role", "scope"}:
            return None
        found: Record | None = getattr(self, rule.record)
        return found

    def uncovered(self, rule: Rule) -> list[str]:
        """The names among them that `rule` does not cover, or covers without a deployment that may serve (C8)."""
        layer = self.explanation.layers.get(rule.name)
        covered = layer.grants if layer else {}
        models = [model for model in self.request.models if model not in covered]
        models = models or [model for model in self.request.models if not self._is_served(model)]
        return list(dict.fromkeys(self._own(model) for model in models))

    def _is_served(self, model: str) -> bool:
        target = self.explanation.decision.targets.get(model)
        return target is not None and bool(target.deployments)

    def _own(self, model: str) -> str:
        named = self.key.aliases.get(model, model) if self.key else model
        return self.team.model_aliases.get(named, named) if self.team else named


@dataclass(frozen=True, slots=True)
class Way:
    """How records of one kind are changed: `fields` name the record in the body, by the record's own fields; `models`
    is what its list is called."""

    kind: str
    method: str
    path: str
    fields: dict[str, str]
    models: str = "models"


_WAYS: dict[type[Record], Way] = {
    Key: Way("key", "POST", "/key/update", {"key": "token"}),
    Team: Way("team", "POST", "/team/update", {"team_id": "team_id"}),
    User: Way("user", "POST", "/user/update", {"user_id": "user_id"}),
    Member: Way(
        "member", "POST", "/team/member_update", {"team_id": "team_id", "user_id": "user_id"}, "allowed_models"
    ),
    Project: Way("project", "POST", "/project/update", {"project_id": "project_id"}),
    Organization: Way("organization", "PATCH", "/organization/update", {"organization_id": "organization_id"}),
    Customer: Way("customer", "POST", "/customer/update", {"user_id": "user_id"}),
}


def way_of(record: Record) -> Way:
    """How a record is changed."""
    return _WAYS[type(record)]


def title(record: Record) -> str:
    """A record in words; a key is never shown, only its alias or the beginning of its hash."""
    if isinstance(record, Key):
        return f"key `{record.key_alias or record.token[:12]}`" if record.token else "the key"
    if isinstance(record, Member):
        return f"member `{record.user_id}` of team `{record.team_id}`"
    return f"{way_of(record).kind} `{id_of(record)}`"


def place(record: Record, places: Places) -> str | None:
    """Where the config declares a record, `None` for one of the store."""
    return places.get((way_of(record).kind, id_of(record)))


def update(record: Record, fields: JsonObject) -> Call:
    """The call that changes these fields of a record of the store, or makes the key that was made up to ask."""
    way = way_of(record)
    if isinstance(record, Key) and not record.token:
        owners = {"team_id": record.team_id, "user_id": record.user_id}
        return Call("POST", "/key/generate", {**{name: id_ for name, id_ in owners.items() if id_}, **fields})
    named = {name: getattr(record, attribute) for name, attribute in way.fields.items()}
    return Call(way.method, way.path, {**named, **fields})


@dataclass(frozen=True, slots=True)
class Step:
    """A change in words, where or how it is made, and its effect; `edit` is `None` where the effect is not known."""

    words: str
    edit: Edit | None
    place: str | None = None
    call: Call | None = None


Remedy = Callable[[Judged, Rule], Step | None]
"""What a denial by the rule needs; `None` where another rule's change is what is needed."""


def setting(judged: Judged, record: Record, words: str, fields: JsonObject, effect: Mapping[str, object]) -> Step:
    """Fields of a record get other values; `fields` in the words of the API, `effect` in those of the contract."""

    def edit(situation: Situation) -> Situation:
        return situation.with_record(record, lambda found: found.model_copy(update=dict(effect)))

    return recorded(judged, record, words, fields, edit)


def adding(judged: Judged, record: Record, names: Sequence[str], without: Sequence[str] = ()) -> Step:
    """Names are added to the list of a record, in the place of those in `without`."""

    def longer(models: Iterable[str]) -> list[str]:
        return list(dict.fromkeys([*(model for model in models if model not in without), *names]))

    field = way_of(record).models

    def edit(situation: Situation) -> Situation:
        return situation.with_record(
            record, lambda found: found.model_copy(update={field: longer(getattr(found, field))})
        )

    words = f"add {quoted(names)} to `{field}` of {title(record)}"
    if without:
        words = f"replace {quoted(without)} by {quoted(names)} in `{field}` of {title(record)}"
    return recorded(judged, record, words, {field: longer(getattr(record, field))}, edit)


def recorded(judged: Judged, record: Record, words: str, fields: JsonObject, edit: Edit) -> Step:
    """A change of a record: in the config where that declares it, else by the API."""
    declared = place(record, judged.places)
    return Step(words, edit, declared, None if declared else update(record, fields))


def quoted(names: Iterable[str]) -> str:
    """Names as they stand in a sentence."""
    return ", ".join(f"`{name}`" for name in names)
