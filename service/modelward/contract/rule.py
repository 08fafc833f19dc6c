"""A rule of the policies, as its METADATA describes it to the gateway, to explanations and to the docs."""

from typing import Annotated, Any, Literal, get_args

from pydantic import ConfigDict, Field, ValidationInfo, field_validator, model_validator

from modelward.contract.subjects import Contract

RuleFolder = Literal["rules", "token_rules", "verdict"]

RuleRecord = Literal[
    "key", "team", "member", "user", "customer", "project", "organization", "team_organization", "role", "scope"
]

RuleRemedy = Literal[
    "activate",
    "add_admin_route",
    "add_entry",
    "add_key_route",
    "add_models",
    "add_models_to_owner_team",
    "add_personal_models",
    "add_proxy_route",
    "add_role_models",
    "add_role_route",
    "add_scope_models",
    "add_team_route",
    "ask_as_admin",
    "change_role",
    "claim_email",
    "claim_role",
    "claim_team",
    "configure_provider",
    "create_organization",
    "create_project",
    "create_team",
    "create_token_team",
    "create_token_user",
    "drop_team_header",
    "drop_team_id",
    "help_claimed_team",
    "map_client",
    "name_one_model",
    "renew",
    "resend",
    "unblock",
]

_STATUSES = (400, 401, 402, 403, 404, 429, 451)
_STATUSES_OF_THE_VERDICT = (501, 503)

_TEXT = "a text that is not empty"
Text = Annotated[str, Field(min_length=1)]
Numbers = Annotated[list[str], Field(description="a list of numbers of the spec, such as `[L7, A4]`")]


class Rule(Contract):
    """What the METADATA of a rule says: `title`, and under `custom` all from `spec` on.

    `folder` is where the rule is asked: of every caller, of tokens only, or by the verdict where no rule denies.
    `order` is the place among the rules that refuse, lowest first; those without one come last, by name (A4, A6).
    A refusal has `status`, E2's `type`, `param` and `code`; an empty `code` is the status. A rule without a `type` has
    `<name>_denied`, with the `param` `model`. `record` is the record whose list or field it reads, `layer` what
    explanations call this (the record, where it is not given), `remedy` the change that they try, `advice` what a
    caller may do. `alike` says that models which the caller's lists hold alike are judged alike: one decision is asked
    for all of them where many models are asked about.
    """

    model_config = ConfigDict(strict=True)

    name: str
    folder: RuleFolder = "rules"
    title: str = ""
    spec: Numbers = []
    differs: Numbers = []
    order: int | None = Field(None, ge=1, le=9999, description="a whole number from 1 to 9999")
    status: int = Field(403, description=f"one of {', '.join(map(str, _STATUSES))}")
    type: Text = Field("", description=_TEXT)
    param: Text | None = Field(None, description=_TEXT)
    code: str = Field("", description="a text")
    layer: Text = Field("policy", description=_TEXT)
    record: RuleRecord | None = Field(None, description=f"one of {', '.join(get_args(RuleRecord))}")
    remedy: RuleRemedy | None = Field(None, description=f"one of {', '.join(get_args(RuleRemedy))}")
    advice: str = Field("", description="a text")
    alike: bool = Field(False, description="`true` or `false`")

    @model_validator(mode="before")
    @classmethod
    def _with_defaults(cls, given: dict[str, Any]) -> dict[str, Any]:
        kind = {} if "type" in given else {"type": f"{given['name']}_denied", "param": "model"}
        layer = {"layer": given["record"]} if "record" in given else {}
        return {**kind, **layer, **given}

    @field_validator("status")
    @classmethod
    def _is_a_refusal(cls, status: int, info: ValidationInfo) -> int:
        """A rule refuses a request; only the verdict says that the service cannot serve it."""
        if status in _STATUSES or (info.data.get("folder") == "verdict" and status in _STATUSES_OF_THE_VERDICT):
            return status
        raise ValueError(status)
