"""The sections of a config, each validated by itself so that every problem is found at once (K3)."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import partial
from types import UnionType
from typing import Annotated, Any, Protocol, TypeVar, Union, get_args, get_origin, get_type_hints

from pydantic import ValidationError

from modelward.config.destinations import CredentialItem
from modelward.config.fields import Environment, Section
from modelward.config.model_list import ModelItem
from modelward.config.report import ConfigReport
from modelward.config.settings import GeneralSettings, LiteLLMSettings, ModelwardSettings, RouterSettings
from modelward.config.source import NodePath
from modelward.config.subjects import FORMS, D, DeclaredTeam, declared
from modelward.contract import AccessGroup, Customer, Key, Organization, Project, User

S = TypeVar("S", bound=Section)
T = TypeVar("T")
T_co = TypeVar("T_co", covariant=True)
Items = Mapping[int, T]
"""What could be validated of a list, by its place there."""


class ReadValue(Protocol[T_co]):
    """Validates a value of the file. Raises ValidationError."""

    def __call__(self, value: Any, /, *, context: Environment) -> T_co:
        """What the value says."""


@dataclass(frozen=True, slots=True)
class Sections:
    """What could be validated of each section, under its name in the file."""

    model_list: Items[ModelItem]
    credential_list: Items[CredentialItem]
    keys: Items[Key]
    teams: Items[DeclaredTeam]
    users: Items[User]
    organizations: Items[Organization]
    projects: Items[Project]
    customers: Items[Customer]
    access_groups: Items[AccessGroup]
    router_settings: RouterSettings
    litellm_settings: LiteLLMSettings
    general_settings: GeneralSettings
    modelward_settings: ModelwardSettings


def validate(document: Mapping[str, Any], environment: Environment, report: ConfigReport) -> Sections:
    """Validate every section; what is wrong goes to the report, and the sections hold the rest."""
    reader = _Reader(document, environment, report)
    found: dict[str, Any] = {}
    for name, kind in get_type_hints(Sections).items():
        if get_origin(kind) is Mapping:
            item = get_args(kind)[1]
            found[name] = reader.subjects(name, item) if item in FORMS else reader.items(name, item)
        else:
            found[name] = reader.section(name, kind)
    return Sections(**found)


def maps() -> Iterator[tuple[str, type[Section]]]:
    """Every map of a config whose words are known, by its place in the file: `x.y`, with `x[]` for each item of a list
    and `x.*` for each value of a map."""
    for name, kind in get_type_hints(Sections).items():
        yield from _maps(kind, name)


def _maps(kind: Any, place: str) -> Iterator[tuple[str, type[Section]]]:
    origin, inner = get_origin(kind), get_args(kind)
    if isinstance(kind, type) and kind in FORMS:
        yield from _maps(FORMS[kind], place)
    elif isinstance(kind, type) and issubclass(kind, Section):
        yield place, kind
        for name, field in kind.model_fields.items():
            yield from _maps(field.annotation, f"{place}.{field.alias or name}")
    elif origin is Annotated:
        yield from _maps(inner[0], place)
    elif origin in (list, Mapping):
        yield from _maps(inner[-1], f"{place}[]")
    elif origin is dict:
        yield from _maps(inner[-1], f"{place}.*")
    elif origin in (Union, UnionType):
        for each in inner:
            yield from _maps(each, place)


@dataclass(frozen=True, slots=True)
class _Reader:
    document: Mapping[str, Any]
    environment: Environment
    report: ConfigReport

    def section(self, name: str, kind: type[S]) -> S:
        value = self.document.get(name)
        return self._validated(kind.model_validate, {} if value is None else value, (name,)) or kind()

    def items(self, name: str, kind: type[S]) -> dict[int, S]:
        return self._each(name, kind.model_validate)

    def subjects(self, name: str, kind: type[D]) -> dict[int, D]:
        return self._each(name, partial(declared, kind))

    def _each(self, name: str, read: ReadValue[T]) -> dict[int, T]:
        value = self.document.get(name)
        if value is None:
            return {}
        if not isinstance(value, list):
            self.report.problem((name,), f"`{name}` must be a list")
            return {}
        found = ((index, self._validated(read, item, (name, index))) for index, item in enumerate(value))
        return {index: item for index, item in found if item is not None}

    def _validated(self, read: ReadValue[T], value: Any, path: NodePath) -> T | None:
        try:
            return read(value, context=self.environment)
        except ValidationError as error:
            self.report.invalid(path, error.errors(include_url=False))
            return None
