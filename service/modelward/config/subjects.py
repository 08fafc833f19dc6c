"""The subjects that a config declares: each model of the contract, its fields as YAML writes them."""

import re
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Annotated, Any, Literal, TypeVar

from pydantic import BeforeValidator, Field, ValidationInfo, create_model, model_validator
from pydantic_core import PydanticCustomError

from modelward.config.fields import (
    PREFIX,
    Environment,
    Items,
    JsonMap,
    Name,
    NameMap,
    Names,
    Section,
    Switch,
    Text,
    Texts,
    environment,
    resolve,
)
from modelward.config.routes import Routes
from modelward.contract import (
    AccessGroup,
    Customer,
    Declarable,
    Key,
    Member,
    Organization,
    Project,
    Role,
    Team,
    User,
    read_fields,
)
from modelward.contract.facts import key_hash

_HASH = re.compile(r"sha256:([0-9a-fA-F]{64})")
_BARE_HASH = re.compile(r"(?:sha256:)?([0-9a-fA-F]{64})")


def _digest(value: Any) -> Any:
    found = _HASH.fullmatch(value) if isinstance(value, str) else None
    if found is None:
        raise PydanticCustomError("bad_hash", "must be `sha256:` and the 64 hex digits of the key's SHA-256")
    return found[1].lower()


def _bare_digest(value: Any) -> Any:
    found = _BARE_HASH.fullmatch(value) if isinstance(value, str) else None
    if found is None:
        raise PydanticCustomError("bad_hash", "must be the 64 hex digits of a key's SHA-256, with or without `sha256:`")
    return found[1].lower()


KeyHash = Annotated[str, BeforeValidator(_digest), BeforeValidator(resolve)]
KeyId = Annotated[str, BeforeValidator(_bare_digest), BeforeValidator(resolve)]


def _hash_of_key(value: Any, info: ValidationInfo) -> Any:
    if not isinstance(value, str) or not value.startswith(PREFIX):
        raise PydanticCustomError(
            "literal_key", "a key must not stand here in clear; write `key: os.environ/NAME` or `key_hash: sha256:...`"
        )
    key = environment(info).value(value)
    if not key.startswith("sk-"):
        name = value.removeprefix(PREFIX)
        raise PydanticCustomError("bad_key", "the key in `{name}` must begin with `sk-`", {"name": name})
    return key_hash(key)


def _time(value: Any) -> Any:
    if value is None:
        return None
    try:
        time = datetime.fromisoformat(value)
    except (TypeError, ValueError):
        raise PydanticCustomError("bad_time", "must be a time such as `2030-01-31T12:00:00Z`") from None
    return time if time.tzinfo else time.replace(tzinfo=UTC)


_WORDS: dict[str, Any] = {
    "id": Name,
    "name": (Name | None, None),
    "text": (Text | None, None),
    "models": Texts,
    "names": Names,
    "teams": Names,
    "key_ids": Items[KeyId],
    "routes": Routes,
    "aliases": NameMap,
    "metadata": JsonMap,
    "switch": (Switch, False),
    "time": (Annotated[datetime | None, BeforeValidator(_time), BeforeValidator(resolve)], None),
    "user_role": (Annotated[Role | None, BeforeValidator(resolve)], None),
    "member_role": (Annotated[Literal["user", "admin"], BeforeValidator(resolve)], "user"),
}
"""How a config writes a field whose annotation has that word."""


class _Form(Section):
    """One item of a list of subjects."""

    def fields(self) -> dict[str, Any]:
        """The fields of the subject."""
        return dict(self)


class _KeyForm(_Form):
    """Of the key itself only the SHA-256 is kept, from `key_hash` or `key` (A1)."""

    key_hash: KeyHash | None = None
    key: Annotated[str | None, BeforeValidator(_hash_of_key)] = Field(default=None, repr=False)

    @model_validator(mode="after")
    def _one_credential(self) -> "_KeyForm":
        if (self.key is None) == (self.key_hash is None):
            raise PydanticCustomError("one_credential", "needs `key_hash` or `key`, and not both")
        return self

    def fields(self) -> dict[str, Any]:
        """The fields of the subject."""
        own = {name: value for name, value in self if name not in ("key", "key_hash")}
        return {"token": self.key_hash or self.key, **own}


class DeclaredTeam(Team):
    """A team with the members that the config names; they are subjects of their own."""

    members_with_roles: list[Member] = Field(default=[], exclude=True)


def _form(subject: type[Declarable], base: type[_Form] = _Form, **more: Any) -> type[_Form]:
    """What the config says of a subject: all fields that rules see, and how long it lives."""
    read = {name: _WORDS[word] for name, word, field in read_fields(subject) if not field.exclude or word == "time"}
    return create_model(subject.__name__, __base__=base, **{**read, **more})


class _TeamForm(_Form):
    """Its members are items of `members_with_roles`."""

    def fields(self) -> dict[str, Any]:
        """The fields of the subject."""
        own = dict(self)
        members = [Member(team_id=own["team_id"], **member.fields()) for member in own["members_with_roles"]]
        return {**own, "members_with_roles": members}


_MEMBER: Any = _form(Member)

FORMS: Mapping[type[Declarable], type[Section]] = {
    Key: _form(Key, _KeyForm),
    DeclaredTeam: _form(Team, _TeamForm, members_with_roles=Items[_MEMBER]),
    Member: _MEMBER,
    **{subject: _form(subject) for subject in (User, Organization, Project, Customer, AccessGroup)},
}
"""How the config writes each subject."""

D = TypeVar("D", bound=Declarable)


def declared(subject: type[D], value: Any, *, context: Environment) -> D:
    """A subject that the config declares. Raises pydantic's ValidationError, with the places in `value`."""
    form: Any = FORMS[subject].model_validate(value, context=context)
    return subject(**form.fields())
