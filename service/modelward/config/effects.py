"""Warnings about settings of a config that do nothing, or not what they seem to say."""

import difflib
import time
from collections.abc import Collection, Iterable, Iterator
from functools import cache

from modelward.config.fallback_lists import fallback_lists
from modelward.config.grants import GrantList, grant_lists
from modelward.config.names import SPECIAL, KnownNames, LookAlikes
from modelward.config.published_names import published_names
from modelward.config.report import Report
from modelward.config.sections import Sections
from modelward.config.values import Path

_TEAMS_WORD = "all-team-models"
_LEAVES_TO_THE_TEAM = {"key", "team", "project", "member"}

Named = tuple[Path, str, str]


def review_effects(
    sections: Sections, groups: Collection[str], aliases: Collection[str], known: KnownNames, report: Report
) -> None:
    """Add the warnings to the report.

    `groups` are the access groups of the entries, `aliases` the global ones, and `known` are the names of the entries.
    """
    names = {name for item in sections.models.values() for name in (item.model_name, item.public_name)}
    _review_references(sections, groups, report)
    _review_words(sections, report)
    _review_look_alikes(sections, {*names, *groups, *aliases}, known, report)
    _review_places_of_models(sections, names, groups, report)
    _review_empty_lists(sections, report)
    for index, key in sections.keys.items():
        if key.expires is not None and key.expires <= time.time_ns():
            report.warning(("keys", index, "expires"), "this key has expired")


def _review_references(sections: Sections, groups: Collection[str], report: Report) -> None:
    """Records that nobody declares; they may be in the database."""
    declared: dict[str, set[str]] = {
        "team": {team.team_id for team in sections.teams.values()},
        "user": {user.user_id for user in sections.users.values()},
        "organization": {each.organization_id for each in sections.organizations.values()},
        "project": {project.project_id for project in sections.projects.values()},
        "access group": {group.access_group_id for group in sections.access_groups.values()},
        "key": {key.hash for key in sections.keys.values()},
    }
    for path, kind, name in _references(sections):
        if name in declared[kind]:
            continue
        close = difflib.get_close_matches(name, declared[kind], 1, 0.7)
        if kind == "access group" and name in groups:
            hint = "; it is a group of `model_info.access_groups`, which is granted in `models`"
        else:
            hint = f"; did you mean `{close[0]}`?" if close else "; it must be in the database"
        report.warning(path, f"the {kind} `{name}` is not declared here{hint}")
    for path, name in _team_ids(sections):
        if name not in declared["team"] and (close := difflib.get_close_matches(name, declared["team"], 1, 0.7)):
            report.warning(path, f"the team `{name}` is not declared here; did you mean `{close[0]}`?")


def _references(sections: Sections) -> Iterator[Named]:
    """The ids that declared subjects name: the place, the kind, the id."""
    for index, key in sections.keys.items():
        yield from _single(("keys", index), key, "team", "user", "organization", "project")
        yield from _several(("keys", index, "access_group_ids"), "access group", key.access_group_ids)
    for index, team in sections.teams.items():
        yield from _single(("teams", index), team, "organization")
        yield from _several(("teams", index, "access_group_ids"), "access group", team.access_group_ids)
        for place, member in enumerate(team.members_with_roles if sections.users else []):
            yield ("teams", index, "members_with_roles", place, "user_id"), "user", member.user_id
    for index, user in sections.users.items():
        yield from _several(("users", index, "teams"), "team", user.teams)
    for index, project in sections.projects.items():
        yield from _single(("projects", index), project, "team")
    for index, group in sections.access_groups.items():
        yield from _several(("access_groups", index, "assigned_team_ids"), "team", group.assigned_team_ids)
        yield from _several(("access_groups", index, "assigned_key_ids"), "key", group.assigned_key_ids)


def _single(path: Path, record: object, *kinds: str) -> Iterator[Named]:
    for kind in kinds:
        if name := getattr(record, f"{kind}_id"):
            yield (*path, f"{kind}_id"), kind, name


def _several(path: Path, kind: str, names: Iterable[str]) -> Iterator[Named]:
    for place, name in enumerate(names):
        yield (*path, place), kind, name


