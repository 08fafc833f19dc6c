"""A provider that speaks the API of OpenAI, Azure, Anthropic, Gemini, Vertex AI and Bedrock, path by path."""

import re
from collections.abc import Callable

from harness import provider_openai, provider_others
from harness.provider_objects import Objects
from harness.provider_replies import said
from harness.upstream import Call, Reply, Script

_CALLS: tuple[tuple[str, Callable[[Call], Reply]], ...] = (*provider_openai.CALLS, *provider_others.CALLS)


def provider() -> Script:
    """A provider with objects of its own; a place that it does not know is 404."""
    objects = Objects()

    def answer(call: Call) -> Reply:
        path = call.path.partition("?")[0]
        for pattern, made in _CALLS:
            if call.method == "POST" and re.search(pattern + "$", path):
                return made(call)
        error = {"message": f"the provider knows no {call.method} {path}", "type": "invalid_request_error"}
        return objects.answer(call, path) or said({"error": error}, 404)

    return answer
