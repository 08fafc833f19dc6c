"""From a config to the catalogue that decisions are made from."""

from collections.abc import Iterable, Mapping, Sequence

from modelward.compiler import subjects
from modelward.compiler.scopes import compile_scopes
from modelward.config import Config, published_names, spellings
from modelward.contract import Alias, Catalog, Folding, Scope, Settings

SPECIAL_NAMES = {"no-default-models", "all-team-models", "all-proxy-models"}


def compile_catalog(config: Config) -> Catalog:
    """The catalogue of a config, without its revision. Pure: the same config gives an equal catalogue."""
    common, teams = compile_scopes(config.models)
    groups = {group for model in config.models for group in model.item.model_info.access_groups}
    naming = subjects.teams_of_members(config.teams)
    keys = [subjects.key(declared) for declared in config.keys]
    return Catalog(
        common=common,
        teams=teams,
        aliases={name: Alias(target=alias.target, hidden=alias.hidden) for name, alias in config.aliases.items()},
        reserved=dict.fromkeys(groups | SPECIAL_NAMES, True),
        providers={name: list(owners) for name, owners in published_names().published.items()},
        provider_names=_added_names(config.provider_names),
        foldings=_foldings([common, *teams.values()]),
        settings=_settings(config),
        tokens=config.tokens,
        declared_keys={key.hash: key for key in keys},
        declared_teams={declared.team_id: subjects.team(declared) for declared in config.teams},
        declared_members=subjects.members(config.teams),
        declared_users={
            declared.user_id: subjects.user(declared, naming.get(declared.user_id, ())) for declared in config.users
        },
        declared_projects={declared.project_id: subjects.project(declared) for declared in config.projects},
        declared_organizations={each.organization_id: subjects.organization(each) for each in config.organizations},
        declared_customers={declared.user_id: subjects.customer(declared) for declared in config.customers},
        declared_access_groups={each.access_group_id: subjects.access_group(each) for each in config.access_groups},
    )


def _added_names(names: Mapping[str, Sequence[str]]) -> dict[str, list[str]]:
    """The providers of each name that the config adds, in its order; those that publish the name are left out."""
    found: dict[str, list[str]] = {}
    for provider, added in names.items():
        for name in added:
            if provider not in published_names().of(name):
                found.setdefault(name, []).append(provider)
    return {name: list(dict.fromkeys(owners)) for name, owners in found.items()}


def _foldings(scopes: Iterable[Scope]) -> dict[str, Folding]:
    """The foldings that the scopes' wildcard entries need."""
    families = {fill.folding for scope in scopes for fills in scope.fills.values() for fill in fills}
    return {family: spellings().folding(family) for family in sorted(families)}


def _settings(config: Config) -> Settings:
    return Settings(
        empty_list=config.empty_list,
        allowed_routes=None if config.allowed_routes is None else list(config.allowed_routes),
        admin_only_routes=list(config.admin_only_routes),
        personal_keys_from_teams=config.personal_keys_from_teams,
        enforce_fallback_model_access=config.enforce_fallback_model_access,
    )
