"""Differences in what a name is, and which entry it comes to (sections 2 to 4 of the rules)."""

from typing import Any
from urllib.parse import unquote

from compare.case import Case, Point
from compare.difference import Difference
from compare.lists import LISTS
from compare.litellm_patterns import first_patterns, granted, spellings
from engines.naive_catalog import SPECIAL
from engines.naive_names import holds, providers_of

Fields = dict[str, Any]
_KNOWN = {"model_known", "served", *LISTS}
_NO_DEPLOYMENT = {"litellm 400", "litellm 429"}


def _spelled(case: Case, point: Point) -> list[str]:
    """The names that the point may be about, and what they are aliases of."""
    asked = [point.name] if point.name else case.names
    return [spelled for name in asked for spelled in dict.fromkeys([name, *case.found(name).names])]


def _served_by(case: Case, rows: list[Fields]) -> bool:
    """Whether one of the deployments is what LiteLLM's answer is from, or fails, so that a fallback answers for it."""
    if any("mock_response" not in row["litellm_params"] for row in rows):
        return True
    return case.theirs["served"] in {row["litellm_params"].get("mock_response") for row in rows}


def _names_are_not_mended(case: Case, point: Point) -> bool:
    """A list of names is refused if one of its parts is; white space around a name is no part of a name."""
    model = case.question["body"]["model"] if case.question["body"] else ""
    if point.kind == "well_formed":
        return bool(model != model.strip())
    return "," in model and point.kind in {*_KNOWN, *_NO_DEPLOYMENT}


def _places_must_agree(case: Case, point: Point) -> bool:
    """LiteLLM judges and serves one of the names where the path and the body have two."""
    _, deployments, rest = unquote(case.question["path"]).partition("/deployments/")
    differ = bool(deployments) and rest.removesuffix("/chat/completions") != case.model
    return differ and point.kind in {"names_agree", *_KNOWN, *_NO_DEPLOYMENT, "litellm 403"}


def _a_name_is_under_all_that_publish_it(case: Case, point: Point) -> bool:
    """LiteLLM knows one provider of a bare name."""
    published = any(len(providers_of(name, {})) > 1 for name in _spelled(case, point))
    items = case.lists.get(point.kind) or _refused_by_litellm(case)
    return point.kind in {"litellm 403", *LISTS} and published and any("*" in item for item in items)


def _the_completion_model_is_judged(case: Case, point: Point) -> bool:
    return bool(case.completion_model) and (point.kind == "model_known" or point.name == case.completion_model)


def _groups_are_no_models(case: Case, point: Point) -> bool:
    return point.kind in _KNOWN and bool({*_spelled(case, point)} & (case.groups | SPECIAL))


def _a_teams_alias_is_judged_by_its_target(case: Case, point: Point) -> bool:
    refused_as_a_member = point.kind == "litellm 403" and bool(case.lists["member_model_access"])
    aliased = any(name in case.team.get("model_aliases", {}) for name in _spelled(case, point))
    return aliased and (point.kind in _KNOWN or refused_as_a_member)


def _an_alias_is_not_in_a_patterns_group(case: Case, point: Point) -> bool:
    """LiteLLM also looks for the alias's own name among the patterns, and takes the groups of the one that holds it."""
    named = {*_spelled(case, point)} & {*case.global_aliases}
    patterns = {pattern for name in named for pattern in first_patterns(case.rows, name)}
    return point.kind in LISTS and bool(_groups(case, patterns) & {*case.lists[point.kind]})


def _an_alias_of_an_alias_is_judged_by_its_last_target(case: Case, point: Point) -> bool:
    """LiteLLM follows one step, and judges the name that comes of it."""
    aliases = case.global_aliases
    targets = {name: each["model"] if isinstance(each, dict) else each for name, each in aliases.items()}
    chained = any(targets.get(name) in targets for name in _spelled(case, point))
    return chained and point.kind in {*_KNOWN, *_NO_DEPLOYMENT, "litellm 403"}


def _upstreams_names_are_no_names(case: Case, point: Point) -> bool:
    named = {name for name in _spelled(case, point) if case.found(name).entry != name}
    own = {case.found(name).entry for name in named}
    rows = [row for row in case.rows if named & {*_behind(row)} and row["model_name"] not in own]
    return point.kind in {*_KNOWN, "litellm 500"} and _served_by(case, rows)


def _behind(row: Fields) -> list[str]:
    upstream = row["litellm_params"]["model"]
    return [upstream, upstream.partition("/")[2], row["model_info"]["id"]]


