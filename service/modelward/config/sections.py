"""The sections of a config, each validated by itself so that every problem is found at once (K3)."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache
from types import UnionType
from typing import Annotated, Any, Literal, TypeVar, Union, get_args, get_origin, get_type_hints

from pydantic import (
    AfterValidator,
    BeforeValidator,
    Field,
    TypeAdapter,
    ValidationError,
    ValidationInfo,
    create_model,
    model_validator,
)

from modelward.config import fields
from modelward.config.fields import (
    PREFIX,
    Credential,
    Environment,
    Inner,
    Items,
    Map,
    Name,
    Number,
    Seconds,
    Section,
    Switch,
    Text,
    UpstreamText,
    UpstreamUrl,
    resolve,
)
from modelward.config.report import ConfigReport
from modelward.config.settings import GeneralSettings, LiteLLMSettings, ModelwardSettings, RouterSettings
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


class CredentialValues(Section):
    """`credential_values`: where an account is, and its key."""

    api_key: Credential = None
    api_base: UpstreamUrl = None
    base_url: UpstreamUrl = None
    api_version: UpstreamText = None
    organization: UpstreamText = None


class CredentialItem(Section):
    """One item of `credential_list`."""

    credential_name: Name
    credential_values: Inner[CredentialValues]


class LiteLLMParams(Section):
    """`litellm_params`: where the deployment is served. With `mock_response` it answers by itself."""

    # First, because the other fields' references may be unset when it is there.
    mock_response: Text | None = None
    model: fields.UpstreamName
    custom_llm_provider: UpstreamText = None
    api_key: Credential = None
    api_base: UpstreamUrl = None
    base_url: UpstreamUrl = None
    api_version: UpstreamText = None
    organization: UpstreamText = None
    litellm_credential_name: Name | None = None
    weight: fields.Weight = None
    order: Number[int | None] = None
    timeout: Seconds = None
    request_timeout: Seconds = None

    @model_validator(mode="after")
    def _one_address(self) -> "LiteLLMParams":
        if self.api_base and self.base_url and self.api_base != self.base_url:
            raise ValueError("`api_base` and `base_url` differ; keep one of the two")
        return self


def _number_as_text(value: Any) -> Any:
    return str(value) if isinstance(value, int) and not isinstance(value, bool) else value


class ModelInfo(Section):
    """`model_info`: who the deployment is for; a team's own deployment has a public name (C6). LiteLLM takes a number
    for an id, and keeps its text."""

    id: Annotated[Name, BeforeValidator(_number_as_text)] | None = None
    access_groups: Items[Name]
    team_id: Name | None = None
    team_public_model_name: Name | None = None

    @model_validator(mode="after")
    def _public_name_needs_a_team(self) -> "ModelInfo":
        if self.team_public_model_name and not self.team_id:
            raise ValueError("`team_public_model_name` needs `team_id`: without it the model is everybody's")
        return self


class ModelItem(Section):
    """A deployment and the name it is asked for."""

    model_name: Name
    litellm_params: LiteLLMParams
    model_info: Inner[ModelInfo]

    @property
    def public_name(self) -> str:
        """The name that callers use for the deployment (C6)."""
        return self.model_info.team_public_model_name or self.model_name


_HASH = re.compile(r"(sha256:)?([0-9a-fA-F]{64})")


def _key_hash(value: Any) -> Any:
    found = _HASH.fullmatch(value) if isinstance(value, str) else None
    if found is None or not found[1]:
        raise ValueError("must be `sha256:` and the 64 hex digits of the key's SHA-256")
    return found[2].lower()


def _key_id(value: Any) -> Any:
    found = _HASH.fullmatch(value) if isinstance(value, str) else None
    if found is None:
        raise ValueError("must be the 64 hex digits of a key's SHA-256, with or without `sha256:`")
    return found[2].lower()


def _hash_of_key(value: Any, info: ValidationInfo) -> Any:
    if not fields.is_reference(value):
        raise ValueError("a key must not stand here in clear; write `key: os.environ/NAME` or `key_hash: sha256:...`")
    key = resolve(value, info)
    if not key.startswith("sk-"):
        raise ValueError(f"the key in `{value.removeprefix(PREFIX)}` must begin with `sk-`")
    return key_hash(key)


def _time(value: Any) -> Any:
    if value is None:
        return None
    try:
        time = datetime.fromisoformat(value)
    except (TypeError, ValueError):
        raise ValueError("must be a time such as `2030-01-31T12:00:00Z`") from None
    return time if time.tzinfo else time.replace(tzinfo=UTC)


_WORDS: dict[str, Any] = {
    "id": Name,
    "name": (Name | None, None),
    "text": (Text | None, None),
    "models": Items[Text],
    "names": Items[Name],
    "teams": Items[Name],
    "key_ids": Items[Annotated[str, BeforeValidator(_key_id), BeforeValidator(resolve)]],
    "routes": Items[fields.RouteText],
    "aliases": Map[Name, Name],
    "metadata": fields.JsonMap,
    "switch": (Switch, False),
    "time": (Annotated[datetime | None, BeforeValidator(_time), BeforeValidator(resolve)], None),
    "user_role": (Annotated[Role | None, BeforeValidator(resolve)], None),
    "member_role": (Annotated[Literal["user", "admin"], BeforeValidator(resolve)], "user"),
}
"""How a config writes a field whose annotation has that word."""


class DeclaredTeam(Team):
    """A team with the members that the config names; they are subjects of their own."""

    members_with_roles: list[Member] = Field(default=[], exclude=True)


def _form(subject: type[Declarable], **more: Any) -> type[Section]:
    """What the config says of a subject: all fields that rules see, and how long it lives."""
    read = {name: _WORDS[word] for name, word, field in read_fields(subject) if not field.exclude or word == "time"}
    return create_model(subject.__name__, __base__=Section, **{**read, **more})


def _key(said: Any) -> Key:
    """Of the key itself only the SHA-256 is kept, from `key_hash` or `key` (A1)."""
    if (said.key is None) == (said.key_hash is None):
        raise ValueError("needs `key_hash` or `key`, and not both")
    own = {name: value for name, value in said if name not in ("key", "key_hash")}
    return Key(token=said.key_hash or said.key, **own)


def _team(said: Any) -> DeclaredTeam:
    members = [Member(team_id=said.team_id, **dict(each)) for each in said.members_with_roles]
    return DeclaredTeam(**{**dict(said), "members_with_roles": members})


_MEMBER: Any = _form(Member)
_KEY = _form(
    Key,
    key_hash=(Annotated[str | None, BeforeValidator(_key_hash), BeforeValidator(resolve)], None),
    key=(Annotated[str | None, BeforeValidator(_hash_of_key), Field(repr=False)], None),
)

FORMS: Mapping[type[Declarable], Any] = {
    Key: Annotated[_KEY, AfterValidator(_key)],
    DeclaredTeam: Annotated[_form(Team, members_with_roles=Items[_MEMBER]), AfterValidator(_team)],
    **{
        subject: Annotated[_form(subject), AfterValidator(lambda said, subject=subject: subject(**dict(said)))]
        for subject in (User, Organization, Project, Customer, AccessGroup)
    },
}
"""How the config writes each subject."""

T = TypeVar("T")
ByPlace = Mapping[int, T]
"""What could be validated of a list, by its place there."""


@dataclass(frozen=True)
class Sections:
    """What could be validated of each section, under its name in the file."""

    model_list: ByPlace[ModelItem]
    credential_list: ByPlace[CredentialItem]
    keys: ByPlace[Key]
    teams: ByPlace[DeclaredTeam]
    users: ByPlace[User]
    organizations: ByPlace[Organization]
    projects: ByPlace[Project]
    customers: ByPlace[Customer]
    access_groups: ByPlace[AccessGroup]
    router_settings: RouterSettings
    litellm_settings: LiteLLMSettings
    general_settings: GeneralSettings
    modelward_settings: ModelwardSettings


@cache
def _adapter(kind: Any) -> TypeAdapter[Any]:
    return TypeAdapter(kind)


def validate(document: Mapping[str, Any], environment: Environment, report: ConfigReport) -> Sections:
    """Validate every section; what is wrong goes to the report, and the sections hold the rest."""

    def read(kind: Any, value: Any, *path: str | int) -> Any:
        try:
            return _adapter(kind).validate_python(value, context=environment)
        except ValidationError as error:
            report.invalid(path, error.errors(include_url=False))
            return None

    found: dict[str, Any] = {}
    for name, kind in get_type_hints(Sections).items():
        value = document.get(name)
        if get_origin(kind) is not Mapping:
            found[name] = read(kind, {} if value is None else value, name) or kind()
            continue
        if value is not None and not isinstance(value, list):
            report.problem((name,), f"`{name}` must be a list")
            value = None
        item = get_args(kind)[1]
        items = {index: read(FORMS.get(item, item), each, name, index) for index, each in enumerate(value or [])}
        found[name] = {index: each for index, each in items.items() if each is not None}
    return Sections(**found)


def maps() -> Iterator[tuple[str, type[Section]]]:
    """Every map of a config whose words are known, by its place in the file: `x.y`, with `x[]` for each item of a list
    and `x.*` for each value of a map."""
    for name, kind in get_type_hints(Sections).items():
        yield from _maps(kind, name)


def _maps(kind: Any, place: str) -> Iterator[tuple[str, type[Section]]]:
    origin, inner = get_origin(kind), get_args(kind)
    if isinstance(kind, type) and issubclass(kind, Section):
        yield place, kind
        for name, field in kind.model_fields.items():
            yield from _maps(field.annotation, f"{place}.{field.alias or name}")
    elif kind in FORMS:
        yield from _maps(FORMS[kind], place)
    elif origin is Annotated:
        yield from _maps(inner[0], place)
    elif origin in (list, Mapping):
        yield from _maps(inner[-1], f"{place}[]")
    elif origin is dict:
        yield from _maps(inner[-1], f"{place}.*")
    elif origin in (Union, UnionType):
        for each in inner:
            yield from _maps(each, place)
