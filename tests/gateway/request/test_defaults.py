"""A part of a body that runs a model of its own must name it: the provider's default is a model too (M4)."""

from typing import Any

import pytest

from modelward.errors import Invalid
from modelward.gateway.endpoints import ROUTES, row_of
from modelward.gateway.request.body import laid_out
from modelward.gateway.request.footprint import Footprint, footprint
from modelward.gateway.routes import Match, Router

IMAGES: dict[str, Any] = {"type": "image_generation"}
TEXT: dict[str, Any] = {"language": "en"}

UNNAMED: list[tuple[str, dict[str, Any], str]] = [
    ("/v1/responses", {"tools": [{"type": "function"}, IMAGES]}, r"tools\[1\]"),
    ("/v1/responses", {"extra_body": {"tools": [IMAGES]}}, r"tools\[0\]"),
    ("/v1/responses", {"input": [{"type": "additional_tools", "tools": [IMAGES]}]}, r"input\[0\]\.tools\[0\]"),
    ("/v1/responses/compact", {"tools": [IMAGES]}, r"tools\[0\]"),
    ("/v1/chat/completions", {"moderation": {"mode": "block"}}, "moderation"),
    ("/v1/realtime/client_secrets", {"session": {"input_audio_transcription": TEXT}}, "session.input_audio_transcript"),
    ("/v1/realtime/sessions", {"input_audio_transcription": TEXT}, "input_audio_transcription"),
    ("/v1/realtime/client_secrets", {"session": {"audio": {"input": {"transcription": TEXT}}}}, "session.audio.input"),
]


def judged(path: str, body: dict[str, Any]) -> Footprint:
    """The models of one call."""
    match = Router(ROUTES).find("POST", path)
    assert match is not None
    return footprint(match, b"", laid_out(match.route, {"model": "own", **body}))


@pytest.mark.parametrize(("path", "body", "place"), UNNAMED)
def test_a_part_that_leaves_its_model_to_the_provider_is_refused(path: str, body: dict[str, Any], place: str) -> None:
    with pytest.raises(Invalid, match=f"`{place}.*` names no model; name it in `model`"):
        judged(path, body)


def test_a_drawing_that_names_its_model_names_the_tools() -> None:
    match = Router(ROUTES).find("POST", "/v1/responses")
    assert match is not None
    tool = {"type": "image_generation", "svg": {"model": "gpt-4o"}}
    assert footprint(match, b"", {"model": "gpt-4", "tools": [tool]}).models == ["gpt-4", "gpt-4o"]


def test_a_part_that_names_its_model_is_judged_by_it() -> None:
    assert judged("/v1/responses", {"tools": [IMAGES | {"model": "image"}]}).models == ["own", "image"]


@pytest.mark.parametrize("body", [{"tools": [{"type": "web_search"}]}, {"moderation": None}, {"tools": None}])
def test_a_part_that_runs_no_model_names_none(body: dict[str, Any]) -> None:
    assert judged("/v1/responses", body).models == ["own"]


FRAMES: list[tuple[dict[str, Any], str]] = [
    ({"session": {"audio": {"input": {"transcription": TEXT}}}}, "session.audio.input.transcription"),
    ({"session": {"input_audio_transcription": TEXT}}, "session.input_audio_transcription"),
    ({"response": {"tools": [IMAGES]}}, r"response.tools\[0\]"),
    ({"tools": [IMAGES]}, r"tools\[0\]"),
]


@pytest.mark.parametrize(("fields", "place"), FRAMES)
def test_a_frame_that_leaves_a_model_to_the_provider_is_refused(fields: dict[str, Any], place: str) -> None:
    with pytest.raises(Invalid, match=f"`{place}` names no model"):
        footprint(Match(row_of("realtime", "session.update")), b"", fields)
