"""Which providers a bare model name belongs to (C4).

The published names are those of LiteLLM's model map; `tools/published_models.py` writes them anew.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

import orjson

# What may follow a published name: one date, as providers write it, or one of two words.
_SUFFIX = re.compile(
    r"-(?:latest|preview|20[0-9]{2}-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12][0-9]|3[01])"
    r"|(?:20[0-9]{2})?(?:0[1-9]|1[0-2])(?:0[1-9]|[12][0-9]|3[01])|(?:0[1-9]|1[0-2])-20[0-9]{2})\Z"
)
_FINE_TUNED = "ft:"


@dataclass(frozen=True, slots=True)
class PublishedNames:
    """`published` maps bare names to the providers that publish them."""

    published: Mapping[str, tuple[str, ...]]

    def of(self, name: str) -> tuple[str, ...]:
        """The providers of a bare name, the one that LiteLLM calls first; none for a name that nobody publishes."""
        return next((self.published[base] for base in _bases(name) if base in self.published), ())


@cache
def published_names() -> PublishedNames:
    """The table in `published_models.json`."""
    rows = orjson.loads(files(__package__).joinpath("published_models.json").read_bytes())["names"]
    return PublishedNames({name: tuple(owners.split(" ")) for owners, names in rows.items() for name in names})


def _bases(name: str) -> Iterator[str]:
    """The name and what it may be made from: without a suffix, and fine-tuned from (C4)."""
    yield name
    yield _SUFFIX.sub("", name, count=1)
    if name.startswith(_FINE_TUNED):
        base = name.removeprefix(_FINE_TUNED).partition(":")[0]
        yield base
        yield _SUFFIX.sub("", base, count=1)
