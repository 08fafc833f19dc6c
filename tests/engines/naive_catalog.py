"""What a name means to a caller: aliases, a team's own entries, wildcards, providers (section 3, M3)."""

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import Any

from engines.naive_names import holds, literals, providers_of
from engines.naive_spellings import Seen, Wild, answers
from modelward.contract import Caller

Row = dict[str, Any]
Deployments = dict[str, frozenset[str]]

SPECIAL = {"no-default-models", "all-team-models", "all-proxy-models"}


@dataclass(frozen=True)
class Found:
    """What a name comes to: the names that grants are held against; the entry with its deployments and the name that
    led to it, if any. `spelled` gives a name with those under its providers; `out_of_service` gives the rule that says
    why a deployment takes no calls (E5)."""

    names: tuple[str, ...]
    entry: str | None = None
    model: str = ""
    deployments: Deployments = field(default_factory=dict)
    spelled: Callable[[str], list[str]] = field(default=lambda name: [name], repr=False)
    out_of_service: dict[str, str] = field(default_factory=dict)


class NaiveCatalog:
    """The `model_list` and the global aliases of one config."""

    def __init__(self, config: dict[str, Any]) -> None:
        self._rows: list[Row] = config["model_list"]
        router = config.get("router_settings", {}).get("model_group_alias", {})
        settings = config.get("litellm_settings", {}).get("model_alias_map", {})
        self.aliases: dict[str, Any] = {**router, **settings}
        self.added_names = config.get("modelward_settings", {}).get("provider_names", {})
        self._groups = {group for row in self._rows for group in _info(row).get("access_groups", [])}

    def look_up(self, name: str, caller: Caller) -> Found:
        """C5, then C7, then C6 and C3."""
        if not self._can_be_a_model(name, caller):
            return Found((name,), spelled=self.spellings)
        if caller.key and name in caller.key.aliases:
            name = caller.key.aliases[name]
        if caller.team and name in caller.team.model_aliases:
            name = caller.team.model_aliases[name]
        if not self._can_be_a_model(name, caller):
            return Found((name,), spelled=self.spellings)
        if name in self.aliases:
            target = self._resolve(self._target(name), caller)
            return replace(target, names=(name, *target.names))
        return self._resolve(name, caller)

    def visible(self, caller: Caller) -> set[str]:
        """Names that a listing shows if they are callable (V1): entries without `*`, public names, aliases."""
        names = {entry for entry, _ in self._common()} | {entry for entry, _ in self._own(caller)}
        names -= {alias for alias in self.aliases if self._hidden(alias)}
        names |= {alias for alias in self.aliases if not self._hidden(alias)}
        names |= set(caller.key.aliases if caller.key else {}) | set(caller.team.model_aliases if caller.team else {})
        return {name for name in names if "*" not in name}

    def seen(self, caller: Caller) -> list[tuple[str, Row]]:
        """The deployments that a caller sees, its team's own first (C6)."""
        return [*self._own(caller), *self._common()]

    def takes_calls(self, row: Row) -> bool:
        """E5."""
        return not _no_calls(row["litellm_params"])

    def _can_be_a_model(self, name: str, caller: Caller) -> bool:
        """C7 and M3: a group's or a special name is a model only if an entry that the caller sees has it too."""
        seen = self.seen(caller)
        entries = {entry for entry, _ in seen} | {row["model_name"] for _, row in seen}
        return "*" not in name and (name in entries or name not in self._groups | SPECIAL)

    def _target(self, alias: str) -> str:
        target = self.aliases[alias]
        target = target["model"] if isinstance(target, dict) else target
        return self._target(target) if target in self.aliases else str(target)

    def _hidden(self, alias: str) -> bool:
        target = self.aliases[alias]
        return isinstance(target, dict) and bool(target.get("hidden"))

    def _resolve(self, name: str, caller: Caller) -> Found:
        if not self._can_be_a_model(name, caller):
            return Found((name,), spelled=self.spellings)
        own, asked = self._own(caller), name
        if name not in {public for public, _ in own}:
            name = next((public for public, row in own if row["model_name"] == name), name)
        others = [row["model_name"] for public, row in own if public == name]
        names = tuple(dict.fromkeys((asked, name, *others)))
        under = self.spellings(name)[1:]
        for spelled in ([name], under):
            found = next((each for each in (self._exact(one, caller) for one in spelled) if each), None)
            found = found or self._widest(spelled, caller)
            if found:
                return Found(names, *found, spelled=self.spellings, out_of_service=self._out_of_service(found[2]))
        return Found(names, spelled=self.spellings)

    def spellings(self, name: str) -> list[str]:
        """The name, and for a bare one the name under each of its providers (C3, C4)."""
        return [name, *(f"{provider}/{name}" for provider in providers_of(name, self.added_names))]

    def _exact(self, name: str, caller: Caller) -> tuple[str, str, Deployments] | None:
        """The entry of just that name; the team's own stands before a common one (C6)."""
        for rows in (self._own(caller), self._common()):
            exact = [row for entry, row in rows if entry == name]
            if exact:
                return name, name, _deployments(exact)
        return None

    def _widest(self, names: list[str], caller: Caller) -> tuple[str, str, Deployments] | None:
        """The most specific wildcard entry that matches one of the names (C3)."""
        own = self._own(caller)
        both = [*own, *self._common()]
        rows = [(entry, place) for place, (entry, _) in enumerate(both) if "*" in entry]
        fits = [(entry, place, each) for entry, place in rows for each in range(len(names))]
        wild = [found for found in fits if holds(found[0], names[found[2]])]
        if not wild:
            return None
        entry, place, which = min(wild, key=lambda each: (-literals(each[0]), each[0].count("*"), *each[1:]))
        side = own if place < len(own) else self._common()
        served = [row for other, row in side if other == entry]
        seen = self._seen(both, (-literals(entry), entry.count("*"), place))
        if not all(answers(each, names[which], seen) for each in _wild(entry, served)):
            return None
        return entry, names[which], _deployments(served)

    def _seen(self, both: list[tuple[str, Row]], rank: tuple[int, int, int]) -> Seen:
        """What a caller sees beside a wildcard entry of that rank (M8)."""
        ranks = {(-literals(entry), entry.count("*"), place): entry for place, (entry, _) in enumerate(both)}
        every = [(str(_info(row).get("team_public_model_name") or row["model_name"]), row) for row in self._rows]
        return Seen(
            exact={entry for entry, _ in both if "*" not in entry},
            narrower={entry for one, entry in ranks.items() if "*" in entry and one < rank},
            wider={entry for one, entry in ranks.items() if "*" in entry and one > rank},
            served={("".join(name.partition("/")[:2]), _provider(row)) for name, row in every},
        )

    def _out_of_service(self, deployments: Deployments) -> dict[str, str]:
        """E5."""
        here = {_info(row)["id"]: _no_calls(row["litellm_params"]) for row in self._rows}
        return {one: rule for one in deployments if (rule := here[one])}

    def _own(self, caller: Caller) -> list[tuple[str, Row]]:
        """The deployments of the caller's team, by public name."""
        team = caller.team.team_id if caller.team else None
        rows = [row for row in self._rows if team and _info(row).get("team_id") == team]
        return [(str(_info(row).get("team_public_model_name") or row["model_name"]), row) for row in rows]

    def _common(self) -> list[tuple[str, Row]]:
        """The deployments that belong to no team, by name."""
        return [(row["model_name"], row) for row in self._rows if not _info(row).get("team_id")]


def _no_calls(params: Row) -> str:
    """The rule that refuses what this deployment alone would serve; none where it answers offline or says where."""
    if params.get("mock_response") or params.get("api_base"):
        return ""
    provider = params["model"].partition("/")[0]
    if provider == "zai":
        return "provider_not_spoken"
    return "" if provider != "azure" and params.get("api_key") else "provider_not_configured"


def _wild(entry: str, rows: list[Row]) -> list[Wild]:
    """The deployments that are told what the name says at its `*`."""
    models = [(_provider(row), row["litellm_params"]["model"].partition("/")[2]) for row in rows]
    return [Wild(entry, provider, model) for provider, model in models if "*" in model]


def _provider(row: Row) -> str:
    return str(row["litellm_params"]["model"].partition("/")[0])


def _info(row: Row) -> dict[str, Any]:
    return dict(row.get("model_info", {}))


def _deployments(rows: list[Row]) -> Deployments:
    return {_info(row)["id"]: frozenset(_info(row).get("access_groups", [])) for row in rows}
