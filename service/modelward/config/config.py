"""Where a config declares its models and the lists of models of its subjects."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from modelward.config.destinations import Destination
from modelward.config.grants import grant_lists
from modelward.config.model_list import ModelItem
from modelward.config.report import ConfigReport
from modelward.config.sections import Sections
from modelward.config.settings import GeneralSettings, LiteLLMSettings, ModelwardSettings
from modelward.config.source import NodePath, SourcePlace
from modelward.config.subjects import DeclaredTeam
from modelward.contract import (
    AccessGroup,
    Customer,
    Fallbacks,
    Issuer,
    Key,
    Organization,
    Project,
    TokenSettings,
    User,
)
from modelward.errors import Problem

SourcePlaces = Mapping[tuple[str, str], SourcePlace]


def places(sections: Sections, report: ConfigReport) -> SourcePlaces:
    """The place of each subject's list of models, or of the subject where it has none, keyed by kind and id.

    The kinds are those of GrantList, and `model`: the first item of the entry in `model_list`, a common one before a
    team's own.
    """
    paths: dict[tuple[str, str], NodePath] = {}
    for grants in grant_lists(sections):
        paths.setdefault((grants.kind, grants.id), (*grants.path, grants.field))
    for index, item in sorted(sections.model_list.items(), key=lambda pair: pair[1].model_info.team_id is not None):
        for name in (item.public_name, item.model_name):
            paths.setdefault(("model", name), ("model_list", index))
    return {subject: report.place(path) for subject, path in paths.items()}


@dataclass(frozen=True, slots=True)
class Model:
    """One item of `model_list` with its deployment's id, unique in the config, where its calls go, and the address in
    the file. The settings of the credential that it names are among the item's."""

    id: str
    item: ModelItem
    destination: Destination
    address: str = ""

    @property
    def public_name(self) -> str:
        """The name that callers use for the deployment (C6)."""
        return self.item.public_name


@dataclass(frozen=True, slots=True)
class GlobalAlias:
    """A global alias with its final target (C5)."""

    target: str
    hidden: bool


@dataclass(frozen=True, slots=True)
class Config:
    """A config without problems.

    `files` are all files it came from. Aliases, those of keys and teams too, lead to their final target. Times are
    seconds; `timeout` is what a deployment without its own has. `issuers` is empty when JWT auth is off; where
    credentials are not resolved, they have no addresses of keys. `places` says where lists of models and entries are
    declared, keyed by kind and id (see `places`). `warnings` say what is probably not meant, `notes` name the settings
    that mean nothing here.
    """

    files: tuple[Path, ...]
    litellm_settings: LiteLLMSettings
    general_settings: GeneralSettings
    modelward_settings: ModelwardSettings
    models: tuple[Model, ...] = ()
    aliases: Mapping[str, GlobalAlias] = field(default_factory=dict)
    keys: tuple[Key, ...] = ()
    teams: tuple[DeclaredTeam, ...] = ()
    users: tuple[User, ...] = ()
    organizations: tuple[Organization, ...] = ()
    projects: tuple[Project, ...] = ()
    customers: tuple[Customer, ...] = ()
    access_groups: tuple[AccessGroup, ...] = ()
    issuers: tuple[Issuer, ...] = ()
    tokens: TokenSettings = field(default_factory=TokenSettings)
    fallbacks: Fallbacks = field(default_factory=Fallbacks)
    timeout: float | None = None
    places: Mapping[tuple[str, str], SourcePlace] = field(default_factory=dict)
    warnings: tuple[Problem, ...] = ()
    notes: tuple[Problem, ...] = ()
