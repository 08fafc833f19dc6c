"""How long a secret lives that a call mints: whoever holds it calls the upstream itself, and no rule is asked again.

OpenAI takes 10 to 7,200 seconds, and 600 where none are given. A session once begun outlives its secret.
"""

from modelward.contract import JsonObject

LONGEST_SECONDS = 60
"""The longest life that is asked for."""


def with_brief_secret(body: JsonObject, where: str) -> JsonObject:
    """A new body that asks, at `where` (`expires_after`, `client_secret.expires_after`), for at most `LONGEST_SECONDS`.

    A shorter life is kept; what is of no known shape counts as nothing.
    """
    field, _, rest = where.partition(".")
    value = body.get(field)
    inner: JsonObject = value if isinstance(value, dict) else {}
    return body | {field: with_brief_secret(inner, rest) if rest else _brief(inner.get("seconds"))}


def _brief(seconds: object) -> JsonObject:
    kept = min(seconds, LONGEST_SECONDS) if type(seconds) is int else LONGEST_SECONDS
    return {"anchor": "created_at", "seconds": kept}
