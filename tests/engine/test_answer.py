"""What is not a whole decision is none (E4)."""

from dataclasses import fields, replace
from datetime import UTC, datetime
from typing import Any

import orjson
import pytest

from engine.asking import asking
from modelward.contract import Caller, Customer, Decision, Explanation, Input, Key, Listing, Record, Request, Team, User
from modelward.engine import answer
from modelward.errors import DecisionUnavailable

TARGET = {"entry": "gpt-4", "model": "gpt-4", "deployments": ["d1"]}
REASON = {"rule": "key_active", "message": "this key is blocked"}
OWNER = {"kind": "user", "id": "u1"}
SUBJECT: dict[str, Any] = {"team_id": None, "user_id": "u1", "role": None, "owner": OWNER}
SHOWS: dict[str, Any] = {"everything": False, "key_hash": None, "user_id": "u1"}
YES: dict[str, Any] = {
    "allow": True,
    "reasons": [],
    "grants": {"key": {"gpt-4": "*"}},
    "targets": {"gpt-4": TARGET},
    "places": ["d1"],
    "subject": SUBJECT,
    "shows": SHOWS,
    "revision": "r",
}
NO = YES | {"allow": False, "reasons": [REASON], "grants": {}, "targets": {}, "places": []}


def request(**fields: Any) -> Request:
    """A call for `gpt-4`."""
    values = {"method": "POST", "path": "/", "route": "/", "operation": "infer", "groups": [], "models": ["gpt-4"]}
    return Request(**(values | {"time_ns": 1} | fields))


@pytest.mark.parametrize("until", [0, 1, 2**62, None])
def test_a_decision_says_until_when_it_holds(until: int | None) -> None:
    assert answer.parsed(Decision, YES | {"holds_until": until}, request()).holds_until == until


@pytest.mark.parametrize("until", [True, 1.5, 1e18, "1", "", [], {}])
def test_a_decision_that_says_it_in_another_way_holds_for_no_time(until: Any) -> None:
    assert answer.parsed(Decision, YES | {"holds_until": until}, request()).holds_until == 0


def test_a_decision_that_does_not_say_it_holds_for_no_time() -> None:
    assert answer.parsed(Decision, YES, request()).holds_until == 0


def test_questions_that_differ_in_their_time_alone_are_equal_without_it() -> None:
    one, other = (answer.timeless(_asked(time_ns=time)) for time in (1, 2_000_000_000))
    assert one == other
    assert one.startswith(b'"method":"POST",')


CHANGES: list[dict[str, Any]] = [
    {"method": "GET"},
    {"path": "/x"},
    {"route": "/x"},
    {"operation": "list"},
    {"groups": ["info_routes"]},
    {"models": []},
    {"differ": True},
    {"problem": "x"},
    {"wildcards": True},
    {"record": Record(kind="key", id="x")},
    {"calls": ["/x"]},
    {"fallback": True},
    {"segments": [["x"]]},
]


def test_questions_that_differ_in_anything_else_differ() -> None:
    assert {name for change in CHANGES for name in change} == {each.name for each in fields(Request)} - {"time_ns"}
    asked = [answer.timeless(_asked(**change)) for change in ({}, *CHANGES)]
    others = [replace(_asked(), caller=Caller(kind="master")), replace(_asked(), customer=Customer(user_id="c"))]
    asked += [answer.timeless(other) for other in others]
    assert len(set(asked)) == len(asked)


def _asked(**changes: Any) -> Input:
    return Input(request(**changes), Caller(kind="key", key=Key(token="0" * 64)))


def test_a_whole_yes_and_a_whole_no_are_decisions() -> None:
    assert answer.parsed(Decision, YES, request()).allow
    assert answer.parsed(Decision, NO, request()).reasons[0].rule == "key_active"


@pytest.mark.parametrize("field", list(YES))
def test_a_field_less_is_no_decision(field: str) -> None:
    for whole in (YES, NO):
        with pytest.raises(DecisionUnavailable, match=f"`{field}`"):
            answer.parsed(Decision, {name: value for name, value in whole.items() if name != field}, request())


WRONG: dict[str, list[Any]] = {
    "allow": [None, 1, 0, "true", "yes", [], {"allow": True}],
    "reasons": [None, {}, "", [{}], ["key_active"], [REASON | {"code": 1}], [{"rule": "x"}]],
    "grants": [None, [], {"key": []}, {"key": {"gpt-4": True}}],
    "targets": [
        *(None, [], {"gpt-4": None}, {"gpt-4": TARGET | {"extra": 1}}),
        *({"gpt-4": TARGET | {"deployments": wrong}} for wrong in (None, "d1", {"d1": True}, [1])),
    ],
    "places": [None, "d1", {"d1": True}, [1], [None]],
    "subject": [
        *(None, {}, SUBJECT | {"role": 1}, SUBJECT | {"extra": 1}),
        *({name: value for name, value in SUBJECT.items() if name != missing} for missing in SUBJECT),
        *(SUBJECT | {"owner": wrong} for wrong in ("user:u1", {}, OWNER | {"kind": "org"}, OWNER | {"id": None})),
    ],
    "shows": [
        *(None, True, {}, SHOWS | {"everything": 1}, SHOWS | {"key_hash": True}, SHOWS | {"extra": 1}),
        *({name: value for name, value in SHOWS.items() if name != missing} for missing in SHOWS),
    ],
    "revision": [None, 1, ["r"]],
    "extra": [None],
}


