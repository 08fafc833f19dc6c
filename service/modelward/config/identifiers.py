"""The ids of deployments: the config's own, or made from what the file says."""

import hashlib
import json
from collections import Counter
from collections.abc import Iterable, Mapping
from typing import Any

from modelward.config.secrets import is_secret


def fingerprints(items: Iterable[Mapping[str, Any]]) -> list[str]:
    """An id for each item of `model_list`: 32 hex digits, and `-2`, `-3` ... for items that say the same.

    It is made from the text of the file, not from the environment, and not from credentials or access groups: the
    bundle built in one place and the service that runs in another agree on it, and no secret has a part in it.
    """
    seen: Counter[str] = Counter()
    result = []
    for item in items:
        digest = _digest(item)
        seen[digest] += 1
        result.append(digest if seen[digest] == 1 else f"{digest}-{seen[digest]}")
    return result


def _digest(item: Mapping[str, Any]) -> str:
    params = {name: value for name, value in _map(item.get("litellm_params")).items() if not is_secret(name)}
    said = [item.get("model_name"), _map(item.get("model_info")).get("team_id"), params]
    return hashlib.sha256(json.dumps(said, sort_keys=True).encode()).hexdigest()[:32]


def _map(value: Any) -> Mapping[str, Any]:
    return value if isinstance(value, Mapping) else {}
