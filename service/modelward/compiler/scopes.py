"""Entries keyed by what is looked up: the common ones and each team's own (C1, C3, C6)."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal

from modelward.config import Model
from modelward.contract import Entry, Scope, Unserved, Wildcard

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
    models: dict[str, list[Model]] = field(default_factory=dict)
    names: dict[str, str] = field(default_factory=dict)

    def add(self, model: Model) -> None:
        info = model.item.model_info
        name = model.public_name
        self.models.setdefault(name, []).append(model)
        if info.team_id is not None:
            self.names[name] = name
            self.names[model.item.model_name] = name

    def wildcards(self) -> list[str]:
        return [name for name in self.models if "*" in name]

    def scope(self, ranks: Mapping[str, int]) -> Scope:
        buckets: dict[str, list[Wildcard]] = defaultdict(list)
        for name in sorted(ranks, key=ranks.__getitem__):
            buckets[name[: name.index("*")]].append(Wildcard(name=name, rank=ranks[name]))
        return Scope(
            entries={name: _entry(models) for name, models in self.models.items()},
            wildcards=dict(buckets),
            lengths=sorted({len(prefix) for prefix in buckets}),
            names=self.names,
        )


def _entry(models: Sequence[Model]) -> Entry:
    groups = {model.id: _groups(model) for model in models}
    unserved = {model.id: why for model in models if (why := model.destination.out_of_service)}
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
