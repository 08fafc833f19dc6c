"""What is asked of an upstream about objects is asked only for what the caller may do by then (A5)."""

from gateway.objects.gate_setup import ObjectsSetup
from gateway.upstream.scripted import Asked, Line, answers
from modelward.contract import Caller, Key, StateObject, Team, Use

AT_ONCE = 8


async def _list_while(staged: ObjectsSetup, caller: Caller, *, seconds: float) -> int:
    """The status of a list of twenty files, while its caller becomes another."""
    for number in range(20):
        await staged.store.bind([StateObject("file", f"file-{number}", "team:t1", "id-gpt-4", ())], [])

    async def changes(asked: Asked, line: Line) -> None:
        if len(staged.upstream.asked) == AT_ONCE:
            staged.caller = caller
            staged.clock.seconds += seconds
        await answers(200, b'{"id":"%b"}' % asked.target.rpartition("/")[2].encode())(asked, line)

    staged.upstream.script = changes
    return (await staged.call("GET", "/v1/files?limit=20")).status


def _caller(**fields: object) -> Caller:
    key = Key.model_validate({"token": "of-t1", "team_id": "t1", **fields})
    return Caller(kind="key", key=key, team=Team(team_id="t1"))


async def test_a_key_that_is_blocked_meanwhile_is_told_nothing_and_nothing_more_is_asked(staged: ObjectsSetup) -> None:
    assert await _list_while(staged, _caller(blocked=True), seconds=1.1) == 401
    assert len(staged.upstream.asked) == AT_ONCE


async def test_a_key_of_another_team_by_then_sees_that_teams_objects(staged: ObjectsSetup) -> None:
    elsewhere = Caller(kind="key", key=Key(token="of-t1", team_id="t2"), team=Team(team_id="t2"))
    assert await _list_while(staged, elsewhere, seconds=1.1) == 200
    assert len(staged.upstream.asked) == AT_ONCE


async def test_a_caller_that_is_as_before_gets_its_list(staged: ObjectsSetup) -> None:
    assert await _list_while(staged, _caller(), seconds=1.1) == 200
    assert len(staged.upstream.asked) == 20


async def _edit_while(staged: ObjectsSetup, *models: str, seconds: float) -> int:
    """The status of an edit of a video that `gpt-4` made, while its caller's list becomes `models`."""
    use = Use("/v1/videos", ("gpt-4",), ("gpt-4",))
    await staged.store.bind([StateObject("video", "vid_1", "team:t1", "id-gpt-4", (use,))], [])
    staged.upstream.script = answers(200, b'{"id":"vid_2"}')

    def meanwhile() -> None:
        staged.asks_as("t1", *models)
        staged.clock.seconds += seconds

    staged.store.meanwhile = meanwhile
    return (await staged.call("POST", "/v1/videos/edits", {"prompt": "more", "video": {"id": "vid_1"}})).status


async def test_an_object_is_not_run_by_a_model_that_was_taken_away_while_it_was_looked_up(staged: ObjectsSetup) -> None:
    assert await _edit_while(staged, "gpt-4o", seconds=1.1) == 403
    assert not staged.upstream.asked


async def test_an_object_is_run_by_a_model_that_is_still_allowed(staged: ObjectsSetup) -> None:
    assert await _edit_while(staged, seconds=1.1) == 200
    assert len(staged.upstream.asked) == 1
