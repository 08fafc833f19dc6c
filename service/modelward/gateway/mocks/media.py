"""OpenAI's pictures and sound."""

import struct

from modelward.gateway.mocks.answers import MockAnswer, MockCall, json_answer

# One white point.
_PNG = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAAAAAA6fptVAAAACklEQVR42mP4DwABAQEAHLCMmQAAAABJRU5ErkJggg=="
# A tenth of a second of silence: one channel, 8000 samples a second of 8 bits, which are silent at 128.
_SAMPLES = b"\x80" * 800
_WAV = b"".join(
    (
        b"RIFF" + struct.pack("<I", 36 + len(_SAMPLES)) + b"WAVE",
        b"fmt " + struct.pack("<IHHIIHH", 16, 1, 1, 8000, 8000, 1, 8),
        b"data" + struct.pack("<I", len(_SAMPLES)) + _SAMPLES,
    )
)
_MOST_PICTURES = 10


def image(call: MockCall) -> MockAnswer:
    """As many pictures as are asked for, none by an address."""
    wanted = call.body.get("n")
    pictures = min(max(wanted, 1), _MOST_PICTURES) if isinstance(wanted, int) else 1
    return json_answer({"created": call.created, "data": [{"b64_json": _PNG}] * pictures})


def speech(_: MockCall) -> MockAnswer:
    """Silence, whatever the format asked for."""
    return MockAnswer(b"audio/wav", [_WAV])


def transcription(call: MockCall) -> MockAnswer:
    """What was said, or what it means in English."""
    if call.body.get("response_format") == "text":
        return MockAnswer(b"text/plain; charset=utf-8", [call.text.encode()])
    return json_answer({"text": call.text})
