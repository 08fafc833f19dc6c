"""All that a decision depends on, and how to change one thing of it."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

from modelward.contract import (
    Caller,
    Catalog,
    Contract,
    Customer,
    Input,
    Key,
    Member,
    Organization,
    Project,
    Request,
    Team,
    Token,
    TokenRecords,
    TokenSettings,
    User,
)

Record = Key | Team | User | Member | Project | Organization | Customer

_IDS: dict[type[Contract], tuple[str, ...]] = {
    Key: ("hash",),
    Team: ("team_id",),
    User: ("user_id",),
    Member: ("team_id", "user_id"),
    Project: ("project_id",),
    Organization: ("organization_id",),
    Customer: ("customer_id",),
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
