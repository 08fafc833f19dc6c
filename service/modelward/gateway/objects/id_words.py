"""The words under which requests name objects, and those that would name one that cannot be bound to anybody."""

from collections.abc import Mapping

from modelward.contract import ObjectKind
from modelward.gateway.routes import Dialect

KINDS: Mapping[str, ObjectKind] = {
    "assistant_id": "assistant",
    "comparison_response_id": "response",
    "container": "container",
    "container_id": "container",
    "conversation": "conversation",
    "conversation_id": "conversation",
    "eval_id": "eval",
    "file_id": "file",
    "file_ids": "file",
    "input_file_id": "file",
    "previous_response_id": "response",
    "response_id": "response",
    "thread_id": "thread",
    "training_file": "file",
    "validation_file": "file",
    "vector_store_id": "vector_store",
    "vector_store_ids": "vector_store",
    "video_id": "video",
}
"""Fields that hold an id, or a list of them."""

HOLDERS: Mapping[str, ObjectKind] = {"container": "container", "conversation": "conversation", "video": "video"}
"""Fields that hold an object with an `id`."""

FILE_SOURCE = "source", "file_id"
"""A field whose object of this type holds the `id` of a file."""

OF_A_CONTAINER = "container_file_citation"
"""An object of this type names a file inside the container that it names too."""

NEVER: Mapping[str, str] = {
    "cachedContent": "cached content belongs to nobody here; send the content itself",
    "cached_content": "cached content belongs to nobody here; send the content itself",
    "previous_message_id": "messages kept at the provider belong to nobody here; send the whole conversation",
}
"""Fields that name what has no owner, and what to do."""

STORED: Mapping[str, frozenset[str]] = {
    "data_source_config": frozenset({"logs", "stored_completions"}),
    "source": frozenset({"logs", "responses", "stored_completions"}),
}
"""Of an eval: by field, the types that read what other callers stored."""

LOCATION = "s3Location"
"""At Bedrock: a bucket that it reads with the credential of the deployment."""

BUCKETS = frozenset({LOCATION, "s3Uri", "uri"})
"""At Bedrock: fields that tell of one."""

MODEL_ID = "modelId"
"""At Bedrock: a model that no place of the table tells of."""

ITEMS = frozenset({"input", "item", "items"})
"""Of responses and conversations: items that may stand for one kept at the upstream."""

PURPOSE = "purpose"
"""What a file is for."""

CHOSEN_ID = "request_id"
"""An id that the client chooses for what it makes, as vLLM takes it."""

OPAQUE: Mapping[Dialect, frozenset[str]] = {
    "bedrock": frozenset({"json"}),
    "google": frozenset({"args", "response"}),
    "vertex": frozenset({"args", "response"}),
}
"""Fields with what a tool takes or gives, for the model alone to read: no id there is an object's."""

TOOL_CALLS = frozenset({"mcp_tool_use", "server_tool_use", "tool_use"})
"""At Anthropic, and where its models are served: types of objects whose `input` is such a field."""
