"""The words under which requests name objects, and those that would name one that cannot be bound."""

import re
from collections.abc import Iterable, Mapping
from functools import lru_cache

from modelward.contract import JsonObject, ObjectKind
from modelward.errors import Invalid
from modelward.providers import Dialect

_UPPER = re.compile(r"(?=[A-Z])")


def _spelled(words: Iterable[str]) -> frozenset[str]:
    """Each word, and the same with underscores."""
    return frozenset(spelling for word in words for spelling in (word, _UPPER.sub("_", word).lower()))


def _each(table: Mapping[frozenset[str], str]) -> Mapping[str, str]:
    return {word: told for words, told in table.items() for word in words}


_NOT_JUDGED = "the model that it would choose is not judged; name the model in the path alone"
_NOBODYS = "what lies at Google belongs to nobody here; send the content itself"

GOOGLE_FILES = _spelled({"fileUri", "gcsUri", "storageUri", "outputGcsUri", "outputUri", "outputUriPrefix"})
"""Addresses that Google reads or writes with the credential of the deployment, unless they are public."""

ADDRESSES = _spelled({"uri", "uris", "inputUri", "videoUri", "imageUri", "downloadUri"})
"""Addresses, lists of them too, that may also be told of the past."""

VALUES = _each(
    {
        _spelled({"modelName", "modelRoutingPreference", "featureSelectionPreference"}): _NOT_JUDGED,
        _spelled({"fileSearchStoreNames", "ragResources", "ragCorpora", "ragCorpus", "ragFileIds"}): _NOBODYS,
    }
)
"""Fields that may not hold a text, a number or a list, and why. An object there describes a tool's own field."""

_SEARCHED = _spelled({"vertexAiSearch", "vertexRagStore", "externalApi"})
_ROUTED = _spelled({"autoMode", "manualMode"})

GOOGLE_HOLDERS: Mapping[str, tuple[frozenset[str], str]] = {
    **dict.fromkeys(_spelled({"routingConfig"}), (_ROUTED, _NOT_JUDGED)),
    "retrieval": (_SEARCHED, _NOBODYS),
}
"""Fields whose object may not hold such ones, and why."""

TELLING = frozenset({*GOOGLE_FILES, *ADDRESSES, *VALUES, *GOOGLE_HOLDERS})
"""All of these words."""


_BY_ID: Mapping[str, ObjectKind] = {
    "assistant_id": "assistant",
    "batch_id": "batch",
    "container_id": "container",
    "conversation_id": "conversation",
    "eval_id": "eval",
    "file_id": "file",
    "fine_tuning_job_id": "fine_tuning_job",
    "message_batch_id": "message_batch",
    "response_id": "response",
    "thread_id": "thread",
    "upload_id": "upload",
    "vector_store_id": "vector_store",
    "video_id": "video",
}
"""Fields that hold an id, with an `s` a list of them; words may stand before: `input_file_id`, `mask_file_ids`."""

FILES: Mapping[str, ObjectKind] = {"training_file": "file", "validation_file": "file"}
"""Further fields that hold an id."""

HOLDERS: Mapping[str, ObjectKind] = {
    "container": "container",
    "conversation": "conversation",
    "file": "file",
    "source": "file",
    "video": "video",
}
"""Fields that hold an object with an `id`."""

TEXTS = frozenset({"container", "conversation", "video"})
"""Those of them that may hold the id itself."""

KINDS: Mapping[str, ObjectKind] = {
    **_BY_ID,
    **{f"{word}s": kind for word, kind in _BY_ID.items()},
    **FILES,
}
"""Fields that hold an id, or a list of them."""

SCHEMAS = frozenset({"properties", "patternProperties", "$defs", "definitions", "parameter_definitions"})
"""Fields of a JSON schema: an object that stands in one under the name of a field describes that field."""

ITEM_IDS = frozenset({"approval_request_id", "item_id", "item_ids", "previous_item_id"})
"""Of responses and conversations: fields that hold the id of an item."""

ITEMS = frozenset({"input", "item", "items"})
"""Of responses and conversations: fields that hold items, which may stand for one kept at the upstream."""

