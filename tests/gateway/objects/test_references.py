"""An item with an `id` is taken where it carries content of its own."""

from typing import Any

import pytest

from modelward.errors import Invalid
from modelward.gateway.objects.references import refuse_references

TYPES = ("compaction", "file_search_call", "web_search_call", "code_interpreter_call", "message", "reasoning", "new")
BARE: list[dict[str, Any]] = [
    *({"type": kind, "id": "x_1", "status": "completed"} for kind in TYPES),
    {"type": ["message"], "id": "x_1"},
    {"type": "item_reference", "id": "x_1", "content": "hello"},
    {"type": "function_call", "id": "x_1", "call_id": "c"},
    {"type": "compaction", "id": "x_1", "encrypted_content": ""},
    {"id": "x_1", "role": "user", "content": None},
]
WHOLE: list[dict[str, Any]] = [
    {"type": "compaction", "id": "x_1", "encrypted_content": "x"},
    {"type": "web_search_call", "id": "x_1", "action": {"query": "q"}},
    {"type": "file_search_call", "id": "x_1", "queries": ["q"], "results": None},
    {"type": "code_interpreter_call", "id": "x_1", "code": "1 + 1"},
    {"type": "function_call", "id": "x_1", "call_id": "c", "name": "n", "arguments": "{}"},
    {"type": "message", "id": "x_1", "role": "assistant", "content": [{"type": "output_text", "text": "hello"}]},
    {"type": "new"},
]


@pytest.mark.parametrize("item", BARE, ids=str)
def test_an_item_by_its_id_alone_is_refused(item: dict[str, Any]) -> None:
    with pytest.raises(Invalid, match="by its `id` alone"):
        refuse_references([item])


@pytest.mark.parametrize("item", WHOLE, ids=str)
def test_an_item_that_is_sent_whole_is_taken(item: dict[str, Any]) -> None:
    refuse_references([item])
