"""What no section can see alone: problems, and warnings about a config that works and is probably not meant so."""

import re
import time
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from itertools import chain
from typing import Any, TypeVar

from pydantic import BaseModel

from modelward.config.fields import final_targets, foreign_pattern, is_encoded, matches_nothing
from modelward.config.grants import RECORDS, alias_maps, declared, fallback_lists, global_aliases, grants, single_models
from modelward.config.model_names import KnownNames, frames, inner, pattern_of, published_names, spellings
from modelward.config.models import split_provider
from modelward.config.report import ConfigReport
from modelward.config.sections import ModelItem, Sections
from modelward.config.settings import AUTH, PERMISSIONS, SCOPES
from modelward.config.source import NodePath
from modelward.config.tokens import check_tokens, review_tokens
from modelward.contract import Alias
from modelward.contract.facts import EVERYTHING, SPECIAL_ITEMS, key_hash
from modelward.errors import AliasCycle
from modelward.hints import LookAlikes, hint

S = TypeVar("S", bound=BaseModel)
Placed = tuple[NodePath, str]


def check(sections: Sections, report: ConfigReport) -> None:
    """Add the problems to the report."""
    check_tokens(sections, report)
    _check_subjects(sections, report)
    _check_team_models(sections, report)
    _check_patterns(sections, report)


def _check_patterns(sections: Sections, report: ConfigReport) -> None:
    """Names of models must be written in our language; what an entry or a group has for its very name is a name."""
    names: list[tuple[NodePath, str, bool]] = []
    known: set[str] = set()
    for index, item in sections.model_list.items():
        info = item.model_info
        names.append((("model_list", index, "model_name"), item.model_name, False))
        if info.team_public_model_name:
            name = info.team_public_model_name
            names.append((("model_list", index, "model_info", "team_public_model_name"), name, False))
        known |= {name for name in (item.model_name, item.public_name) if "*" not in name} | {*info.access_groups}
    names += (each for each in _other_names(sections) if each[1] not in known)
    for path, name, key in names:
        if problem := foreign_pattern(name):
            report.problem(path, problem, key=key)


def _other_names(sections: Sections) -> Iterator[tuple[NodePath, str, bool]]:
    """Names of models but those of entries: the place, the name, and whether it is a key there."""
    yield from ((path, item, False) for _, path, item in grants(sections))
    yield from single_models(sections)
    for path, targets in alias_maps(sections).items():
        yield from (((*path, alias), alias, True) for alias in targets)
    for provider, names in sections.modelward_settings.provider_names.items():
        for place, name in enumerate(names):
            yield ("modelward_settings", "provider_names", provider, place), name, False


_ONCE = {
    **{section: (id_,) for section, (_, id_) in RECORDS.items()},
    "keys": ("key_alias", "token"),
    "credential_list": ("credential_name",),
}
"""By section: the fields that no two of its items may have alike."""


def _check_subjects(sections: Sections, report: ConfigReport) -> None:
    """Ids, hashes and aliases of declared subjects must be unique, and the master key is no virtual key."""
    for section, fields in _ONCE.items():
        _unique((section,), getattr(sections, section), fields, report)
    for index, team in sections.teams.items():
        members = dict(enumerate(team.members_with_roles))
        _unique(("teams", index, "members_with_roles"), members, ("user_id",), report)
    master = sections.general_settings.master_key
    for index, key in sections.keys.items():
        if master is not None and key.token == key_hash(master):
            report.problem(("keys", index), "the master key cannot be a virtual key too; declare another key")


def _unique(path: NodePath, items: Mapping[int, BaseModel], fields: Iterable[str], report: ConfigReport) -> None:
    for field in fields:
        word = "key_hash" if field == "token" else field
        seen: set[Any] = set()
        for index, item in items.items():
            value = getattr(item, field)
            if value is not None and value in seen:
                report.problem((*path, index, word), f"this `{word}` is declared twice; keep one")
            seen.add(value)


def _check_team_models(sections: Sections, report: ConfigReport) -> None:
    """For its team, each name of a team's own deployment means one public name (C6)."""
    owned = {index: item for index, item in sections.model_list.items() if item.model_info.team_id}
    public = {(item.model_info.team_id, item.public_name): item.public_name for item in owned.values()}
    for index, item in owned.items():
        team = item.model_info.team_id
        if public.setdefault((team, item.model_name), item.public_name) != item.public_name:
            where = f"for team `{team}` the name `{item.model_name}` already means another public name"
            report.problem(("model_list", index, "model_name"), f"{where}; choose another `model_name`")


