"""Entries keyed by what is looked up: the common ones and each team's own (C1, C3, C6)."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Literal

from modelward.config import Model
from modelward.contract import Entry, Scope, Wildcard

Groups = dict[str, Literal[True]]


def compile_scopes(models: Iterable[Model]) -> tuple[Scope, dict[str, Scope]]:
    """The common scope, and the scopes of teams with deployments of their own, by team id."""
    drafts: dict[str | None, _Draft] = defaultdict(_Draft)
    for model in models:
        drafts[model.item.model_info.team_id].add(model)
    ranks = _ranks(drafts)
    scopes = {team: draft.scope(ranks[team]) for team, draft in drafts.items()}
    return scopes.pop(None, Scope()), {team: scope for team, scope in scopes.items() if team is not None}


@dataclass
class _Draft:
    deployments: dict[str, dict[str, Groups]] = field(default_factory=dict)
    names: dict[str, str] = field(default_factory=dict)

    def add(self, model: Model) -> None:
        info = model.item.model_info
        name = model.public_name
        self.deployments.setdefault(name, {})[model.id] = dict.fromkeys(info.access_groups, True)
        if info.team_id is not None:
            self.names[name] = name
            self.names[model.item.model_name] = name

    def wildcards(self) -> list[str]:
        return [name for name in self.deployments if "*" in name]

    def scope(self, ranks: Mapping[str, int]) -> Scope:
        buckets: dict[str, list[Wildcard]] = defaultdict(list)
        for name in sorted(ranks, key=ranks.__getitem__):
            buckets[name[: name.index("*")]].append(Wildcard(name=name, rank=ranks[name]))
        return Scope(
            entries={name: _entry(deployments) for name, deployments in self.deployments.items()},
            wildcards=dict(buckets),
            lengths=sorted({len(prefix) for prefix in buckets}),
            names=self.names,
        )


def _entry(deployments: dict[str, Groups]) -> Entry:
    groups: Groups = {}
    for own in deployments.values():
        groups |= own
    return Entry(deployments=deployments, groups=groups)


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
