"""How each refusal reads: one table from rule to status, type and code (spec section 10)."""

from dataclasses import dataclass

import orjson

from modelward.contract import Reason
from modelward.errors import Refused
from modelward.gateway.error_body import ErrorFields, error_body
from modelward.gateway.error_forms import ErrorForm
from modelward.gateway.headers import Header

_AUTH_401 = ErrorFields(401, "auth_error")
_AUTH_403 = ErrorFields(403, "auth_error")
_INVALID = ErrorFields(400, "invalid_request_error")
_KEY = ErrorFields(403, "key_model_access_denied", "model")
_TEAM = ErrorFields(403, "team_model_access_denied", "model")
_ORG = ErrorFields(403, "org_model_access_denied", "model")

REFUSALS: dict[str, ErrorFields] = {
    "rule_malformed": _AUTH_403,
    "proxy_routes": _AUTH_403,
    "well_formed": _INVALID,
    "token_form": _AUTH_403,
    "token_client": _AUTH_403,
    "token_role": _AUTH_403,
    "token_admin_routes": _AUTH_401,
    "token_team_header": _AUTH_403,
    "token_team_claim": _AUTH_401,
    "token_team_exists": ErrorFields(404, "auth_error"),
    "token_team_choice": _AUTH_403,
    "token_team_routes": _AUTH_403,
    "token_email": _AUTH_403,
    "token_user": _AUTH_401,
    "token_mapped": _AUTH_403,
    "admin_only": _AUTH_401,
    "key_active": _AUTH_401,
    "key_model_access": _KEY,
    "key_expiry": ErrorFields(401, "expired_key"),
    "key_routes": _AUTH_403,
    "team_exists": ErrorFields(404, "auth_error"),
    "team_active": _AUTH_401,
    "team_model_access": _TEAM,
    "listing_team": _AUTH_403,
    "member_model_access": _TEAM,
    "user_active": _AUTH_401,
    "user_role": _AUTH_403,
    "user_default_models": _KEY,
    "user_model_access": ErrorFields(403, "user_model_access_denied", "model"),
    "user_team_models": _KEY,
    "customer_active": _AUTH_401,
    "customer_model_access": ErrorFields(403, "customer_model_access_denied", "model"),
    "project_exists": _AUTH_403,
    "project_active": _AUTH_401,
    "project_model_access": ErrorFields(403, "project_model_access_denied", "model"),
    "org_exists": _AUTH_403,
    "org_model_access": _ORG,
    "team_org_model_access": _ORG,
    "role_model_access": _AUTH_403,
    "role_routes": _AUTH_403,
    "scope_model_access": _AUTH_403,
    "no_grant": _KEY,
    "names_agree": _INVALID,
    "model_known": ErrorFields(400, "invalid_request_error", "model", "model_not_found"),
    "provider_not_spoken": ErrorFields(501, "provider_not_spoken", "model"),
    "provider_not_configured": ErrorFields(503, "provider_not_configured", "model"),
}
UNAVAILABLE = ErrorFields(503, "decision_unavailable")
OVERLOADED = ErrorFields(503, "overloaded")
_RETRY_SECONDS = 1


@dataclass(frozen=True, slots=True)
class Refusal:
    """A refusal ready to send; `may_retry` is true where the client's own retry is welcome, a little later (E4)."""

    fields: ErrorFields
    message: str
    may_retry: bool = False

    @property
    def headers(self) -> list[Header]:
        """Its headers in every form, without a length and without the decision's id."""
        retry: list[Header] = []
        if self.may_retry:
            retry = [(b"x-should-retry", b"true"), (b"retry-after", b"%d" % _RETRY_SECONDS)]
        elif self.fields.status >= 500:
            retry = [(b"x-should-retry", b"false")]
        return [(b"content-type", b"application/json"), *retry]

    def body(self, decision_id: str, form: ErrorForm) -> bytes:
        """The body in the client's form; the message carries the decision's id (E1, E3)."""
        message = f"{self.message} (decision {decision_id})"
        return orjson.dumps(error_body(self.fields, message, form, decision_id))


def of_reason(reason: Reason) -> Refusal:
    """The refusal for a decision's first reason. A rule of one's own is a 403 of type `<rule>_denied`."""
    fields = REFUSALS.get(reason.rule) or ErrorFields(403, f"{reason.rule}_denied", "model")
    return Refusal(fields, reason.message)


def of_error(error: Refused) -> Refusal:
    """The refusal for a request that is refused before or beside a decision."""
    return Refusal(ErrorFields(error.status, error.kind), str(error))


def unavailable() -> Refusal:
    """No decision can be had (E4)."""
    return Refusal(UNAVAILABLE, "no decision could be made, so nothing was forwarded; try again later")


def overloaded() -> Refusal:
    """Too many wait for a decision: this request was shed before it was asked about (E4)."""
    message = "too many requests wait for a decision just now, so nothing was forwarded; try again in a second"
    return Refusal(OVERLOADED, message, may_retry=True)
