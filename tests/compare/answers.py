"""What an answer says, the same for both: read alike, so that only what was answered can differ."""

import json
from typing import Any

Fields = dict[str, Any]


def read_answer(status: int, body: bytes) -> Fields:
    """The status; the text of the deployment that served; the names of a listing; the type and message of an error.

    Of several answers (to a list of names) the first is read.
    """
    try:
        told = json.loads(body)
    except ValueError:
        told = {}
    said: Fields = next(iter(told), {}) if isinstance(told, list) else told
    found = said.get("error")
    error: Fields = found if isinstance(found, dict) else {}
    return {
        "status": status,
        "served": _served(said),
        "models": sorted({each["id"] for each in said["data"]}) if isinstance(said.get("data"), list) else None,
        "type": error.get("type"),
        "message": str(error.get("message") or said.get("detail") or "")[:300],
    }


def _served(said: Fields) -> str | None:
    choices = said.get("choices") or [{}]
    text = choices[0].get("message", {}).get("content")
    return str(text) if text is not None else None
