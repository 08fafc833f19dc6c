"""Which settings of a deployment are credentials, and which of them stand in clear in a file to build from (K4)."""

import re
from collections.abc import Callable, Mapping
from typing import Any

from modelward.config.values import Path

_SECRET = re.compile(r"(?:^|_)(?:key|secret|token|password|credentials)$")
_REFERENCES = ("os.environ/", "oidc/")


def is_secret(setting: str) -> bool:
    """Whether a setting of `litellm_params` holds a credential."""
    return _SECRET.search(setting) is not None


_HOLDERS = (("model_list", "litellm_params"), ("credential_list", "credential_values"))


def report_literals(document: Mapping[str, Any], say: Callable[[Path, str], None]) -> None:
    """Say where a credential stands in clear under `litellm_params` and `credential_values`."""
    for section, holder in _HOLDERS:
        items = document.get(section)
        for index, item in enumerate(items if isinstance(items, list) else []):
            values = item.get(holder) if isinstance(item, dict) else None
            for name, value in values.items() if isinstance(values, dict) else ():
                if is_secret(name) and _is_literal(name, value):
                    say(
                        (section, index, holder, name),
                        f"`{name}` is a secret in clear; write `os.environ/NAME` and set that variable for the service",
                    )


def _is_literal(name: str, value: Any) -> bool:
    if name.endswith("credentials") and isinstance(value, str) and not value.lstrip().startswith("{"):
        return False  # the path of a file
    return bool(value) and not (isinstance(value, str) and value.startswith(_REFERENCES))
