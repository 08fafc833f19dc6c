"""Warnings about a config that works: what does nothing, and what is probably not meant."""

import re
import time
from collections.abc import Collection, Iterator
from functools import cache

from modelward.config.checks import review_tokens
from modelward.config.grants import SUBJECTS, declared, fallback_lists, global_alias_maps, grants, single_models
from modelward.config.model_list import ModelItem
from modelward.config.model_names import (
    KnownNames,
    frames,
    inner,
    pattern_of,
    published_names,
    spellings,
)
from modelward.config.report import ConfigReport
from modelward.config.routes import is_encoded, matches_nothing
from modelward.config.sections import Sections
from modelward.config.source import NodePath
from modelward.contract.facts import EVERYTHING, SPECIAL_ITEMS
from modelward.hints import LookAlikes, hint

_TEAMS_WORD = "all-team-models"
_LEAVES_TO_THE_TEAM = {"key", "team", "project", "member"}


def review(sections: Sections, aliases: Collection[str], report: ConfigReport) -> None:
    """Add the warnings to the report; `aliases` are the global ones."""
    groups = _groups(sections)
    names = {name for item in sections.model_list.values() for name in (item.model_name, item.public_name)}
    known = KnownNames(names, sections.modelward_settings.provider_names)
    if not sections.model_list:
        report.warning((), "there is no `model_list`: every model is unknown")
    _review_groups(sections, groups, report)
    _review_wildcards(sections, report)
    _review_aliases(sections, groups, known, report)
    _review_grants(sections, groups, known, aliases, report)
    _review_patterns_of_providers(sections, known, report)
    _remark_spellings(sections, report)
    _review_fallbacks(sections, known, aliases, report)
    _review_routes(sections, report)
    _review_references(sections, groups, report)
    _review_words(sections, report)
    _review_look_alikes(sections, {*names, *groups, *aliases}, known, report)
    _review_places_of_models(sections, names, groups, report)
    _review_empty_lists(sections, report)
    _review_times(sections, report)
    review_tokens(sections, report)


def _review_times(sections: Sections, report: ConfigReport) -> None:
    for index, key in sections.keys.items():
        if key.expires_ns is not None and key.expires_ns <= time.time_ns():
            report.warning(("keys", index, "expires"), "this key has expired")


_REFERENCES = {
    "keys": {
        **{f"{kind}_id": kind for kind in ("team", "user", "organization", "project")},
        "access_group_ids": "access_group",
    },
    "teams": {"organization_id": "organization", "access_group_ids": "access_group"},
    "users": {"teams": "team"},
    "projects": {"team_id": "team"},
    "access_groups": {"assigned_team_ids": "team", "assigned_key_ids": "key"},
}
"""By section: the fields that name other records, and of which kind these are."""


def _review_references(sections: Sections, groups: Collection[str], report: ConfigReport) -> None:
    """Records that nobody declares; they may be in the database."""
    known: dict[str, set[str]] = {kind: set() for kind, *_ in SUBJECTS.values()}
    for kind, _, id_, _ in declared(sections):
        known[kind].add(id_)
    for path, kind_named, name in _references(sections):
        if name in known[kind_named]:
            continue
        if kind_named == "access_group" and name in groups:
            advice = "; it is a group of `model_info.access_groups`, which is granted in `models`"
        else:
            advice = hint(name, known[kind_named], "it must be in the database")
        report.warning(path, f"the {kind_named.replace('_', ' ')} `{name}` is not declared here{advice}")
    for path, name in _team_ids(sections):
        if name not in known["team"] and (close := hint(name, known["team"])):
            report.warning(path, f"the team `{name}` is not declared here{close}")


def _references(sections: Sections) -> Iterator[tuple[NodePath, str, str]]:
    """The ids that declared subjects name: the place, the kind, the id."""
    for _, path, _, record in declared(sections):
        for field, kind in _REFERENCES.get(str(path[0]), {}).items():
            named = getattr(record, field)
            if isinstance(named, list):
                yield from (((*path, field, place), kind, name) for place, name in enumerate(named))
            elif named:
                yield (*path, field), kind, named
    for index, team in sections.teams.items() if sections.users else ():
        for place, member in enumerate(team.members_with_roles):
            yield ("teams", index, "members_with_roles", place, "user_id"), "user", member.user_id


def _team_ids(sections: Sections) -> Iterator[tuple[NodePath, str]]:
    """Teams that LiteLLM's own settings name; they usually are in the database."""
    for index, item in sections.model_list.items():
        if item.model_info.team_id:
            yield ("model_list", index, "model_info", "team_id"), item.model_info.team_id
    if default := sections.general_settings.token_auth.team_id_default:
        yield ("general_settings", "litellm_jwtauth", "team_id_default"), default