def final_aliases(sections: Sections, report: ConfigReport) -> dict[str, Alias]:
    """The aliases of `model_group_alias` and `model_alias_map` with their final targets (C5)."""
    groups = sections.router_settings.model_group_alias
    targets: dict[str, str] = {}
    paths: dict[str, NodePath] = {}
    for path, aliases in global_aliases(sections).items():
        for alias, target in aliases.items():
            paths.setdefault(alias, (*path, alias))
            if targets.setdefault(alias, target) != target:
                message = f"the alias `{alias}` has another target in `model_group_alias`; keep one of the two"
                report.problem((*path, alias), message)
    ends = _followed(targets, paths, report)
    return {alias: Alias(target=end, hidden=alias in groups and groups[alias].hidden) for alias, end in ends.items()}


def with_final_aliases(section: str, items: Mapping[int, S], field: str, report: ConfigReport) -> dict[int, S]:
    """The declared keys or teams, their aliases followed to the end."""
    found = {}
    for index, item in items.items():
        aliases = getattr(item, field)
        ends = _followed(aliases, {alias: (section, index, field, alias) for alias in aliases}, report)
        found[index] = item.model_copy(update={field: ends})
    return found


def _followed(aliases: Mapping[str, str], paths: Mapping[str, NodePath], report: ConfigReport) -> dict[str, str]:
    for alias, target in aliases.items():
        if "*" in target:
            report.problem(paths[alias], f"the alias `{alias}` must lead to one model, not to the pattern `{target}`")
    try:
        return final_targets(aliases)
    except AliasCycle as cycle:
        report.problem(paths[cycle.names[0]], f"aliases lead in a circle: {cycle}; break it")
        return {}


def review(sections: Sections, aliases: Collection[str], report: ConfigReport) -> None:
    """Add the warnings to the report; `aliases` are the global ones."""
    items = sections.model_list.values()
    groups: dict[str, NodePath] = {}
    for index, item in sections.model_list.items():
        for place, group in enumerate(item.model_info.access_groups):
            groups.setdefault(group, ("model_list", index, "model_info", "access_groups", place))
    names = {name for item in items for name in (item.model_name, item.public_name)}
    known = KnownNames(names, sections.modelward_settings.provider_names)
    found = _Review(sections, groups, names, known, aliases)
    if not items:
        report.warning((), "there is no `model_list`: every model is unknown")
    warnings = chain(
        found.groups_that_nobody_grants(),
        found.entries(),
        found.aliases(),
        found.grants(),
        found.patterns_of_providers(),
        found.single_models(),
        found.routes(),
        found.references(),
        found.lists_and_times(),
    )
    for path, says in warnings:
        report.warning(path, says)
    for path, says in found.spellings():
        report.remark(path, says)
    review_tokens(sections, report)


_REFERENCES = {
    "key": {
        **{f"{kind}_id": kind for kind in ("team", "user", "organization", "project")},
        "access_group_ids": "access_group",
    },
    "team": {"organization_id": "organization", "access_group_ids": "access_group"},
    "member": {"user_id": "user"},
    "user": {"teams": "team"},
    "project": {"team_id": "team"},
    "access_group": {"assigned_team_ids": "team", "assigned_key_ids": "key"},
}
"""By kind of subject: the fields that name other records, and of which kind these are."""

_TEAMS_WORD = "all-team-models"
_LEAVES_TO_THE_TEAM = {"key", "team", "project", "member"}


