"""Where a model is served, what stands in for it, and whose tokens are trusted; not shared with Rego."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Deployment:
    """One place a model is served at. Never part of a bundle: `api_key` is the resolved secret (K4).

    `organization` is the one at the upstream that pays. Those of the lowest `order` are tried first, those without one
    last. `model` is the upstream's own name; for a wildcard deployment it may hold `*`, filled from the name asked for.
    Times are seconds.
    """

    id: str
    entry: str
    provider: str
    model: str
    api_key: str | None = field(default=None, repr=False)
    api_base: str | None = None
    api_version: str | None = None
    organization: str | None = None
    mock_response: str | None = None
    weight: float = 1.0
    order: int | None = None
    timeout: float | None = None
    groups: tuple[str, ...] = ()
    team_id: str | None = None


Targets = Mapping[str, Sequence[str]]


@dataclass(frozen=True, slots=True)
class Fallbacks:
    """The config's fallbacks (F2), each a model's name, or `*` for every other, with its targets in order.

    `general` answer all other failures, `context_window` a request that is too long for the model, `content_policy`
    one that the upstream refuses for its content.
    """

    general: Targets = field(default_factory=dict)
    context_window: Targets = field(default_factory=dict)
    content_policy: Targets = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class ClaimPaths:
    """Where each fact lies in a token's claims: a claim's name, or a dotted path (R2); `None` where it is not read.
    `key` is the claim that may be mapped to a virtual key (R9); `team_id_default` stands in for a team claim (R7)."""

    team_id: str | None = None
    team_id_default: str | None = None
    team_alias: str | None = None
    team_ids: str | None = None
    user_id: str | None = None
    email: str | None = None
    user_roles: str | None = None
    roles: str | None = None
    object_id: str | None = None
    organization_id: str | None = None
    key: str | None = None


@dataclass(frozen=True, slots=True)
class Issuer:
    """One source of tokens (R1). `key_urls` are JWKS addresses; `name` is the `iss` that its tokens have, `None` for
    any; `audiences` those that may be named in `aud`, empty for any."""

    key_urls: tuple[str, ...]
    name: str | None = None
    audiences: tuple[str, ...] = ()
    paths: ClaimPaths = field(default_factory=ClaimPaths)
    key_seconds: float = 600.0


FAMILIES = {
    "claude": "anthropic",
    "mistral": "mistralai",
    "codestral": "mistralai",
    "jamba": "ai21",
    "llama": "meta",
    "meta": "meta",
}
GOOGLE = "google"

_OWN = ("publishers/", "/models/")


def family_pattern(word: str) -> str:
    """Names of a family, as an expression: its word, then nothing or what is no letter."""
    return f"^{word}(?:[^A-Za-z].*)?$"


def publisher_and_model(name: str) -> tuple[str, str]:
    """The publisher of an upstream's model, and the model there.

    The name may tell both, as `publishers/x/models/y` or as `x/y`; else its family tells the publisher, and what is of
    no known family is Google's.
    """
    before, between = _OWN
    publisher, own, model = name.removeprefix(before).partition(between)
    if own and name.startswith(before):
        return publisher, model
    publisher, slash, model = name.partition("/")
    if slash:
        return publisher, model
    return next((whose for word, whose in FAMILIES.items() if _is_of(word, name)), GOOGLE), name


def _is_of(word: str, name: str) -> bool:
    after = name.removeprefix(word)[:1]
    return name.startswith(word) and not (after.isascii() and after.isalpha())
