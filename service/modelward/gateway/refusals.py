"""How each refusal reads: one table from rule to status, type and code (spec section 10)."""

from dataclasses import dataclass

import orjson

from modelward.contract import Reason
from modelward.errors import Refused
from modelward.gateway.headers import Header


@dataclass(frozen=True, slots=True)
class Form:
    """The status and OpenAI's error fields of one kind of refusal; an empty `code` is the status."""

    status: int
    kind: str
    param: str | None = None
    code: str = ""


_AUTH_401 = Form(401, "auth_error")
_AUTH_403 = Form(403, "auth_error")
_INVALID = Form(400, "invalid_request_error")
_KEY = Form(403, "key_model_access_denied", "model")
_TEAM = Form(403, "team_model_access_denied", "model")
_ORG = Form(403, "org_model_access_denied", "model")

REFUSALS: dict[str, Form] = {
    "proxy_routes": _AUTH_403,
    "well_formed": _INVALID,
    "token_form": _AUTH_403,
    "token_client": _AUTH_403,
    "token_role": _AUTH_403,
    "token_admin_routes": _AUTH_401,
    "token_team_header": _AUTH_403,
    "token_team_claim": _AUTH_401,
    "token_team_exists": Form(404, "auth_error"),
    "token_team_choice": _AUTH_403,
    "token_team_routes": _AUTH_403,
    "token_email": _AUTH_403,
    "token_user": _AUTH_401,
    "token_mapped": _AUTH_403,
    "admin_only": _AUTH_401,
    "key_active": _AUTH_401,
    "key_model_access": _KEY,
    "key_expiry": Form(401, "expired_key"),
    "key_routes": _AUTH_403,
    "team_exists": Form(404, "auth_error"),
    "team_active": _AUTH_401,
    "team_model_access": _TEAM,
    "listing_team": _AUTH_403,
    "member_model_access": _TEAM,
    "user_active": _AUTH_401,
    "user_role": _AUTH_403,
    "user_default_models": _KEY,
    "user_model_access": Form(403, "user_model_access_denied", "model"),
    "user_team_models": _KEY,
    "customer_active": _AUTH_401,
    "customer_model_access": Form(403, "customer_model_access_denied", "model"),
    "project_exists": _AUTH_403,
    "project_active": _AUTH_401,
    "project_model_access": Form(403, "project_model_access_denied", "model"),
    "org_exists": _AUTH_403,
    "org_model_access": _ORG,
    "team_org_model_access": _ORG,
    "role_model_access": _AUTH_403,
    "role_routes": _AUTH_403,
    "scope_model_access": _AUTH_403,
    "no_grant": _KEY,
    "names_agree": _INVALID,
    "model_known": Form(400, "invalid_request_error", "model", "model_not_found"),
}
UNAVAILABLE = Form(503, "decision_unavailable")


@dataclass(frozen=True, slots=True)
class Refusal:
    """A refusal ready to send."""

    form: Form
    message: str

    @property
    def headers(self) -> list[Header]:
        """Its headers, without a length and without the decision's id."""
        retry: list[Header] = [(b"x-should-retry", b"false")] if self.form.status >= 500 else []
        return [(b"content-type", b"application/json"), *retry]

    def body(self, decision_id: str) -> bytes:
        """The body in OpenAI's form; the message carries the decision's id (E1, E3)."""
        error = {
            "message": f"{self.message} (decision {decision_id})",
            "type": self.form.kind,
            "param": self.form.param,
            "code": self.form.code or str(self.form.status),
        }
        return orjson.dumps({"error": error})


def of_reason(reason: Reason) -> Refusal:
    """The refusal for a decision's first reason. A rule of one's own is a 403 of type `<rule>_denied`."""
    form = REFUSALS.get(reason.rule) or Form(403, f"{reason.rule}_denied", "model")
    return Refusal(form, reason.message)


def of_error(error: Refused) -> Refusal:
    """The refusal for a request that is refused before or beside a decision."""
    return Refusal(Form(error.status, error.kind), str(error))


def unavailable() -> Refusal:
    """No decision can be had (E4)."""
    return Refusal(UNAVAILABLE, "no decision could be made, so nothing was forwarded; try again later")