@pytest.mark.parametrize(("field", "value"), [(field, value) for field, values in WRONG.items() for value in values])
def test_a_field_more_or_of_a_wrong_type_is_no_decision(field: str, value: object) -> None:
    with pytest.raises(DecisionUnavailable):
        answer.parsed(Decision, YES | {field: value}, request())


@pytest.mark.parametrize("result", [None, True, "allow", 1, [], [YES], {}, {"result": YES}])
def test_another_shape_is_no_decision(result: object) -> None:
    with pytest.raises(DecisionUnavailable):
        answer.parsed(Decision, result, request())


CONTRADICTIONS = {
    "a yes with a reason": YES | {"reasons": [REASON]},
    "a no without a reason": NO | {"reasons": []},
    "a model without a target": YES | {"targets": {}},
    "a target of another name": YES | {"targets": {"GPT-4": TARGET}},
    "a target without a deployment": YES | {"targets": {"gpt-4": TARGET | {"deployments": []}}},
}


@pytest.mark.parametrize("what", list(CONTRADICTIONS))
def test_a_decision_that_contradicts_itself_is_none(what: str) -> None:
    with pytest.raises(DecisionUnavailable):
        answer.parsed(Decision, CONTRADICTIONS[what], request())


def test_a_yes_is_for_every_model_asked_for() -> None:
    with pytest.raises(DecisionUnavailable):
        answer.parsed(Decision, YES, request(models=["gpt-4", "gpt-4o"]))


def test_a_yes_to_a_request_that_cannot_be_read_is_none() -> None:
    with pytest.raises(DecisionUnavailable):
        answer.parsed(Decision, YES, request(models=[], problem="the body is not JSON"))


def test_a_no_needs_no_target() -> None:
    assert not answer.parsed(Decision, NO, request(models=["gpt-4", "ghost"])).allow


@pytest.mark.parametrize(
    "wrong", [{"models": None}, {"models": [1]}, {"groups": {}}, {"revision": None}, {"extra": 1}], ids=str
)
def test_a_listing_is_parsed_as_strictly(wrong: dict[str, Any]) -> None:
    whole = {"models": ["gpt-4"], "groups": [], "revision": "r"}
    assert answer.parsed(Listing, whole, request()).models == ["gpt-4"]
    with pytest.raises(DecisionUnavailable):
        answer.parsed(Listing, whole | wrong, request())


@pytest.mark.parametrize("what", list(CONTRADICTIONS))
def test_the_decision_of_an_explanation_is_parsed_as_strictly(what: str) -> None:
    whole = {"decision": YES, "layers": {}, "names": {}, "named": {"team_id": None, "user_id": None}}
    assert answer.parsed(Explanation, whole, request()).decision.allow
    for wrong in (CONTRADICTIONS[what], YES | {"extra": 1}):
        with pytest.raises(DecisionUnavailable):
            answer.parsed(Explanation, whole | {"decision": wrong}, request())


def test_the_error_says_where_and_not_what() -> None:
    with pytest.raises(DecisionUnavailable, match=r"`targets\.gpt-4\.entry`") as raised:
        answer.parsed(Decision, YES | {"targets": {"gpt-4": TARGET | {"entry": {"sk-secret": 1}}}}, request())
    assert "sk-secret" not in str(raised.value)


def test_a_question_holds_the_caller_as_the_rules_see_it() -> None:
    key = Key(token="0" * 64, models=["gpt-4"], expires=datetime.fromtimestamp(1, UTC), metadata={"a": [1, None]})
    caller = Caller(kind="key", key=key, team=Team(team_id="t"), user=User(user_id="ü"))
    for asked in (asking("gpt-4", "modèle", caller=caller), asking(caller=Caller(kind="master"), path="/%ff\x00")):
        held = orjson.loads(answer.question(asked))
        assert held["caller"] == asked.caller.plain
        assert (held["request"]["models"], held["request"]["path"]) == (asked.request.models, asked.request.path)
        assert held["customer"] is None


def test_a_record_is_part_of_the_question() -> None:
    asked = request(record=Record("key", "0" * 64))
    assert orjson.loads(orjson.dumps(asked))["record"] == {"kind": "key", "id": "0" * 64}
