"""A decision of the log, held against what is decided now."""

import json
from typing import Any

import pytest

from explain.world import GENERAL, HASH, MODELS, World
from modelward.errors import Invalid, NotFound
from modelward.explain import Logged, Report, find, text

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


def not_judged(report: Report) -> str:
    """Why a report has no answer, and so cannot say whether the answer differs."""
    (reason,) = report.reasons
    assert report.past is not None
    assert (report.allow, reason.rule, report.past.differs, report.changes) == (False, "not_judged", None, [])
    return reason.message


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
    sections = MODELS + GENERAL + f"keys: [{{key_hash: 'sha256:{HASH}', expires: '{expires}'}}]\n"
    assert (await world.compare(sections, logged())).allow
    assert not (await world.compare(sections, logged(time="2026-02-01T00:00:00+00:00"))).allow


@pytest.mark.parametrize("past", [{}, {"allow": True, "reasons": []}], ids=["refused", "allowed"])
async def test_a_token_is_not_judged_without_its_claims_and_its_teams_layers_are_shown(
    world: World, past: dict[str, Any]
) -> None:
    caller = {"kind": "jwt", "key": None, "team": "red", "user": None, "role": "team"}
    sections = MODELS + GENERAL + "teams: [{team_id: red, models: [gpt-4]}]\n"
    report = await world.compare(sections, logged(caller=caller, **past))
    assert not_judged(report) == "a token's claims are not logged: ask again with them"
    assert [layer.rule for layer in report.layers if layer.verdict == "denies"] == ["team_model_access"]
    assert report.notes[0].startswith("the layers are those of a key of the token's team and user")


@pytest.mark.parametrize(
    ("asked", "rule", "fact"),
    [
        ({"method": "GET", "path": "/v1/models", "models": []}, "listing_team", "the team that a listing names"),
        ({}, "names_agree", "what else the request named as its model"),
        ({"method": "GET", "path": "/key/info", "models": []}, "admin_only", "whose record was asked for"),
        ({"models": []}, "well_formed", "the body of a request"),
    ],
)
async def test_a_refusal_that_rests_on_what_the_log_does_not_hold_is_not_judged(
    world: World, asked: dict[str, Any], rule: str, fact: str
) -> None:
    reasons = [{"rule": rule, "message": "refused"}]
    report = await world.compare(key("gpt-4o"), logged(reasons=reasons, **asked))
    assert not_judged(report) == f"{fact} is not logged: ask again by caller, route and model"


async def test_an_admins_route_that_names_no_record_is_judged(world: World) -> None:
    reasons = [{"rule": "admin_only", "message": "needs an admin"}]
    report = await world.compare(key("gpt-4o"), logged(path="/key/generate", models=[], reasons=reasons))
    assert report.past is not None
    assert (report.past.differs, [reason.rule for reason in report.reasons]) == (False, ["admin_only"])


async def test_a_request_that_was_not_decided_is_not_judged(world: World) -> None:
    report = await world.compare(key("gpt-4o"), logged(reasons=[], error="invalid_request_error"))
    assert not_judged(report) == "the request was not decided: ask again by caller, route and model"


async def test_the_fallbacks_that_were_skipped_are_shown(world: World) -> None:
    skipped = [{"model": "gpt-4", "rule": "key_model_access"}]
    report = await world.compare(key("gpt-4o"), logged(allow=True, reasons=[], skipped_fallbacks=skipped))
    assert "  skipped   fallback gpt-4: key_model_access\n" in text(report)


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
