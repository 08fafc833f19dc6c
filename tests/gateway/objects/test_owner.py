"""Under which name an owner has its objects."""

import pytest

from modelward.contract import Caller, Key, Owner, Subject, Team, TokenRecords, User
from modelward.errors import Refused
from modelward.gateway.objects import owner_of

KEY = Key(token="h", objects_owner="key/1")
RECORDS = TokenRecords(
    teams={"t1": Team(team_id="t1", objects_owner="team/1"), "t2": Team(team_id="t2", objects_owner="team/2")},
    users={"u1": User(user_id="u1", objects_owner="user/1")},
)


def _subject(owner: Owner | None) -> Subject:
    return Subject(team_id=None, user_id=None, role=None, owner=owner)


TEAM, USER, KEYS = Owner(kind="team", id="t1"), Owner(kind="user", id="u1"), Owner(kind="key", id="h")


@pytest.mark.parametrize(("owner", "name"), [(TEAM, "team:t1"), (USER, "user:u1"), (KEYS, "key:h")])
def test_who_has_no_record_owns_by_its_id(owner: Owner, name: str) -> None:
    assert owner_of(Caller(kind="key", key=Key(token="h")), _subject(owner)) == name


def test_the_master_key_is_an_owner_of_its_own() -> None:
    assert owner_of(Caller(kind="master"), _subject(Owner(kind="master", id="master"))) == "master"


def test_a_token_that_stands_for_nobody_can_own_nothing() -> None:
    with pytest.raises(Refused) as caught:
        owner_of(Caller(kind="jwt", records=RECORDS), _subject(None))
    assert (caught.value.status, caught.value.kind) == (403, "auth_error")


def test_what_has_a_record_owns_under_the_records_own_name() -> None:
    caller = Caller(kind="key", key=KEY, team=RECORDS.teams["t1"], user=RECORDS.users["u1"])
    assert owner_of(caller, _subject(KEYS)) == "key/1"
    assert owner_of(caller, _subject(USER)) == "user/1"
    assert owner_of(caller, _subject(TEAM)) == "team/1"


def test_the_record_of_another_gives_no_name() -> None:
    caller = Caller(kind="key", key=KEY, team=RECORDS.teams["t1"], user=RECORDS.users["u1"])
    assert owner_of(caller, _subject(Owner(kind="team", id="t2"))) == "team:t2"
    assert owner_of(caller, _subject(Owner(kind="user", id="u2"))) == "user:u2"
    assert owner_of(caller, _subject(Owner(kind="key", id="g"))) == "key:g"


def test_a_token_owns_under_the_names_of_the_records_that_it_stands_for() -> None:
    token = Caller(kind="jwt", records=RECORDS)
    assert owner_of(token, _subject(Owner(kind="team", id="t2"))) == "team/2"
    assert owner_of(token, _subject(USER)) == "user/1"
    assert owner_of(token, _subject(Owner(kind="user", id="u2"))) == "user:u2"
