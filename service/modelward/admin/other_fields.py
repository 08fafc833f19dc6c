"""LiteLLM's fields that decide nothing here: which are kept and shown again, and which are refused.

Budgets, rate limits and the like are kept. A field that would restrict access to models, or that nobody knows, is
refused unless it is empty: a restriction that is not applied must not be accepted. So is one that may hold
credentials, which would be kept in clear and shown to a team's keys. Which is which says the table `config/words.yaml`.
"""

from collections.abc import Iterable, Mapping, Set

from pydantic import JsonValue

from modelward.admin.fields import small, unknown, unsupported
from modelward.config.words import is_set, litellm_words


def kept_with(records: str) -> frozenset[str]:
    """The fields that are kept with records of a kind, such as `keys`."""
    return frozenset(litellm_words().records[f"{records}[]"].kept)


def dropped_from(records: str) -> frozenset[str]:
    """The fields that decide nothing and are not kept: copies of other records, or budgets without a place (L12)."""
    return frozenset(litellm_words().records[f"{records}[]"].dropped)


def kept(
    sent: Mapping[str, JsonValue], keep: Set[str], known: Iterable[str], instead: Mapping[str, str]
) -> dict[str, JsonValue]:
    """The fields to keep out of those that decide nothing; `known` are those that decide, `instead` says what to do in
    place of sending some that are unknown.

    Raises pydantic's error for a field that is refused.
    """
    found: dict[str, JsonValue] = {}
    every = sorted({*keep, *known})
    for name, value in sent.items():
        if name in keep:
            found[name] = value
        elif name not in litellm_words().refused | litellm_words().refused_in_requests:
            raise unknown("field", name, every, instead)
        elif is_set(value):
            raise unsupported(name, every, instead)
    return small(found)