NEVER: Mapping[str, str] = {
    "cached_content": "cached content belongs to nobody here; send the content itself",
    "previous_message_id": "messages kept at the provider belong to nobody here; send the whole conversation",
}
"""Fields that name what has no owner, and what to do."""

SOURCES: Mapping[str, frozenset[str]] = {
    "data_source_config": frozenset({"custom"}),
    "source": frozenset({"file_content", "file_id"}),
}
"""Of an eval: by field, the types that read nothing that other callers stored."""

LOCATION = "s3_location"
"""At Bedrock: a bucket that it reads with the credential of the deployment."""

BUCKETS = frozenset({LOCATION, "s3_uri", "uri"})
"""At Bedrock: fields that tell of one."""

MODEL_ID = "model_id"
"""At Bedrock: a model that no place of the table tells of."""

PURPOSE = "purpose"
"""What a file is for."""

CHOSEN_ID = "request_id"
"""An id that the client chooses for what it makes, as vLLM takes it."""

_INPUT = ("content", "input")
_OF_GOOGLE = frozenset(
    {
        *(("functionCall", "args"), ("function_call", "args")),
        *(("functionResponse", "response"), ("function_response", "response")),
    }
)

OPAQUE: Mapping[Dialect, frozenset[tuple[str, str]]] = {
    "anthropic": frozenset({_INPUT}),
    "bedrock": frozenset({_INPUT, ("toolUse", "input"), ("content", "json"), ("inputSchema", "json")}),
    "google": _OF_GOOGLE,
    "vertex": _OF_GOOGLE | {_INPUT},
}
"""Fields, each below another, with what a tool takes or gives, for the model alone to read: no id there is an
object's."""

_ID = "id"
_LONGEST = 100
_HUMP = re.compile(r"(?<=[a-z0-9])(?=[A-Z])|[^A-Za-z0-9$]+")
_BETWEEN_WORDS = re.compile(r"[^a-z0-9$]+")
_OF_AN_ADDRESS = frozenset({"audio_url", "document_url", "file_url", "image_url", "url", "video_url"})
_KNOWN = frozenset(
    {*KINDS, *HOLDERS, *NEVER, *SOURCES, *BUCKETS, *ITEM_IDS, *_OF_AN_ADDRESS, MODEL_ID, PURPOSE, CHOSEN_ID, "audio"}
)
_TOGETHER = {word.replace("_", ""): word for word in _KNOWN}
_ENDS = tuple(f"_{end}" for end in KINDS)


@lru_cache(maxsize=8_192)
def word_of(field: str) -> str:
    """A field's name in small letters, its words with `_` between them: an upstream may read it in any spelling.

    A capital begins a word, unless the name tells of an object only where capitals mean nothing, as in `fIle_id`.
    """
    end = field[-_LONGEST:]
    spellings = _HUMP.sub("_", end).lower(), _BETWEEN_WORDS.sub("_", end.casefold())
    words = [_TOGETHER.get(spelling, spelling) for spelling in dict.fromkeys(spellings)]
    return next((word for word in words if word in _KNOWN or kind_of(word) is not None), words[0])


@lru_cache(maxsize=8_192)
def kind_of(word: str) -> ObjectKind | None:
    """Of which kind the objects are whose ids a field holds that is called so; `None` where it holds no ids."""
    if word in KINDS:
        return KINDS[word]
    if not word.endswith(_ENDS):
        return None
    return next((kind for end, kind in KINDS.items() if word.endswith(f"_{end}")), None)


def own_ids(holder: JsonObject, *, but: str = "") -> list[object]:
    """What an object says is its `id`, in whatever letters; `but` is a spelling that is looked at apart."""
    found = (value for key, value in holder.items() if len(key) == len(_ID) and key.lower() == _ID and key != but)
    return [value for value in found if value is not None]


BATCH = "batch"
_PURPOSES = ("assistants", BATCH, "evals", "fine-tune", "user_data", "vision")


def known_purpose(fields: JsonObject) -> str:
    """The purpose of a file, byte for byte one of those that are known. Raises Invalid."""
    purpose = fields.get(PURPOSE)
    if not isinstance(purpose, str) or purpose not in _PURPOSES:
        raise Invalid(f"`{PURPOSE}` must be sent once, as one of {', '.join(f'`{each}`' for each in _PURPOSES)}")
    return purpose
