"""Entries keyed by what is looked up: the common ones and each team's own (C1, C3, C6)."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Literal

from modelward.compiler.spellings import Filling, Named, Served, folded
from modelward.config import Model, spellings
from modelward.contract import Entry, Fill, Scope, Unserved, Wildcard

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


@dataclass
class _Draft:
    models: dict[str, list[Model]] = field(default_factory=dict)
    names: dict[str, str] = field(default_factory=dict)
    named: dict[str, Named] = field(default_factory=dict)
    fills: dict[str, list[Fill]] = field(default_factory=dict)

    def add(self, model: Model) -> None:
        info = model.item.model_info
        name = model.public_name
        self.models.setdefault(name, []).append(model)
        served = Served(model.destination.provider, model.destination.model, address=model.address)
        self.named.setdefault(name, Named(name)).served.append(served)
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
