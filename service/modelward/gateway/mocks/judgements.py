"""What a model finds of a text, in OpenAI's manner: its vector, its harm, its rank."""

import struct
from base64 import b64encode

from modelward.gateway.mocks.answers import PROMPT_TOKENS, VECTOR, MockAnswer, MockCall, count, json_answer, new_id

_CATEGORIES = (
    *("harassment", "harassment/threatening", "hate", "hate/threatening", "illicit", "illicit/violent"),
    *("self-harm", "self-harm/instructions", "self-harm/intent", "sexual", "sexual/minors"),
    *("violence", "violence/graphic"),
)
_HARMLESS = {
    "flagged": False,
    "categories": dict.fromkeys(_CATEGORIES, False),
    "category_scores": dict.fromkeys(_CATEGORIES, 0.0),
    "category_applied_input_types": {category: ["text"] for category in _CATEGORIES},
}


def embeddings(call: MockCall) -> MockAnswer:
    """A vector for each text, in the encoding asked for."""
    packed = b64encode(struct.pack(f"<{len(VECTOR)}f", *VECTOR)).decode()
    vector = packed if call.body.get("encoding_format") == "base64" else VECTOR
    texts = count(call.body.get("input"))
    data = [{"object": "embedding", "index": index, "embedding": vector} for index in range(texts)]
    usage = {"prompt_tokens": PROMPT_TOKENS, "total_tokens": PROMPT_TOKENS}
    return json_answer({"object": "list", "model": call.model, "data": data, "usage": usage})


def moderation(call: MockCall) -> MockAnswer:
    """Every text is harmless; a list of parts is one text."""
    given = call.body.get("input")
    in_parts = isinstance(given, list) and any(isinstance(item, dict) for item in given)
    results = [_HARMLESS] * (1 if in_parts else count(given))
    return json_answer({"id": new_id("modr"), "model": call.model, "results": results})


def rerank(call: MockCall) -> MockAnswer:
    """The documents in the order they came in, the first `top_n` of them; in Cohere's form."""
    documents = call.body.get("documents")
    places = range(len(documents) if isinstance(documents, list) else 0)
    wanted = call.body.get("top_n")
    if isinstance(wanted, int) and wanted >= 0:
        places = places[:wanted]
    results = [{"index": place, "relevance_score": 1 / (place + 1)} for place in places]
    meta = {"billed_units": {"search_units": 1}}
    return json_answer({"id": new_id("rerank"), "model": call.model, "results": results, "meta": meta})
