"""The issuers that a service trusts: those of the config, or the one of the environment (R1)."""

from dataclasses import replace

from pydantic_core import PydanticCustomError

from modelward.config.claim_fields import claim_paths
from modelward.config.issuers import DEFAULT_KEY_SECONDS, check_key_url, issuer_of
from modelward.config.references import PREFIX, Environment
from modelward.config.report import Report
from modelward.config.sections import Sections
from modelward.config.token_auth import TokenAuth
from modelward.config.values import Path
from modelward.contract import Issuer

KEY_URL, AUDIENCE, ISSUER = "JWT_PUBLIC_KEY_URL", "JWT_AUDIENCE", "JWT_ISSUER"

_SWITCH: Path = ("general_settings", "enable_jwt_auth")


def trusted_issuers(sections: Sections, environment: Environment, report: Report) -> tuple[Issuer, ...]:
    """Whose tokens are trusted, none where JWT auth is off. Where credentials are not resolved, nothing is served: then
    the addresses of keys are left out, and need not be there."""
    if not sections.general.enable_jwt_auth:
        return ()
    auth = sections.general.token_auth
    seconds = auth.public_key_ttl or DEFAULT_KEY_SECONDS
    variables = _Variables(environment, report)
    if environment.keeps_credentials:
        return _without_keys(auth, seconds, variables)
    if auth.issuers:
        variables.warn_of_unused()
        return tuple(issuer_of(item, auth, seconds) for item in auth.issuers)
    audiences, name = variables.audiences(), variables.one(ISSUER)
    return (Issuer(variables.key_urls(), name, audiences, claim_paths(auth), seconds),)


def _without_keys(auth: TokenAuth, seconds: float, variables: "_Variables") -> tuple[Issuer, ...]:
    if not auth.issuers:
        return (Issuer((), variables.value(PREFIX + ISSUER), paths=claim_paths(auth), key_seconds=seconds),)
    found = ((issuer_of(item, auth, seconds), variables.value(item.issuer)) for item in auth.issuers)
    return tuple(replace(issuer, key_urls=(), name=name) for issuer, name in found)


class _Variables:
    def __init__(self, environment: Environment, report: Report) -> None:
        self._environment = environment
        self._report = report

    def key_urls(self) -> tuple[str, ...]:
        urls = self._parts(KEY_URL)
        if urls is None:
            self._problem(f"needs `{KEY_URL}` in the environment, or `issuers` under `litellm_jwtauth`")
        for url in urls or ():
            try:
                check_key_url(url)
            except PydanticCustomError as error:
                self._problem(f"an address in `{KEY_URL}` {error.message()}")
        return urls or ()

    def audiences(self) -> tuple[str, ...]:
        audiences = self._parts(AUDIENCE)
        if audiences is None:
            message = f"`{AUDIENCE}` is not set: tokens that were issued for other services are trusted too"
            self._report.warning(_SWITCH, message)
        return audiences or ()

    def one(self, name: str) -> str | None:
        value = self.value(PREFIX + name)
        if value is not None and not value.strip(" ,"):
            self._problem(f"`{name}` in the environment is empty; set it to a text, or unset it")
        return value

    def warn_of_unused(self) -> None:
        for name in (KEY_URL, AUDIENCE, ISSUER):
            if self.value(PREFIX + name) is not None:
                message = f"`{name}` is not used, as `issuers` are listed: tokens of other issuers are refused"
                self._report.warning(_SWITCH, message)

    def _parts(self, name: str) -> tuple[str, ...] | None:
        value = self.one(name)
        if value is None:
            return None
        return tuple(part for part in map(str.strip, value.split(",")) if part)

    def value(self, text: str) -> str | None:
        """The text, or what it refers to; `None` if that variable is not set, or unfit, which is a problem."""
        try:
            return self._environment.find(text)
        except PydanticCustomError as error:
            self._problem(error.message())
            return None

    def _problem(self, message: str) -> None:
        self._report.problem(_SWITCH, f"`enable_jwt_auth`: {message}")