def _a_teams_own_names_are_no_others(case: Case, point: Point) -> bool:
    """LiteLLM knows the internal name of a team's deployment, which is no other name for the public one, and lets the
    name or pattern of one team stand in the way of others."""
    owned = [row for row in case.rows if "team_id" in row["model_info"]]
    patterns = {pattern for name in _spelled(case, point) for pattern in first_patterns(owned, name)}
    named = [row for row in owned if {*_both_names(row)} & {*_spelled(case, point), *patterns}]
    if point.kind == "litellm 403":
        return any(row["model_name"] in _refused_by_litellm(case) for row in named)
    if _groups(case, {row["model_name"] for row in named}) & {*case.lists.get(point.kind, [])}:
        return True
    if point.kind in _NO_DEPLOYMENT:
        return bool(named) and all(case.found(name).entry for name in case.names)
    return point.kind in _KNOWN and _served_by(case, named)


def _both_names(row: Fields) -> list[str]:
    return [row["model_name"], row["model_info"]["team_public_model_name"]]


def _a_bare_name_finds_the_entry_under_its_provider(case: Case, point: Point) -> bool:
    """`gpt-4o` comes to the entry `openai/gpt-4o`; LiteLLM finds patterns so, not entries."""
    bare = [name for name in _spelled(case, point) if "/" not in name]
    entries = {entry for name in bare if (entry := case.found(name).entry) and entry.endswith(f"/{name}")}
    if point.kind == "litellm 403":
        return bool(_groups(case, entries) & {*_refused_by_litellm(case)})
    others = [row for row in case.rows if row["model_name"] not in entries]
    return bool(entries) and (point.kind in _NO_DEPLOYMENT or (point.kind in _KNOWN and _served_by(case, others)))


def _refused_by_litellm(case: Case) -> list[str]:
    """The list in whose name LiteLLM refuses, by its type of error: `key_model_access_denied` and so on."""
    rule = str(case.theirs["type"]).removesuffix("_denied")
    of_a_member = case.lists["member_model_access"] if rule == "team_model_access" else []
    return [*case.lists.get(rule, []), *of_a_member]


def _groups(case: Case, entries: set[str | None] | set[str]) -> set[str]:
    return {group for row in case.rows if row["model_name"] in entries for group in row["model_info"]["access_groups"]}


def _the_most_specific_pattern(case: Case, point: Point) -> bool:
    """Both take a pattern, and not the same one: another deployment serves, or another group covers."""
    for name in _spelled(case, point):
        entry, led = case.found(name).entry, case.found(name).model
        others = [*first_patterns(case.rows, led or name)][:1]
        if not entry or "*" not in entry or entry in others:
            continue
        if point.kind == "litellm 403":
            return bool(_groups(case, {entry}) & {*_refused_by_litellm(case)})
        rows = [row for row in case.rows if row["model_name"] in others]
        return point.kind in {"served", *LISTS} and _served_by(case, rows)
    return False


def _patterns_are_anchored(case: Case, point: Point) -> bool:
    if point.kind in {"model_known", "served"}:
        loose = {pattern for name in _spelled(case, point) for pattern in _loose(case, name)}
        return _served_by(case, [row for row in case.rows if row["model_name"] in loose])
    items = case.lists.get(point.kind, [])
    names = _spelled(case, point)
    return any(granted(item, name) and not holds(item, name) for item in items for name in names)


def _loose(case: Case, name: str) -> list[str]:
    """The patterns that LiteLLM may take for the name, and that hold no more than the beginning of it."""
    spelled = spellings(case.rows, name)
    return [each for each in first_patterns(case.rows, name) if not any(holds(each, one) for one in spelled)]


CATALOG = (
    Difference("M2", _places_must_agree),
    Difference("M3", _names_are_not_mended),
    Difference("M6", _the_completion_model_is_judged),
    Difference("C7", _groups_are_no_models),
    Difference("C5", _a_teams_alias_is_judged_by_its_target),
    Difference("C5, an alias in a pattern's group", _an_alias_is_not_in_a_patterns_group),
    Difference("C5, an alias of an alias", _an_alias_of_an_alias_is_judged_by_its_last_target),
    Difference("C3, the upstream's own name and a deployment's id", _upstreams_names_are_no_names),
    Difference("C6", _a_teams_own_names_are_no_others),
    Difference("C3, a bare name", _a_bare_name_finds_the_entry_under_its_provider),
    Difference("C3, the most specific pattern", _the_most_specific_pattern),
    Difference("C4", _a_name_is_under_all_that_publish_it),
    Difference("C2", _patterns_are_anchored),
)
