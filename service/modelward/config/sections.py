"""The sections of a config, each validated by itself so that every problem is found at once (K3)."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, TypeVar

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


@dataclass(frozen=True, slots=True)
class Sections:
    """What could be validated; items of lists are keyed by their place in the list."""

    models: Mapping[int, ModelItem]
    credentials: Mapping[int, CredentialItem]
    keys: Mapping[int, DeclaredKey]
    teams: Mapping[int, DeclaredTeam]
    users: Mapping[int, DeclaredUser]
    organizations: Mapping[int, DeclaredOrganization]
    projects: Mapping[int, DeclaredProject]
    customers: Mapping[int, DeclaredCustomer]
    access_groups: Mapping[int, DeclaredAccessGroup]
    router: RouterSettings
    litellm: LiteLLMSettings
    general: GeneralSettings
    modelward: ModelwardSettings


def validate(document: Mapping[str, Any], environment: Environment, report: Report) -> Sections:
    """Validate every section; what is wrong goes to the report, and the sections hold the rest."""
    reader = _Reader(document, environment, report)
    return Sections(
        models=reader.items("model_list", ModelItem),
        credentials=reader.items("credential_list", CredentialItem),
        keys=reader.items("keys", DeclaredKey),
        teams=reader.items("teams", DeclaredTeam),
        users=reader.items("users", DeclaredUser),
        organizations=reader.items("organizations", DeclaredOrganization),
        projects=reader.items("projects", DeclaredProject),
        customers=reader.items("customers", DeclaredCustomer),
        access_groups=reader.items("access_groups", DeclaredAccessGroup),
        router=reader.section("router_settings", RouterSettings),
        litellm=reader.section("litellm_settings", LiteLLMSettings),
        general=reader.section("general_settings", GeneralSettings),
        modelward=reader.section("modelward_settings", ModelwardSettings),
    )


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