def _review_words(sections: Sections, report: ConfigReport) -> None:
    """`all-team-models` where it covers nothing, or restricts nothing (G7)."""
    for found, path, item in grants(sections):
        if item == _TEAMS_WORD and found.kind not in _LEAVES_TO_THE_TEAM:
            report.warning(path, f"`{item}` covers nothing here: it is for keys, teams, members and projects")
    for index, key in sections.keys.items():
        if _TEAMS_WORD in key.models and key.team_id is None:
            place = key.models.index(_TEAMS_WORD)
            message = f"`{_TEAMS_WORD}` restricts nothing here: this key has no team"
            report.warning(("keys", index, "models", place), message)


def _review_look_alikes(sections: Sections, names: Collection[str], known: KnownNames, report: ConfigReport) -> None:
    """Grants that only a wildcard entry covers, and that are nearly the name of something."""
    exact = {name for name in names if "*" not in name}
    own, published = LookAlikes(exact), _published()
    for _, path, item in grants(sections):
        if "*" in item or item in exact | SPECIAL_ITEMS or not known.has(item):
            continue
        if close := own.hint(item) or published.hint(item):
            report.warning(path, f"`{item}` is no name that is known{close}")


@cache
def _published() -> LookAlikes:
    """The names that providers publish, bare and under them."""
    owners = published_names().published.items()
    return LookAlikes(name for bare, of in owners for name in (bare, *(f"{provider}/{bare}" for provider in of)))


def _review_places_of_models(
    sections: Sections, names: Collection[str], groups: Collection[str], report: ConfigReport
) -> None:
    """Groups and special words where only models can be."""
    for path, word, _ in single_models(sections):
        if word in SPECIAL_ITEMS or (word in groups and word not in names):
            report.warning(path, f"`{word}` is a group of models or a special word, and only a model can be named here")
    for index, item in sections.model_list.items():
        if item.model_name in groups:
            message = f"`{item.model_name}` is a group's name too: in a list of models it means both"
            report.warning(("model_list", index, "model_name"), message)


def _review_empty_lists(sections: Sections, report: ConfigReport) -> None:
    for index, group in sections.access_groups.items():
        if not group.access_model_names:
            report.warning(("access_groups", index), f"the access group `{group.access_group_id}` grants no model")
    for index, mapping in enumerate(sections.general_settings.token_auth.scope_mappings or []):
        if not mapping.models and mapping.routes is None:
            path = ("general_settings", "litellm_jwtauth", "scope_mappings", index)
            report.warning(path, f"the scope `{mapping.scope}` adds no model")


def _groups(sections: Sections) -> dict[str, NodePath]:
    groups: dict[str, NodePath] = {}
    for index, item in sections.model_list.items():
        for place, group in enumerate(item.model_info.access_groups):
            groups.setdefault(group, ("model_list", index, "model_info", "access_groups", place))
    return groups


def _review_groups(sections: Sections, groups: dict[str, NodePath], report: ConfigReport) -> None:
    granted = {item for _, _, item in grants(sections)}
    for group, path in groups.items():
        if group in SPECIAL_ITEMS:
            report.warning(path, f"the group `{group}` can never be granted: the word has a meaning of its own")
        elif granted and group not in granted and not granted & EVERYTHING:
            report.warning(path, f"no list of models in this config grants the group `{group}`")


def _review_wildcards(sections: Sections, report: ConfigReport) -> None:
    by_scope: dict[tuple[str | None, str], str] = {}
    wildcards = [(item.model_info.team_id, item.public_name, index) for index, item in sections.model_list.items()]
    for team, name, index in sorted(wildcards, key=lambda wildcard: wildcard[1].count("*")):
        if "*" in name:
            first = by_scope.setdefault((team, re.sub(r"\*+", "*", name)), name)
            if first != name:
                message = f"`{name}` never answers: `{first}` matches the same names and is more specific"
                report.warning(("model_list", index, "model_name"), message)


def _review_aliases(sections: Sections, groups: dict[str, NodePath], known: KnownNames, report: ConfigReport) -> None:
    sources = global_alias_maps(sections)
    aliases = {alias for source in sources.values() for alias in source}
    found = [((*path, alias), alias, target) for path, source in sources.items() for alias, target in source.items()]
    for path, alias, target in found:
        if target not in aliases and not known.has(target):
            report.warning(path, f"the alias `{alias}` leads to `{target}`, which is no model of the catalogue")
        if alias in groups or alias in SPECIAL_ITEMS:
            report.warning(path, f"the alias `{alias}` can never be asked for: it is also a group or a special word")


