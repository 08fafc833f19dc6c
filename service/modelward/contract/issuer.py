"""Whose tokens are trusted, and where their claims lie; not shared with Rego."""

from dataclasses import dataclass, field


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
    """One source of tokens (R1). `key_urls` are JWKS addresses; `name` is the `iss` that its tokens bear, `None` for
    any; `audiences` those that may be named in `aud`, empty for any."""

    key_urls: tuple[str, ...]
    name: str | None = None
    audiences: tuple[str, ...] = ()
    paths: ClaimPaths = field(default_factory=ClaimPaths)
    key_seconds: float = 600.0
