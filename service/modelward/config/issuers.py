"""Who issues the tokens that are trusted: one item of `litellm_jwtauth.issuers` (R1)."""

from typing import Annotated, Any
from urllib.parse import urlsplit

from pydantic import AfterValidator, BeforeValidator, Field, model_validator
from pydantic_core import PydanticCustomError

from modelward.config.claim_fields import ClaimFields, claim_paths
from modelward.config.fields import ServiceText, Switch
from modelward.config.references import PREFIX
from modelward.contract import Issuer

DEFAULT_KEY_SECONDS = 600.0

_DISCOVERY = "/.well-known/openid-configuration"


def check_key_url(url: str) -> str:
    """The address of a set of public keys (JWKS), or a PydanticCustomError."""
    if url.startswith(PREFIX):
        return url
    try:
        parts = urlsplit(url)
        usable = parts.scheme in ("http", "https") and bool(parts.hostname)
    except ValueError:
        usable = False
    if not usable:
        raise PydanticCustomError("bad_key_url", "must be an address that begins with `https://` or `http://`")
    if parts.path.rstrip("/").endswith(_DISCOVERY):
        raise PydanticCustomError(
            "discovery_url", "is a discovery document, which is not read; write the address that it names as `jwks_uri`"
        )
    return url


def _filled(value: str) -> str:
    if not value.strip():
        raise PydanticCustomError("empty_text", "must not be empty")
    return value


def _as_list(value: Any) -> Any:
    if value is None:
        return []
    return [value] if isinstance(value, str) else value


Filled = Annotated[ServiceText, AfterValidator(_filled)]
KeyUrl = Annotated[ServiceText, AfterValidator(check_key_url)]
Audiences = Annotated[list[Filled], BeforeValidator(_as_list), Field(default_factory=list)]


class IssuerItem(ClaimFields):
    """One issuer; its claim fields count before the common ones. `public_key_url` is another name of `jwks_url`."""

    issuer: Filled
    jwks_url: KeyUrl | None = None
    public_key_url: KeyUrl | None = None
    audience: Audiences
    disable_audience_validation: Switch = False

    @model_validator(mode="after")
    def _has_keys(self) -> "IssuerItem":
        if self.jwks_url is None and self.public_key_url is None:
            raise PydanticCustomError(
                "no_keys", "needs `jwks_url`, the address of its public keys: discovery documents are not read"
            )
        return self

    @model_validator(mode="after")
    def _decides_on_audience(self) -> "IssuerItem":
        if bool(self.audience) == self.disable_audience_validation:
            raise PydanticCustomError(
                "audience", "needs `audience` or `disable_audience_validation: true`, and not both"
            )
        return self


def issuer_of(item: IssuerItem, common: ClaimFields, key_seconds: float) -> Issuer:
    """The issuer that the item describes; `common` are the claim fields of all issuers."""
    url = item.jwks_url or item.public_key_url or ""
    return Issuer((url,), item.issuer, tuple(item.audience), claim_paths(item, common), key_seconds)