@dataclass(frozen=True, slots=True)
class _Review:
    """`group_paths` has the access groups of entries with their first place, `names` are those of entries."""

    sections: Sections
    group_paths: dict[str, NodePath]
    names: set[str]
    known: KnownNames
    global_aliases: Collection[str]

    def groups_that_nobody_grants(self) -> Iterator[Placed]:
        granted = {item for _, _, item in grants(self.sections)}
        for group, path in self.group_paths.items():
            if group in SPECIAL_ITEMS:
                yield path, f"the group `{group}` can never be granted: the word has a meaning of its own"
            elif granted and group not in granted and not granted & EVERYTHING:
                yield path, f"no list of models in this config grants the group `{group}`"

    def entries(self) -> Iterator[Placed]:
        """Entries that never answer, or that have a group's name."""
        by_scope: dict[tuple[str | None, str], str] = {}
        for index, item in sorted(self.sections.model_list.items(), key=lambda pair: pair[1].public_name.count("*")):
            path: NodePath = ("model_list", index, "model_name")
            name = item.public_name
            first = by_scope.setdefault((item.model_info.team_id, re.sub(r"\*+", "*", name)), name)
            if first != name:
                yield path, f"`{name}` never answers: `{first}` matches the same names and is more specific"
            if item.model_name in self.group_paths:
                yield path, f"`{item.model_name}` is a group's name too: in a list of models it means both"

    def aliases(self) -> Iterator[Placed]:
        for path, source in global_aliases(self.sections).items():
            for alias, target in source.items():
                if target not in self.global_aliases and not self.known.has(target):
                    yield (*path, alias), f"the alias `{alias}` leads to `{target}`, which is no model of the catalogue"
                if alias in self.group_paths or alias in SPECIAL_ITEMS:
                    says = f"the alias `{alias}` can never be asked for: it is also a group or a special word"
                    yield (*path, alias), says

    def grants(self) -> Iterator[Placed]:
        """Items that cover nothing; those that only a wildcard entry covers, and that are nearly the name of something;
        `all-team-models` where it covers nothing (G7)."""
        words = {*self.group_paths, *self.global_aliases}
        publics = {item.public_name for item in self.sections.model_list.values()}
        alike = LookAlikes({name for name in publics if "*" not in name} | words)
        exact = {name for name in self.names | words if "*" not in name}
        own = LookAlikes(exact)
        for kind, path, item in grants(self.sections):
            if item == _TEAMS_WORD and kind not in _LEAVES_TO_THE_TEAM:
                yield path, f"`{item}` covers nothing here: it is for keys, teams, members and projects"
            elif item in SPECIAL_ITEMS or item in words:
                continue
            elif not self.known.granted(item):
                says = f"`{item}` names no model, group or alias of this config: it covers nothing in it"
                yield path, says + alike.hint(item)
            elif "*" not in item and item not in exact and (close := own.hint(item) or _published().hint(item)):
                yield path, f"`{item}` is no name that is known{close}"

    def patterns_of_providers(self) -> Iterator[Placed]:
        """A bare entry is under a provider's pattern by its name alone, wherever it is deployed (C4, G5)."""
        elsewhere: dict[str, list[str]] = {}
        for item in self.sections.model_list.values():
            provider = _deployed_by(item)
            for spelled in self.known.under_providers(item.public_name):
                names = elsewhere.setdefault(spelled, [])
                if spelled.partition("/")[0] != provider and item.public_name not in names:
                    names.append(item.public_name)
        for _, path, pattern in grants(self.sections):
            owner, slash, _ = pattern.partition("/")
            if slash and "*" in pattern and "*" not in owner:
                fits = re.compile(pattern_of(pattern), re.DOTALL).fullmatch
                if names := [name for spelled, entries in elsewhere.items() if fits(spelled) for name in entries]:
                    yield path, f"`{pattern}` covers {_some(names)} by name alone, which `{owner}` does not serve"

    def spellings(self) -> Iterator[Placed]:
        """Which names a wildcard entry does not answer, as a narrower entry has them in another spelling (M8)."""
        table, entries = spellings(), {item.public_name for item in self.sections.model_list.values()}
        for index, item in self.sections.model_list.items():
            provider, name = _deployed_by(item), item.public_name
            folding, start = table.folding(table.family(provider)), name.partition("*")[0].lower()
            if "*" in name and folding.folds:
                frame, _ = frames(name, item.litellm_params.model.removeprefix(f"{provider}/"))
                under = [each for each in sorted(entries) if inner(frame, each, case=folding.case)]
                exact = [each for each in under if "*" not in each and each.lower().startswith(start)]
                literal = len(name.replace("*", ""))
                narrower = [each for each in under if "*" in each and len(each.replace("*", "")) > literal]
                if found := sorted(exact + narrower):
                    why = f"`{provider}` takes it for the same model"
                    says = f"`{name}` answers no other spelling of {_some(found)}: {why}"
                    yield ("model_list", index, "model_name"), says

    def single_models(self) -> Iterator[Placed]:
        """Groups and special words where only models can be, and fallbacks that lead nowhere."""
        for path, word, _ in single_models(self.sections):
            if word in SPECIAL_ITEMS or (word in self.group_paths and word not in self.names):
                yield path, f"`{word}` is a group of models or a special word, and only a model can be named here"
        for path, _, _, targets in fallback_lists(self.sections):
            for place, target in enumerate(targets):
                if target not in self.global_aliases and not self.known.has(target):
                    yield (*path, place), f"the fallback `{target}` is no model of the catalogue"
        if not self.sections.general_settings.enforce_fallback_model_access:
            says = "fallbacks run without model access: a caller may get an answer of a model it may not use"
            yield ("general_settings", "enforce_fallback_model_access"), says

    def routes(self) -> Iterator[Placed]:
        """Items of lists of routes that no request has."""
        general, auth = self.sections.general_settings, self.sections.general_settings.litellm_jwtauth
        lists: dict[NodePath, list[str] | None] = {
            ("general_settings", "allowed_routes"): general.allowed_routes,
            (*AUTH, "admin_allowed_routes"): auth.admin_allowed_routes,
            (*AUTH, "team_allowed_routes"): auth.team_allowed_routes,
            **{("keys", index, "allowed_routes"): key.allowed_routes for index, key in self.sections.keys.items()},
            **{(*PERMISSIONS, index, "routes"): each.routes for index, each in enumerate(general.role_permissions)},
            **{(*SCOPES, index, "routes"): each.routes for index, each in enumerate(auth.scopes or [])},
        }
        for path, routes in lists.items():
            for place, route in enumerate(routes or []):
                if matches_nothing(route):
                    says = f"`{route}` is no path that begins with `/` and no group of routes: it allows nothing"
                    yield (*path, place), says
                elif is_encoded(route):
                    yield (*path, place), f"`{route}` is percent-encoded: write it decoded, as paths are compared"

    def references(self) -> Iterator[Placed]:
        """Records that nobody declares; they may be in the database."""
        ids: dict[str, set[str]] = defaultdict(set)
        for kind, _, id_, _ in declared(self.sections):
            ids[kind].add(id_)
        for path, kind, name in self._named_records():
            if name in ids[kind]:
                continue
            if kind == "access_group" and name in self.group_paths:
                advice = "; it is a group of `model_info.access_groups`, which is granted in `models`"
            else:
                advice = hint(name, ids[kind], "it must be in the database")
            yield path, f"the {kind.replace('_', ' ')} `{name}` is not declared here{advice}"
        # Teams that LiteLLM's own settings name usually are in the database.
        teams: dict[NodePath, str | None] = {
            ("model_list", index, "model_info", "team_id"): item.model_info.team_id
            for index, item in self.sections.model_list.items()
        }
        teams[*AUTH, "team_id_default"] = self.sections.general_settings.litellm_jwtauth.team_id_default
        for path, team in teams.items():
            if team and team not in ids["team"] and (close := hint(team, ids["team"])):
                yield path, f"the team `{team}` is not declared here{close}"

    def _named_records(self) -> Iterator[tuple[NodePath, str, str]]:
        """The ids that declared subjects name: the place, the kind, the id."""
        for kind, path, _, record in declared(self.sections):
            for field, named_kind in _REFERENCES.get(kind, {}).items():
                named = getattr(record, field)
                if isinstance(named, list):
                    yield from (((*path, field, place), named_kind, name) for place, name in enumerate(named))
                elif named and (kind != "member" or self.sections.users):
                    yield (*path, field), named_kind, named

    def lists_and_times(self) -> Iterator[Placed]:
        """Keys that have expired, and lists that restrict, grant or add nothing."""
        for index, key in self.sections.keys.items():
            if key.expires_ns is not None and key.expires_ns <= time.time_ns():
                yield ("keys", index, "expires"), "this key has expired"
            if _TEAMS_WORD in key.models and key.team_id is None:
                says = f"`{_TEAMS_WORD}` restricts nothing here: this key has no team"
                yield ("keys", index, "models", key.models.index(_TEAMS_WORD)), says
        for index, group in self.sections.access_groups.items():
            if not group.access_model_names:
                yield ("access_groups", index), f"the access group `{group.access_group_id}` grants no model"
        for index, mapping in enumerate(self.sections.general_settings.litellm_jwtauth.scopes or []):
            if not mapping.models and mapping.routes is None:
                yield (*SCOPES, index), f"the scope `{mapping.scope}` adds no model"


@cache
def _published() -> LookAlikes:
    """The names that providers publish, bare and under them."""
    owners = published_names().published.items()
    return LookAlikes(name for bare, of in owners for name in (bare, *(f"{provider}/{bare}" for provider in of)))


def _deployed_by(item: ModelItem) -> str:
    return split_provider(item.litellm_params.model, item.litellm_params.custom_llm_provider)[0]


def _some(names: list[str]) -> str:
    shown = ", ".join(f"`{name}`" for name in names[:3])
    return f"{shown} and {len(names) - 3} more" if len(names) > 3 else shown
