"""The lists of keys and teams with their unified access groups (G1, G7, G9).

`all-team-models` speaks of the list it stands in: in a group, which belongs to no one subject, it covers nothing.
"""

from collections.abc import Iterator

from engines.naive_grants import Grants
from modelward.contract import AccessGroup, Caller, Team


def key_grants(caller: Caller, *, empty_denies: bool) -> Grants:
    """The list of the caller's key with what its groups add."""
    assert caller.key
    own, ids = caller.key.models, caller.key.access_group_ids
    added = [model for group in _known(ids, caller) for model in group.access_model_names]
    untouched = not own and not ids
    items = [*own, *added]
    return Grants(items, unbounded=(untouched and not empty_denies) or "all-team-models" in own)


def team_grants(team: Team, caller: Caller, *, empty_denies: bool) -> Grants:
    """The list of a team with what its groups add, and those groups of the caller's key that may lift its refusal."""
    added = [*_known(team.access_group_ids, caller), *_lifting(team, caller)]
    untouched = not team.models and not team.access_group_ids
    items = [*team.models, *(model for group in added for model in group.access_model_names)]
    return Grants(items, unbounded=untouched and not empty_denies, all_entries="all-team-models" in team.models)


def _known(ids: list[str], caller: Caller) -> Iterator[AccessGroup]:
    yield from (caller.access_groups[one] for one in ids if one in caller.access_groups)


def _lifting(team: Team, caller: Caller) -> Iterator[AccessGroup]:
    if caller.key:
        for group in _known(caller.key.access_group_ids, caller):
            if team.team_id in group.assigned_team_ids or caller.key.token in group.assigned_key_ids:
                yield group