def _review_grants(
    sections: Sections, groups: dict[str, NodePath], known: KnownNames, aliases: Collection[str], report: ConfigReport
) -> None:
    exact = {item.public_name for item in sections.model_list.values() if "*" not in item.public_name}
    alike = LookAlikes({*exact, *groups, *aliases})
    for _, path, item in grants(sections):
        if item not in SPECIAL_ITEMS and item not in groups and item not in aliases and not known.granted(item):
            says = f"`{item}` names no model, group or alias of this config: it covers nothing in it{alike.hint(item)}"
            report.warning(path, says)


def _review_patterns_of_providers(sections: Sections, known: KnownNames, report: ConfigReport) -> None:
    """A bare entry is under a provider's pattern by its name alone, wherever it is deployed (C4, G5)."""
    elsewhere: dict[str, list[str]] = {}
    for item in sections.model_list.values():
        provider = _deployed_by(item)
        for spelled in known.under_providers(item.public_name):
            if spelled.partition("/")[0] != provider and item.public_name not in elsewhere.setdefault(spelled, []):
                elsewhere[spelled].append(item.public_name)
    for _, path, pattern in grants(sections):
        owner, slash, _ = pattern.partition("/")
        if slash and "*" in pattern and "*" not in owner:
            fits = re.compile(pattern_of(pattern), re.DOTALL).fullmatch
            names = [name for spelled, entries in elsewhere.items() if fits(spelled) for name in entries]
            if names:
                report.warning(path, f"`{pattern}` covers {_some(names)} by name alone, which `{owner}` does not serve")


def _remark_spellings(sections: Sections, report: ConfigReport) -> None:
    """Which names a wildcard entry does not answer, as a narrower entry has them in another spelling (M8)."""
    table, entries = spellings(), {item.public_name for item in sections.model_list.values()}
    for index, item in sections.model_list.items():
        provider, name = _deployed_by(item), item.public_name
        folding, start = table.folding(table.family(provider)), name.partition("*")[0].lower()
        if "*" in name and folding.folds:
            frame, _ = frames(name, item.litellm_params.model.removeprefix(f"{provider}/"))
            under = [each for each in entries if inner(frame, each, case=folding.case) and _is_narrower(each, name)]
            if found := [each for each in sorted(under) if "*" in each or each.lower().startswith(start)]:
                says = f"`{name}` answers no other spelling of {_some(found)}: `{provider}` takes it for the same model"
                report.remark(("model_list", index, "model_name"), says)


def _is_narrower(one: str, other: str) -> bool:
    return "*" not in one or len(one.replace("*", "")) > len(other.replace("*", ""))


def _deployed_by(item: ModelItem) -> str:
    params = item.litellm_params
    first, slash, _ = params.model.partition("/")
    return params.custom_llm_provider or (first if slash else next(iter(published_names().of(params.model)), ""))


def _some(names: list[str]) -> str:
    shown = ", ".join(f"`{name}`" for name in names[:3])
    return f"{shown} and {len(names) - 3} more" if len(names) > 3 else shown


def _review_fallbacks(sections: Sections, known: KnownNames, aliases: Collection[str], report: ConfigReport) -> None:
    for found in fallback_lists(sections):
        for place, target in enumerate(found.targets):
            if target not in aliases and not known.has(target):
                report.warning((*found.path, place), f"the fallback `{target}` is no model of the catalogue")
    if not sections.general_settings.enforce_fallback_model_access:
        path = ("general_settings", "enforce_fallback_model_access")
        report.warning(path, "fallbacks run without model access: a caller may get an answer of a model it may not use")


def _review_routes(sections: Sections, report: ConfigReport) -> None:
    for path, routes in _route_lists(sections):
        for place, route in enumerate(routes or []):
            if matches_nothing(route):
                message = f"`{route}` is no path that begins with `/` and no group of routes: it allows nothing"
                report.warning((*path, place), message)
            elif is_encoded(route):
                report.warning((*path, place), f"`{route}` is percent-encoded: write it decoded, as paths are compared")


def _route_lists(sections: Sections) -> Iterator[tuple[NodePath, list[str] | None]]:
    general, auth = sections.general_settings, sections.general_settings.token_auth
    yield ("general_settings", "allowed_routes"), general.allowed_routes
    yield ("general_settings", "litellm_jwtauth", "admin_allowed_routes"), auth.admin_allowed_routes
    yield ("general_settings", "litellm_jwtauth", "team_allowed_routes"), auth.team_allowed_routes
    for index, key in sections.keys.items():
        yield ("keys", index, "allowed_routes"), key.allowed_routes
    for index, permission in enumerate(general.role_permissions):
        yield ("general_settings", "role_permissions", index, "routes"), permission.routes
    for index, mapping in enumerate(auth.scope_mappings or []):
        yield ("general_settings", "litellm_jwtauth", "scope_mappings", index, "routes"), mapping.routes