def _team_ids(sections: Sections) -> Iterator[tuple[Path, str]]:
    """Teams that LiteLLM's own settings name; they usually are in the database."""
    for index, item in sections.models.items():
        if item.model_info.team_id:
            yield ("model_list", index, "model_info", "team_id"), item.model_info.team_id
    if default := sections.general.token_auth.team_id_default:
        yield ("general_settings", "litellm_jwtauth", "team_id_default"), default


def _review_words(sections: Sections, report: Report) -> None:
    """`all-team-models` where it covers nothing, or restricts nothing (G7)."""
    for grants, path, item in _items(sections):
        if item == _TEAMS_WORD and grants.kind not in _LEAVES_TO_THE_TEAM:
            report.warning(path, f"`{item}` covers nothing here: it is for keys, teams, members and projects")
    for index, key in sections.keys.items():
        if _TEAMS_WORD in key.models and key.team_id is None:
            place = key.models.index(_TEAMS_WORD)
            message = f"`{_TEAMS_WORD}` restricts nothing here: this key has no team"
            report.warning(("keys", index, "models", place), message)


def _items(sections: Sections) -> Iterator[tuple[GrantList, Path, str]]:
    for grants in grant_lists(sections):
        for place, item in enumerate(grants.models):
            yield grants, (*grants.path, grants.field, place), item


def _review_look_alikes(sections: Sections, names: Collection[str], known: KnownNames, report: Report) -> None:
    """Grants that only a wildcard entry covers, and that are nearly the name of something."""
    exact = {name for name in names if "*" not in name}
    own, published = LookAlikes(exact), _published()
    for _, path, item in _items(sections):
        if "*" in item or item in exact | SPECIAL or not known.has(item):
            continue
        if (close := own.of(item)) or (close := published.of(item)):
            report.warning(path, f"`{item}` is no name that is known; did you mean `{close}`?")


@cache
def _published() -> LookAlikes:
    """The names that providers publish, bare and under them."""
    owners = published_names().published.items()
    return LookAlikes(name for bare, of in owners for name in (bare, *(f"{provider}/{bare}" for provider in of)))


def _review_places_of_models(
    sections: Sections, names: Collection[str], groups: Collection[str], report: Report
) -> None:
    """Groups and special words where only models can be."""
    for path, word in _places_of_models(sections):
        if word in SPECIAL or (word in groups and word not in names):
            report.warning(path, f"`{word}` is a group of models or a special word, and only a model can be named here")
    for index, item in sections.models.items():
        if item.model_name in groups:
            message = f"`{item.model_name}` is a group's name too: in a list of models it means both"
            report.warning(("model_list", index, "model_name"), message)


def _places_of_models(sections: Sections) -> Iterator[tuple[Path, str]]:
    aliases = [
        (("router_settings", "model_group_alias"), {a: g.model for a, g in sections.router.model_group_alias.items()}),
        (("litellm_settings", "model_alias_map"), sections.litellm.model_alias_map),
        *((("keys", index, "aliases"), key.aliases) for index, key in sections.keys.items()),
        *((("teams", index, "model_aliases"), team.model_aliases) for index, team in sections.teams.items()),
    ]
    for path, targets in aliases:
        yield from (((*path, alias), target) for alias, target in targets.items())
    for found in fallback_lists(sections):
        yield from (((*found.path, place), target) for place, target in enumerate(found.targets))
        yield from [(found.path, found.name)] if found.name != "*" else []
    if sections.general.completion_model:
        yield ("general_settings", "completion_model"), sections.general.completion_model


def _review_empty_lists(sections: Sections, report: Report) -> None:
    for index, group in sections.access_groups.items():
        if not group.access_model_names:
            report.warning(("access_groups", index), f"the access group `{group.access_group_id}` grants no model")
    for index, mapping in enumerate(sections.general.token_auth.scope_mappings or []):
        if not mapping.models and mapping.routes is None:
            path = ("general_settings", "litellm_jwtauth", "scope_mappings", index)
            report.warning(path, f"the scope `{mapping.scope}` adds no model")
