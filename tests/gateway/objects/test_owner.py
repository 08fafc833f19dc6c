"""Whose an object is."""

import pytest

from modelward.contract import Caller, Key, Subject
from modelward.errors import Refused
from modelward.gateway.objects import owner_of


def _subject(team_id: str | None = None, user_id: str | None = None) -> Subject:
    return Subject(team_id=team_id, user_id=user_id, role=None, admin=False)


def _key(**fields: str) -> Caller:
    return Caller(kind="key", key=Key(hash="h", **fields))


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
