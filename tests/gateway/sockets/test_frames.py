"""What a frame may be: the client events of the official SDK, of a bounded size."""

from collections.abc import Iterator
from typing import Any, get_args

import pytest
from openai.types.beta import BetaResponsesClientEvent
from openai.types.beta.realtime import RealtimeClientEvent as BetaRealtimeClientEvent
from openai.types.realtime import RealtimeClientEvent
from openai.types.responses import ResponsesClientEvent

from modelward.errors import Invalid
from modelward.gateway.endpoints import EVENTS
from modelward.gateway.routes import Handler
from modelward.gateway.sockets.frames import read_frame


def _types(union: Any) -> Iterator[str]:
    """The texts of `type` in all members of a union of events."""
    for member in get_args(union):
        if hasattr(member, "model_fields"):
            yield from get_args(member.model_fields["type"].annotation)
        else:
            yield from _types(member)


@pytest.mark.parametrize(
    ("handler", "unions"),
    [
        ("realtime", (RealtimeClientEvent, BetaRealtimeClientEvent)),
        ("responses", (ResponsesClientEvent, BetaResponsesClientEvent)),
    ],
)
def test_the_events_are_those_of_the_official_sdk(handler: Handler, unions: tuple[Any, ...]) -> None:
    assert {each for union in unions for each in _types(union)} == EVENTS[handler]


def test_a_frame_of_too_many_values_is_refused() -> None:
    text = '{"type": "session.update", "x": [' + "0," * 100_000 + "0]}"
    with pytest.raises(Invalid, match="values"):
        read_frame("realtime", b"model=m", [], text)
