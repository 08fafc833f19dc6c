"""From a config to the catalogue that decisions are made from."""

from modelward.compiler import subjects
from modelward.compiler.scopes import compile_scopes
from modelward.config import Config, providers
from modelward.contract import Alias, Catalog, ProviderTable, Settings


def compile_catalog(config: Config) -> Catalog:
    """The catalogue of a config, without its revision. Pure: the same config gives an equal catalogue."""
    common, teams = compile_scopes(config.models)
    groups = {group for model in config.models for group in model.item.model_info.access_groups}
    keys = [subjects.key(declared) for declared in config.keys]
    return Catalog(
        common=common,
        teams=teams,
        aliases={name: Alias(target=alias.target, hidden=alias.hidden) for name, alias in config.aliases.items()},
        groups=dict.fromkeys(groups, True),
        providers=_provider_table(),
        settings=_settings(config),
        declared_keys={key.hash: key for key in keys},
        declared_teams={declared.team_id: subjects.team(declared) for declared in config.teams},
        declared_users={declared.user_id: subjects.user(declared) for declared in config.users},
    )


def _provider_table() -> ProviderTable:
    prefixes = providers().prefixes
    return ProviderTable(prefixes=dict(prefixes), lengths=sorted({len(prefix) for prefix in prefixes}))


def _settings(config: Config) -> Settings:
    return Settings(
        empty_list=config.empty_list,
        allowed_routes=None if config.allowed_routes is None else list(config.allowed_routes),
        admin_only_routes=list(config.admin_only_routes),
    )
