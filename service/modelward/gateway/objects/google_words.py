"""What bodies at Google may not hold; each word in both spellings of proto's JSON, `fileUri` and `file_uri`."""

import re
from collections.abc import Iterable, Mapping

_UPPER = re.compile(r"(?=[A-Z])")


def _spelled(words: Iterable[str]) -> frozenset[str]:
    """Each word, and the same with underscores."""
    return frozenset(spelling for word in words for spelling in (word, _UPPER.sub("_", word).lower()))


def _each(table: Mapping[frozenset[str], str]) -> Mapping[str, str]:
    return {word: told for words, told in table.items() for word in words}


_NOT_JUDGED = "the model that it would choose is not judged; name the model in the path alone"
_NOBODYS = "what lies at Google belongs to nobody here; send the content itself"

FILES = _spelled({"fileUri", "gcsUri", "storageUri", "outputGcsUri", "outputUri", "outputUriPrefix"})
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

HOLDERS: Mapping[str, tuple[frozenset[str], str]] = {
    **dict.fromkeys(_spelled({"routingConfig"}), (_ROUTED, _NOT_JUDGED)),
    "retrieval": (_SEARCHED, _NOBODYS),
}
"""Fields whose object may not hold such ones, and why."""

TELLING = frozenset({*FILES, *ADDRESSES, *VALUES, *HOLDERS})
"""All of these words."""
