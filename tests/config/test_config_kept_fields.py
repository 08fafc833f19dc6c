"""A config and the management API take the same fields of a record (K2)."""

import pytest

from modelward.admin.keys import NewKey
from modelward.admin.models import RecordFields
from modelward.admin.plain_kinds import NewAccessGroup, NewCustomer, NewOrganization, NewProject
from modelward.admin.teams import NewTeam
from modelward.admin.users import NewUser
from modelward.config.words import Words, words_of_maps
from modelward.contract import read_fields

of_each_kind = pytest.mark.parametrize(
    ("words", "request_fields"),
    [
        pytest.param(words_of_maps()[f"{section}[]"], request_fields, id=section)
        for section, request_fields in {
            "keys": NewKey,
            "teams": NewTeam,
            "users": NewUser,
            "organizations": NewOrganization,
            "projects": NewProject,
            "customers": NewCustomer,
            "access_groups": NewAccessGroup,
        }.items()
    ],
)


def kept(request_fields: type[RecordFields]) -> frozenset[str]:
    """The fields that the management API takes and by which it decides nothing."""
    shown = {name for name, _, field in read_fields(request_fields.SUBJECT) if field.exclude}
    return (request_fields.KEPT | shown | request_fields.DROPPED) - {"expires"}


@of_each_kind
def test_what_a_config_only_notes_is_kept_by_the_api(words: Words, request_fields: type[RecordFields]) -> None:
    assert words.noted <= kept(request_fields)


@of_each_kind
def test_what_the_api_keeps_is_no_unknown_word_in_a_config(words: Words, request_fields: type[RecordFields]) -> None:
    assert kept(request_fields) <= words.noted | words.unsupported.keys() | words.meant.keys()


@of_each_kind
def test_what_the_api_lets_decide_is_known_in_a_config(words: Words, request_fields: type[RecordFields]) -> None:
    deciding = {name for name, _, field in read_fields(request_fields.SUBJECT) if not field.exclude}
    assert deciding <= request_fields.model_fields.keys()
    assert deciding <= words.known
