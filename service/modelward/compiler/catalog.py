"""From a config to the catalogue that decisions are made from, and the deployments that serve it."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Literal

from modelward.compiler.spellings import Filling, ScopeEntry, Served, folded
from modelward.config import Config, Model
from modelward.config.model_names import published_names, spellings
from modelward.config.sections import DeclaredTeam
from modelward.contract import (
    Catalog,
    Deployment,
    Entry,
    Fill,
    Folding,
    Member,
    Scope,
    Settings,
    Team,
    Unserved,
    User,
    Wildcard,
)
from modelward.contract.facts import SPECIAL_NAMES


def deployments(config: Config) -> tuple[Deployment, ...]:
    """Every deployment of the config that takes calls, in its order (E5)."""
    served = (model for model in config.models if model.out_of_service is None)
    return tuple(_deployment(model, config.timeout) for model in served)


def _deployment(model: Model, default_timeout: float | None) -> Deployment:
    params = model.item.litellm_params
    return Deployment(
        id=model.id,
        entry=model.public_name,
        provider=model.provider,
        model=model.upstream_model,
        api_key=params.api_key,
        api_base=params.api_base or params.base_url,
        api_version=params.api_version,
        organization=params.organization,
        mock_response=params.mock_response,
        weight=1.0 if params.weight is None else params.weight,
        order=params.order,
        timeout=params.timeout or params.request_timeout or default_timeout,
        groups=tuple(sorted(model.item.model_info.access_groups)),
        team_id=model.item.model_info.team_id,
    )


Groups = dict[str, Literal[True]]


def compile_scopes(models: Iterable[Model]) -> tuple[Scope, dict[str, Scope]]:
    """The common scope, and the scopes of teams with deployments of their own, by team id."""
    drafts: dict[str | None, _Draft] = defaultdict(_Draft)
    for model in models:
        drafts[model.item.model_info.team_id].add(model)
    ranks = _ranks(drafts)
    for team, draft in drafts.items():
        draft.rank(ranks[team])
    filling = Filling(spellings(), [named for draft in drafts.values() for named in draft.named.values()])
    for draft in drafts.values():
        draft.fill(filling)
    common = drafts.pop(None, _Draft())
    scopes = {team: draft.scope(filling, common) for team, draft in drafts.items() if team is not None}
    return common.scope(filling, common), scopes


def _kinds(entries: Mapping[str, Entry], provider_names: Mapping[str, Sequence[str]]) -> dict[str, str]:
    """For each entry the first that differs from it in its name only; none for wildcards."""
    first: dict[tuple[object, ...], str] = {}
    kinds = {}
    for name, entry in entries.items():
        if "*" in name:
            continue
        served = frozenset(map(frozenset, entry.deployments.values()))
        unserved = frozenset((each.why, frozenset(each.groups)) for each in entry.out_of_service.values())
        providers = (*published_names().of(name), *provider_names.get(name, ()))
        kinds[name] = first.setdefault((served, unserved, providers), name)
    return kinds


@dataclass
class _Draft:
    models: dict[str, list[Model]] = field(default_factory=dict)
    names: dict[str, str] = field(default_factory=dict)
    named: dict[str, ScopeEntry] = field(default_factory=dict)
    fills: dict[str, list[Fill]] = field(default_factory=dict)

    def add(self, model: Model) -> None:
        info = model.item.model_info
        name = model.public_name
        self.models.setdefault(name, []).append(model)
        served = Served(model.provider, model.upstream_model, address=model.address)
        self.named.setdefault(name, ScopeEntry(name)).served.append(served)
        if info.team_id is not None:
            self.names[name] = name
            self.names[model.item.model_name] = name

    def rank(self, ranks: Mapping[str, int]) -> None:
        for name, rank in ranks.items():
            self.named[name] = replace(self.named[name], rank=rank)

    def fill(self, filling: Filling) -> None:
        self.fills = {name: filling.fills(self.named[name]) for name in self.wildcards()}

    def wildcards(self) -> list[str]:
        return [name for name in self.models if "*" in name]

    def scope(self, filling: Filling, common: "_Draft") -> Scope:
        ranked = sorted((each for each in self.named.values() if each.rank >= 0), key=lambda each: each.rank)
        named = [(each.name, each.rank) for each in ranked]
        buckets = _buckets(named)
        lower = _buckets(folded(named, filling.last_of)) if filling.compares_case else {}
        return Scope(
            entries={name: _entry(models) for name, models in self.models.items()},
            wildcards=buckets,
            lengths=sorted({len(prefix) for prefix in (*buckets, *lower)}),
            names=self.names,
            fills=self.fills,
            spelled=self._spelled(filling, common),
            folded=lower,
        )

    def _spelled(self, filling: Filling, common: "_Draft") -> dict[str, dict[str, Literal[True]]]:
        """The keys for each of the scope's own wildcard entries, and of its own entries for the common ones (C6)."""
        own = [name for name in self.models if "*" not in name]
        every = [*own, *(name for name in common.models if "*" not in name and common is not self)]
        found = {name: filling.keys(fills, every) for name, fills in self.fills.items() if fills}
        shared = {} if common is self else {name: each for name, each in common.fills.items() if name not in self.fills}
        for name, fills in shared.items():
            found[name] = filling.keys(fills, own)
        return {name: keys for name, keys in found.items() if keys}


