"""A decision of the log, held against what is decided now."""

import json
from typing import Any

import pytest

from explain.world import GENERAL, HASH, MODELS, World
from modelward.errors import Invalid, NotFound
from modelward.explain import Logged, find

ENTRY: dict[str, Any] = {
    "id": "0123abcd",
    "time": "2026-01-31T12:00:00+00:00",
    "method": "POST",
    "path": "/v1/chat/completions",
    "route": "/v1/chat/completions",
    "models": ["gpt-4o"],
    "caller": {"kind": "key", "key": HASH, "team": None, "user": None},
    "customer": None,
    "allow": False,
    "reasons": [{"rule": "key_model_access", "message": "this key may not call model `gpt-4o`"}],
    "grants": {},
    "revision": "sha256:00",
    "status": 403,
    "error": "",
}


def line(**fields: Any) -> bytes:
    """One line of the log."""
    return json.dumps({"decision": {**ENTRY, **fields}}).encode() + b"\n"


def logged(**fields: Any) -> Logged:
    """The decision as it is found again."""
    return find([line(**fields)], "0123abcd")


def key(models: str) -> str:
    """A config that declares the key with these models."""
    return MODELS + GENERAL + f"keys: [{{key_hash: 'sha256:{HASH}', models: [{models}]}}]\n"


def test_a_decision_is_found_among_lines_of_other_kinds() -> None:
    lines = [b"2026-01-31 INFO modelward: ready\n", b'{"other": "0123abcd"}\n', line(id="ffff"), b"[1]\n", line()]
    assert find(lines, "0123abcd").models == ["gpt-4o"]


def test_a_decision_that_is_not_in_the_log_is_an_error() -> None:
    with pytest.raises(NotFound, match="no decision of that id is in this log"):
        find([line(id="ffff")], "0123abcd")


def test_a_line_that_is_no_decision_is_an_error_with_its_number() -> None:
    with pytest.raises(Invalid, match=r"line 2 of the log is no decision of this service: see `models.0`"):
        find([b"\n", line(models=[7])], "0123abcd")


async def test_the_same_answer_now_is_said_to_be_the_same(world: World) -> None:
    report = await world.compare(key("gpt-4"), logged())
    assert report.past is not None
    assert (report.past.allow, report.past.differs, report.allow) == (False, False, False)
    assert report.past.revision == "sha256:00"
    assert report.verified


async def test_another_answer_now_is_said_to_differ(world: World) -> None:
    report = await world.compare(key("gpt-4o"), logged())
    assert report.past is not None
    assert (report.past.differs, report.allow) == (True, True)


async def test_another_reason_now_is_said_to_differ(world: World) -> None:
    report = await world.compare(key("gpt-4"), logged(reasons=[{"rule": "key_expiry", "message": "expired"}]))
    assert report.past is not None
    assert report.past.differs


async def test_the_question_is_asked_as_of_the_time_of_the_entry(world: World) -> None:
    expires = "2026-02-01T00:00:00Z"
    text = MODELS + GENERAL + f"keys: [{{key_hash: 'sha256:{HASH}', expires: '{expires}'}}]\n"
    assert (await world.compare(text, logged())).allow
    assert not (await world.compare(text, logged(time="2026-02-01T00:00:00+00:00"))).allow


async def test_a_token_is_judged_by_its_team_and_user_and_that_is_said(world: World) -> None:
    caller = {"kind": "jwt", "key": None, "team": "red", "user": None, "role": "team"}
    text = MODELS + GENERAL + "teams: [{team_id: red, models: [gpt-4]}]\n"
    report = await world.compare(text, logged(caller=caller))
    assert [reason.rule for reason in report.reasons] == ["team_model_access"]
    assert report.notes[0].startswith("a token's claims are not logged")


async def test_the_master_key_is_judged_as_such(world: World) -> None:
    caller = {"kind": "master", "key": None, "team": None, "user": None}
    assert (await world.compare(MODELS + GENERAL, logged(caller=caller))).allow


@pytest.mark.parametrize("caller", [None, {"kind": "jwt", "key": None, "team": None, "user": None}])
async def test_where_the_log_names_nobody_nobody_is_judged(world: World, caller: dict[str, Any] | None) -> None:
    report = await world.compare(MODELS + GENERAL, logged(caller=caller))
    assert (report.allow, report.caller) == (False, None)
    assert [reason.rule for reason in report.reasons] == ["not_judged"]
    assert report.past is not None
    assert report.past.differs is None


async def test_a_key_that_is_gone_is_refused_now(world: World) -> None:
    report = await world.compare(MODELS + GENERAL, logged())
    assert [reason.rule for reason in report.reasons] == ["token_not_found_in_db"]
