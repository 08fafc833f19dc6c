"""Subjects declared in the config, with the field names of LiteLLM's API (K2); keys have a file of their own."""

from typing import Annotated, Literal

from pydantic import BeforeValidator

from modelward.config.fields import Items, JsonMap, Name, NameMap, Names, Section, Switch, Text, Texts, resolve
from modelward.config.key_hash import KeyId
from modelward.contract import Role


class DeclaredMember(Section):
    """One item of a team's `members_with_roles`; the management API shows the role, and nothing is decided by it."""

    user_id: Name
    role: Annotated[Literal["user", "admin"], BeforeValidator(resolve)] = "user"
    allowed_models: Texts


class DeclaredTeam(Section):
    """One item of `teams`."""

    team_id: Name
    team_alias: Name | None = None
    models: Texts
    model_aliases: NameMap
    organization_id: Name | None = None
    access_group_ids: Names
    members_with_roles: Items[DeclaredMember]
    blocked: Switch = False
    metadata: JsonMap


class DeclaredUser(Section):
    """One item of `users`."""

    user_id: Name
    user_role: Annotated[Role | None, BeforeValidator(resolve)] = None
    models: Texts
    teams: Names
    metadata: JsonMap


class DeclaredOrganization(Section):
    """One item of `organizations`."""

    organization_id: Name
    organization_alias: Name | None = None
    models: Texts
    metadata: JsonMap


class DeclaredProject(Section):
    """One item of `projects`."""

    project_id: Name
    project_alias: Name | None = None
    team_id: Name | None = None
    models: Texts
    blocked: Switch = False
    metadata: JsonMap


class DeclaredCustomer(Section):
    """One item of `customers`."""

    user_id: Name
    alias: Name | None = None
    models: Texts
    blocked: Switch = False


class DeclaredAccessGroup(Section):
    """One item of `access_groups`; `assigned_key_ids` are SHA-256 hashes of keys."""

    access_group_id: Name
    access_group_name: Name | None = None
    description: Text | None = None
    access_model_names: Texts
    assigned_team_ids: Names
    assigned_key_ids: Items[KeyId]
