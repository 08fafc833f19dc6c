"""The sections of a config, each validated by itself so that every problem is found at once (K3)."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache
from types import UnionType
from typing import Annotated, Any, Literal, TypeVar, Union, get_args, get_origin, get_type_hints

from pydantic import AfterValidator, BeforeValidator, Field, TypeAdapter, ValidationError, create_model, model_validator

from modelward import contract
from modelward.config import fields
from modelward.config.fields import Environment
from modelward.config.report import ConfigReport
from modelward.config.settings import GeneralSettings, LiteLLMSettings, ModelwardSettings, RouterSettings


class CredentialValues(fields.Section):
    """`credential_values`: where an account is, and its key."""

    api_key: fields.Credential = None
    api_base: fields.UpstreamUrl = None
    base_url: fields.UpstreamUrl = None
    api_version: fields.UpstreamText = None
    organization: fields.UpstreamText = None


class CredentialItem(fields.Section):
    """One item of `credential_list`."""

    credential_name: fields.Name
    credential_values: fields.Inner[CredentialValues]


class LiteLLMParams(fields.Section):
    """`litellm_params`: where the deployment is served. With `mock_response` it answers by itself."""

    # First, because the other fields' references may be unset when it is there.
    mock_response: fields.Text | None = None
    model: fields.UpstreamName
    custom_llm_provider: fields.UpstreamText = None
    api_key: fields.Credential = None
    api_base: fields.UpstreamUrl = None
    base_url: fields.UpstreamUrl = None
    api_version: fields.UpstreamText = None
    organization: fields.UpstreamText = None
    litellm_credential_name: fields.Name | None = None
    weight: fields.Weight = None
    order: fields.Number[int | None] = None
    timeout: fields.Seconds = None
    request_timeout: fields.Seconds = None

    @model_validator(mode="after")
    def _one_address(self) -> "LiteLLMParams":
        if self.api_base and self.base_url and self.api_base != self.base_url:
            raise ValueError("`api_base` and `base_url` differ; keep one of the two")
        return self


class ModelInfo(fields.Section):
    """`model_info`: who the deployment is for; a team's own deployment has a public name (C6). LiteLLM takes a number
    for an id, and keeps its text."""

    id: Annotated[fields.Name, BeforeValidator(lambda value: str(value) if type(value) is int else value)] | None = None
    access_groups: fields.Items[fields.Name]
    team_id: fields.Name | None = None
    team_public_model_name: fields.Name | None = None

    @model_validator(mode="after")
    def _public_name_needs_a_team(self) -> "ModelInfo":
        if self.team_public_model_name and not self.team_id:
            raise ValueError("`team_public_model_name` needs `team_id`: without it the model is everybody's")
        return self


class ModelItem(fields.Section):
    """A deployment and the name it is asked for."""

    model_name: fields.Name
    litellm_params: LiteLLMParams
    model_info: fields.Inner[ModelInfo]

    @property
    def public_name(self) -> str:
        """The name that callers use for the deployment (C6)."""
        return self.model_info.team_public_model_name or self.model_name


def _time(value: Any) -> Any:
    if value is None:
        return None
    try:
        time = datetime.fromisoformat(value)
    except (TypeError, ValueError):
        raise ValueError("must be a time such as `2030-01-31T12:00:00Z`") from None
    return time if time.tzinfo else time.replace(tzinfo=UTC)


_WORDS: dict[str, Any] = {
    "id": fields.Name,
    "name": (fields.Name | None, None),
    "text": (fields.Text | None, None),
    "models": fields.Items[fields.Text],
    "names": fields.Items[fields.Name],
    "teams": fields.Items[fields.Name],
    "key_ids": fields.Items[fields.KeyId],
    "routes": fields.Items[fields.RouteText],
    "aliases": fields.Map[fields.Name, fields.Name],
    "metadata": fields.JsonMap,
    "switch": (fields.Switch, False),
    "time": (Annotated[datetime | None, BeforeValidator(_time), BeforeValidator(fields.resolve)], None),
    "user_role": (Annotated[contract.Role | None, BeforeValidator(fields.resolve)], None),
    "member_role": (Annotated[Literal["user", "admin"], BeforeValidator(fields.resolve)], "user"),
}
"""How a config writes a field whose annotation has that word."""


class DeclaredTeam(contract.Team):
    """A team with the members that the config names; they are subjects of their own."""

    members_with_roles: list[contract.Member] = Field(default=[], exclude=True)


def _form(subject: type[contract.Declarable], make: Callable[[Any], Any] | None = None, **more: Any) -> Any:
    """What the config says of a subject, all fields that rules see and how long it lives, and what is made of it."""
    read = {
        name: _WORDS[word] for name, word, field in contract.read_fields(subject) if not field.exclude or word == "time"
    }
    form = create_model(subject.__name__, __base__=fields.Section, **{**read, **more})
    return Annotated[form, AfterValidator(make or (lambda said: subject(**dict(said))))]


def _key(said: Any) -> contract.Key:
    """Of the key itself only the SHA-256 is kept, from `key_hash` or `key` (A1)."""
    if (said.key is None) == (said.key_hash is None):
        raise ValueError("needs `key_hash` or `key`, and not both")
    own = {name: value for name, value in said if name not in ("key", "key_hash")}
    return contract.Key(token=said.key_hash or said.key, **own)


def _team(said: Any) -> DeclaredTeam:
    members = [contract.Member(team_id=said.team_id, **each) for each in said.members_with_roles]
    return DeclaredTeam(**{**dict(said), "members_with_roles": members})


_MEMBER: Any = _form(contract.Member, dict)

FORMS: Mapping[type[contract.Declarable], Any] = {
    contract.Key: _form(contract.Key, _key, key_hash=(fields.KeyHash | None, None), key=(fields.KeyInVariable, None)),
    DeclaredTeam: _form(contract.Team, _team, members_with_roles=fields.Items[_MEMBER]),
    **{
        subject: _form(subject)
        for subject in (contract.User, contract.Organization, contract.Project, contract.Customer, contract.AccessGroup)
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
    keys: ByPlace[contract.Key]
    teams: ByPlace[DeclaredTeam]
    users: ByPlace[contract.User]
    organizations: ByPlace[contract.Organization]
    projects: ByPlace[contract.Project]
    customers: ByPlace[contract.Customer]
    access_groups: ByPlace[contract.AccessGroup]
    router_settings: RouterSettings
    litellm_settings: LiteLLMSettings
    general_settings: GeneralSettings
    modelward_settings: ModelwardSettings


_adapter: Callable[[Any], TypeAdapter[Any]] = cache(TypeAdapter)


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


def maps() -> Iterator[tuple[str, type[fields.Section]]]:
    """Every map of a config whose words are known, by its place in the file: `x.y`, with `x[]` for each item of a list
    and `x.*` for each value of a map."""
    for name, kind in get_type_hints(Sections).items():
        yield from _maps(kind, name)


def _maps(kind: Any, place: str) -> Iterator[tuple[str, type[fields.Section]]]:
    origin, inner = get_origin(kind), get_args(kind)
    if isinstance(kind, type) and issubclass(kind, fields.Section):
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
