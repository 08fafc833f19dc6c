"""A client's own text, as a message or a line of the log shows it: short, on one line, and no key (K4)."""

import re

_LONGEST = 100
_KEY = "sk-"
_MASKED = "sk-..."
_UNSHOWN = re.compile("[\x00-\x1f\x7f`\ud800-\udfff]")


def shortened(text: str, longest: int = _LONGEST) -> str:
    """At most `longest` characters of it, those left out told by dots."""
    kept = text if len(text) <= longest else f"{text[: longest - 3]}..."
    return _UNSHOWN.sub("?", kept)


def masked(name: str) -> str:
    """A name without what looks like a key in it: any part between slashes that begins as keys do."""
    if _KEY not in name:
        return name
    return "/".join(_MASKED if part.startswith(_KEY) else part for part in name.split("/"))
