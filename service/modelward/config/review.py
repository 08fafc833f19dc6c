"""Warnings about a config that works: what is probably not meant."""

import re
from collections.abc import Iterable, Iterator

from modelward.config.effects import review_effects
from modelward.config.fallback_lists import fallback_lists
from modelward.config.grants import grant_lists
from modelward.config.model_list import ModelItem
from modelward.config.names import EVERYTHING, SPECIAL, KnownNames, LookAlikes, pattern_of
from modelward.config.published_names import published_names
from modelward.config.report import Report
from modelward.config.routes import is_encoded, matches_nothing
from modelward.config.sections import Sections
from modelward.config.spellings import frames, inner, spellings
from modelward.config.token_checks import review_tokens
from modelward.config.values import Path


def review(sections: Sections, aliases: Iterable[str], report: Report) -> None:
    """Add the warnings to the report."""
    groups = _groups(sections)
    entries = [name for item in sections.models.values() for name in (item.model_name, item.public_name)]
    known = KnownNames(entries, sections.modelward.provider_names)
    if not sections.models:
        report.warning((), "there is no `model_list`: every model is unknown")
    _review_groups(sections, groups, report)
    _review_wildcards(sections, report)
    _review_aliases(sections, groups, known, report)
    _review_grants(sections, groups, known, set(aliases), report)
    _review_patterns_of_providers(sections, known, report)
    _remark_spellings(sections, report)
    _review_fallbacks(sections, known, set(aliases), report)
    _review_routes(sections, report)
    review_effects(sections, groups, set(aliases), known, report)
    review_tokens(sections, report)


def _groups(sections: Sections) -> dict[str, Path]:
    groups: dict[str, Path] = {}
    for index, item in sections.models.items():
        for place, group in enumerate(item.model_info.access_groups):
            groups.setdefault(group, ("model_list", index, "model_info", "access_groups", place))
    return groups


def _review_groups(sections: Sections, groups: dict[str, Path], report: Report) -> None:
    granted = {item for _, item in _grants(sections)}
    for group, path in groups.items():
        if group in SPECIAL:
            report.warning(path, f"the group `{group}` can never be granted: the word has a meaning of its own")
        elif granted and group not in granted and not granted & EVERYTHING:
            report.warning(path, f"no list of models in this config grants the group `{group}`")


def _review_wildcards(sections: Sections, report: Report) -> None:
    by_scope: dict[tuple[str | None, str], str] = {}
    wildcards = [(item.model_info.team_id, item.public_name, index) for index, item in sections.models.items()]
    for team, name, index in sorted(wildcards, key=lambda wildcard: wildcard[1].count("*")):
        if "*" in name:
            first = by_scope.setdefault((team, re.sub(r"\*+", "*", name)), name)
            if first != name:
                message = f"`{name}` never answers: `{first}` matches the same names and is more specific"
                report.warning(("model_list", index, "model_name"), message)


def _review_aliases(sections: Sections, groups: dict[str, Path], known: KnownNames, report: Report) -> None:
    sources: dict[Path, dict[str, str]] = {
        ("router_settings", "model_group_alias"): {
            alias: group.model for alias, group in sections.router.model_group_alias.items()
        },
        ("litellm_settings", "model_alias_map"): sections.litellm.model_alias_map,
    }
    aliases = {alias for source in sources.values() for alias in source}
    found = [((*path, alias), alias, target) for path, source in sources.items() for alias, target in source.items()]
    for path, alias, target in found:
        if target not in aliases and not known.has(target):
            report.warning(path, f"the alias `{alias}` leads to `{target}`, which is no model of the catalogue")
        if alias in groups or alias in SPECIAL:
            report.warning(path, f"the alias `{alias}` can never be asked for: it is also a group or a special word")


def _review_grants(
    sections: Sections, groups: dict[str, Path], known: KnownNames, aliases: set[str], report: Report
) -> None:
    exact = {item.public_name for item in sections.models.values() if "*" not in item.public_name}
    alike = LookAlikes({*exact, *groups, *aliases})
    for path, item in _grants(sections):
        if item not in SPECIAL and item not in groups and item not in aliases and not known.granted(item):
            close = alike.of(item)
            hint = f"; did you mean `{close}`?" if close else ""
            report.warning(
                path, f"`{item}` names no model, group or alias of this config: it covers nothing in it{hint}"
            )


def _review_patterns_of_providers(sections: Sections, known: KnownNames, report: Report) -> None:
    """A bare entry is under a provider's pattern by its name alone, wherever it is deployed (C4, G5)."""
    elsewhere: dict[str, list[str]] = {}
    for item in sections.models.values():
        provider = _deployed_by(item)
        for spelled in known.under_providers(item.public_name):
            if spelled.partition("/")[0] != provider and item.public_name not in elsewhere.setdefault(spelled, []):
                elsewhere[spelled].append(item.public_name)
    for path, pattern in _grants(sections):
        owner, slash, _ = pattern.partition("/")
        if slash and "*" in pattern and "*" not in owner:
            fits = re.compile(pattern_of(pattern), re.DOTALL).fullmatch
            names = [name for spelled, entries in elsewhere.items() if fits(spelled) for name in entries]
            if names:
                report.warning(path, f"`{pattern}` covers {_some(names)} by name alone, which `{owner}` does not serve")


def _remark_spellings(sections: Sections, report: Report) -> None:
    """Which names a wildcard entry does not answer, as a narrower entry has them in another spelling (M8)."""
    table, entries = spellings(), {item.public_name for item in sections.models.values()}
    for index, item in sections.models.items():
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


def _grants(sections: Sections) -> Iterator[tuple[Path, str]]:
    for grants in grant_lists(sections):
        for place, item in enumerate(grants.models):
            yield (*grants.path, grants.field, place), item


def _review_fallbacks(sections: Sections, known: KnownNames, aliases: set[str], report: Report) -> None:
    for found in fallback_lists(sections):
        for place, target in enumerate(found.targets):
            if target not in aliases and not known.has(target):
                report.warning((*found.path, place), f"the fallback `{target}` is no model of the catalogue")
    if not sections.general.enforce_fallback_model_access:
        path = ("general_settings", "enforce_fallback_model_access")
        report.warning(path, "fallbacks run without model access: a caller may get an answer of a model it may not use")


def _review_routes(sections: Sections, report: Report) -> None:
    for path, routes in _route_lists(sections):
        for place, route in enumerate(routes or []):
            if matches_nothing(route):
                message = f"`{route}` is no path that begins with `/` and no group of routes: it allows nothing"
                report.warning((*path, place), message)
            elif is_encoded(route):
                report.warning((*path, place), f"`{route}` is percent-encoded: write it decoded, as paths are compared")


def _route_lists(sections: Sections) -> Iterator[tuple[Path, list[str] | None]]:
    general, auth = sections.general, sections.general.token_auth
    yield ("general_settings", "allowed_routes"), general.allowed_routes
    yield ("general_settings", "litellm_jwtauth", "admin_allowed_routes"), auth.admin_allowed_routes
    yield ("general_settings", "litellm_jwtauth", "team_allowed_routes"), auth.team_allowed_routes
    for index, key in sections.keys.items():
        yield ("keys", index, "allowed_routes"), key.allowed_routes
    for index, permission in enumerate(general.role_permissions):
        yield ("general_settings", "role_permissions", index, "routes"), permission.routes
    for index, mapping in enumerate(auth.scope_mappings or []):
        yield ("general_settings", "litellm_jwtauth", "scope_mappings", index, "routes"), mapping.routes