def _buckets(ranked: Iterable[tuple[str, int]]) -> dict[str, list[Wildcard]]:
    found: dict[str, list[Wildcard]] = defaultdict(list)
    for name, rank in ranked:
        found[name[: name.index("*")]].append(Wildcard(name=name, rank=rank))
    return dict(found)


def _entry(models: Sequence[Model]) -> Entry:
    groups = {model.id: _groups(model) for model in models}
    unserved = {model.id: why for model in models if (why := model.out_of_service)}
    return Entry(
        deployments={id_: own for id_, own in groups.items() if id_ not in unserved},
        out_of_service={id_: Unserved(why=why, groups=groups[id_]) for id_, why in unserved.items()},
        groups={group: True for own in groups.values() for group in own},
    )


def _groups(model: Model) -> Groups:
    return dict.fromkeys(model.item.model_info.access_groups, True)


def _ranks(drafts: Mapping[str | None, _Draft]) -> dict[str | None, dict[str, int]]:
    """The rank of each wildcard among all: most literal characters, fewest `*`, a team's own, first in the file."""
    found = [(team, name) for team, draft in drafts.items() for name in draft.wildcards()]
    order = sorted(found, key=lambda wildcard: (*_specificity(wildcard[1]), wildcard[0] is None))
    ranks: dict[str | None, dict[str, int]] = {team: {} for team in drafts}
    for rank, (team, name) in enumerate(order):
        ranks[team][name] = rank
    return ranks


def _specificity(name: str) -> tuple[int, int]:
    stars = name.count("*")
    return stars - len(name), stars


def compile_catalog(config: Config) -> Catalog:
    """The catalogue of a config, without its revision. Pure: the same config gives an equal catalogue."""
    common, teams = compile_scopes(config.models)
    groups = {group for model in config.models for group in model.item.model_info.access_groups}
    members = _members(config.teams.values())
    provider_names = _added_names(config.modelward_settings.provider_names)
    return Catalog(
        common=common.model_copy(update={"kinds": _kinds(common.entries, provider_names)}),
        teams=teams,
        aliases=dict(config.aliases),
        reserved=dict.fromkeys(groups | SPECIAL_NAMES, True),
        providers={name: list(owners) for name, owners in published_names().published.items()},
        provider_names=provider_names,
        foldings=_foldings([common, *teams.values()]),
        settings=_settings(config),
        tokens=config.tokens,
        declared_keys={key.token: key for key in config.keys.values()},
        declared_teams={team.team_id: _team(team) for team in config.teams.values()},
        declared_members=members,
        declared_users={user.user_id: _user(user, members) for user in config.users.values()},
        declared_projects={project.project_id: project for project in config.projects.values()},
        declared_organizations={each.organization_id: each for each in config.organizations.values()},
        declared_customers={customer.user_id: customer for customer in config.customers.values()},
        declared_access_groups={group.access_group_id: group for group in config.access_groups.values()},
    )


def _team(declared: DeclaredTeam) -> Team:
    return Team(**{name: getattr(declared, name) for name in Team.model_fields})


def _members(teams: Iterable[DeclaredTeam]) -> dict[str, dict[str, Member]]:
    """The members that teams name, by team and user."""
    named = {team.team_id: {member.user_id: member for member in team.members_with_roles} for team in teams}
    return {team_id: members for team_id, members in named.items() if members}


def _user(declared: User, members: Mapping[str, Mapping[str, Member]]) -> User:
    """A user with the teams that it names and those that name it as a member."""
    naming = [team_id for team_id, users in members.items() if declared.user_id in users]
    return declared.model_copy(update={"teams": list(dict.fromkeys([*declared.teams, *naming]))})


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
    general = config.general_settings
    return Settings(
        empty_list=config.modelward_settings.empty_list,
        allowed_routes=general.allowed_routes,
        admin_only_routes=general.admin_only_routes,
        personal_keys_from_teams=config.litellm_settings.personal_key_model_access_from_teams,
        enforce_fallback_model_access=general.enforce_fallback_model_access,
    )
