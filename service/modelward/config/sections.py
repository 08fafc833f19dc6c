"""The sections of a config, each validated by itself so that every problem is found at once (K3)."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from types import UnionType
from typing import Annotated, Any, TypeVar, Union, get_args, get_origin, get_type_hints

from pydantic import ValidationError

from modelward.config.destinations import CredentialItem
from modelward.config.fields import Environment, Section
from modelward.config.model_list import ModelItem
from modelward.config.report import Report
from modelward.config.settings import GeneralSettings, LiteLLMSettings, ModelwardSettings, RouterSettings
from modelward.config.source import NodePath
from modelward.config.subjects import (
    DeclaredAccessGroup,
    DeclaredCustomer,
    DeclaredKey,
    DeclaredOrganization,
    DeclaredProject,
    DeclaredTeam,
    DeclaredUser,
)

S = TypeVar("S", bound=Section)
Items = Mapping[int, S]
"""What could be validated of a list, by its place there."""


@dataclass(frozen=True, slots=True)
class Sections:
    """What could be validated of each section, under its name in the file."""

    model_list: Items[ModelItem]
    credential_list: Items[CredentialItem]
    keys: Items[DeclaredKey]
    teams: Items[DeclaredTeam]
    users: Items[DeclaredUser]
    organizations: Items[DeclaredOrganization]
    projects: Items[DeclaredProject]
    customers: Items[DeclaredCustomer]
    access_groups: Items[DeclaredAccessGroup]
    router_settings: RouterSettings
    litellm_settings: LiteLLMSettings
    general_settings: GeneralSettings
    modelward_settings: ModelwardSettings


def validate(document: Mapping[str, Any], environment: Environment, report: Report) -> Sections:
    """Validate every section; what is wrong goes to the report, and the sections hold the rest."""
    reader = _Reader(document, environment, report)
    found: dict[str, Any] = {}
    for name, kind in get_type_hints(Sections).items():
        is_list = get_origin(kind) is Mapping
        found[name] = reader.items(name, get_args(kind)[1]) if is_list else reader.section(name, kind)
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
    report: Report

    def section(self, name: str, kind: type[S]) -> S:
        value = self.document.get(name)
        return self._validated(kind, {} if value is None else value, (name,)) or kind()

    def items(self, name: str, kind: type[S]) -> dict[int, S]:
        value = self.document.get(name)
        if value is None:
            return {}
        if not isinstance(value, list):
            self.report.problem((name,), f"`{name}` must be a list")
            return {}
        found = ((index, self._validated(kind, item, (name, index))) for index, item in enumerate(value))
        return {index: item for index, item in found if item is not None}

    def _validated(self, kind: type[S], value: Any, path: NodePath) -> S | None:
        try:
            return kind.model_validate(value, context=self.environment)
        except ValidationError as error:
            self.report.invalid(path, error.errors(include_url=False))
            return None
