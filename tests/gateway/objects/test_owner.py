"""Whose an object is."""

import pytest

from modelward.contract import Caller, Key, Subject, Team, TokenRecords, User
from modelward.errors import Refused
from modelward.gateway.objects import owner_of


def _subject(team_id: str | None = None, user_id: str | None = None) -> Subject:
    return Subject(team_id=team_id, user_id=user_id, role=None, admin=False)


def _key(**fields: str) -> Caller:
    return Caller(kind="key", key=Key(token="h", **fields))


TOKEN = Caller(kind="jwt")


def test_a_team_owns_what_its_keys_make() -> None:
    assert owner_of(_key(team_id="t1", user_id="u1"), _subject("t1", "u1")) == "team:t1"


def test_a_user_owns_what_keys_without_a_team_make() -> None:
    assert owner_of(_key(user_id="u1"), _subject(None, "u1")) == "user:u1"


def test_a_key_of_nobody_owns_what_it_makes() -> None:
    assert owner_of(_key(), _subject()) == "key:h"


def test_the_master_key_is_an_owner_of_its_own() -> None:
    assert owner_of(Caller(kind="master"), _subject()) == "master"


@pytest.mark.parametrize(("subject", "owner"), [(_subject("t1", "u1"), "team:t1"), (_subject(None, "u1"), "user:u1")])
def test_a_token_makes_objects_of_whom_it_stands_for(subject: Subject, owner: str) -> None:
    assert owner_of(TOKEN, subject) == owner


def test_a_token_that_stands_for_nobody_can_own_nothing() -> None:
    with pytest.raises(Refused) as caught:
        owner_of(TOKEN, _subject())
    assert (caught.value.status, caught.value.kind) == (403, "auth_error")


def test_what_has_a_record_owns_under_the_records_own_name() -> None:
    key = Key(token="h", objects_owner="key/1")
    team, user = Team(team_id="t1", objects_owner="team/1"), User(user_id="u1", objects_owner="user/1")
    assert owner_of(Caller(kind="key", key=key), _subject()) == "key/1"
    assert owner_of(Caller(kind="key", key=key.model_copy(update={"user_id": "u1"}), user=user), _subject()) == "user/1"
    assert owner_of(Caller(kind="key", key=key.model_copy(update={"team_id": "t1"}), team=team), _subject()) == "team/1"


def test_a_token_owns_under_the_names_of_the_records_that_it_stands_for() -> None:
    records = TokenRecords(
        teams={"t1": Team(team_id="t1", objects_owner="team/1"), "t2": Team(team_id="t2", objects_owner="team/2")},
        users={"u1": User(user_id="u1", objects_owner="user/1")},
    )
    token = Caller(kind="jwt", records=records)
    assert owner_of(token, _subject("t2", "u1")) == "team/2"
    assert owner_of(token, _subject(None, "u1")) == "user/1"
    assert owner_of(token, _subject(None, "u2")) == "user:u2"
