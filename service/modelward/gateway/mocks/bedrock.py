"""Bedrock's conversations."""

from modelward.gateway.mocks.answers import ALL_TOKENS, ANSWER_TOKENS, PROMPT_TOKENS, MockAnswer, MockCall, json_answer

_USAGE = {"inputTokens": PROMPT_TOKENS, "outputTokens": ANSWER_TOKENS, "totalTokens": ALL_TOKENS}


def conversed(call: MockCall) -> MockAnswer:
    """One message, whole."""
    message = {"role": "assistant", "content": [{"text": call.text}]}
    answer = {"output": {"message": message}, "stopReason": "end_turn", "usage": _USAGE, "metrics": {"latencyMs": 1}}
    return json_answer(answer)
