"""What an admin may ask, and what an explanation says."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Annotated, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, TypeAdapter, ValidationError, field_serializer, model_validator

from modelward.contract import CallerKind, JsonObject, Reason
from modelward.errors import Invalid
from modelward.explain.case import Case

ROUTE = "/v1/chat/completions"
_MOST_MODELS = 100

Text = Annotated[str, Field(min_length=1, max_length=16_384)]


class Question(BaseModel):
    """One question. The caller is a key (in clear text, by hash or by alias), the claims of a token, or a key made up
    for the question, of a team, a user, or a user in a team. Beside claims, `team_id` is what the header
    `x-litellm-team-id` asks for (R7). `route` is a path, or a method and a path."""

    model_config = ConfigDict(strict=True, extra="forbid", frozen=True)

    key: Text | None = Field(None, repr=False)
    team_id: Text | None = None
    user_id: Text | None = None
    claims: JsonObject | None = Field(None, repr=False)
    customer_id: Text | None = None
    model: Text | None = None
    models: Annotated[list[Text], Field(max_length=_MOST_MODELS)] = []
    route: Text = ROUTE

    @model_validator(mode="after")
    def _one_caller(self) -> Self:
        made_up = self.user_id is not None or (self.team_id is not None and self.claims is None)
        if [self.key is not None, self.claims is not None, made_up].count(True) != 1:
            raise ValueError("name one caller: a key, the claims of a token, or a team, a user or both")
        if self.model is not None and self.models:
            raise ValueError("send either `model` or `models`")
        return self


def question(fields: JsonObject) -> Question:
    """The question in a JSON object. Raises Invalid, whose message holds nothing of what was sent."""
    try:
        return Question.model_validate(fields)
    except ValidationError as error:
        problem = error.errors(include_input=False, include_url=False)[0]
        name = ".".join(map(str, problem["loc"]))
        message = problem["msg"].removeprefix("Value error, ")
        message = message[:1].lower() + message[1:]
        raise Invalid(f"`{name}`: {message}" if name in Question.model_fields else message) from None


NOT_JUDGED = "not_judged"
"""Stands for a rule where the question cannot be asked again."""


@dataclass(frozen=True, slots=True)
class CallerShown:
    """Whom the decision was made for; `key` is the hash, `None` for a key made up for the question."""

    kind: CallerKind
    key: str | None = None
    key_alias: str | None = None
    team_id: str | None = None
    user_id: str | None = None
    role: str | None = None


@dataclass(frozen=True, slots=True)
class LayerShown:
    """One rule's part: what covers each model, or the list that does not, and where that list is declared.

    `list` is `None` where the rule holds the models against no list; `place` is `file:line:column`, `database`, or
    `None` where no single record holds the list.
    """

    rule: str
    layer: str
    verdict: Literal["allows", "denies"]
    covered: dict[str, str]
    place: str | None
    messages: list[str]
    list: list[str] | None


@dataclass(frozen=True, slots=True)
class ManagementCall:
    """A call of the management API."""

    method: str
    path: str
    body: JsonObject


Edit = Callable[[Case], Case]


@dataclass(frozen=True, slots=True)
class Change:
    """One change that a denial needs: at a place of the config (`file:line:column`), by a call of the management API,
    or, with neither, by the sender of the request or the issuer of the token. `rule` is what denies, or the error type
    of a credential that is refused before any rule; `edit` is the effect, `None` where it is not known."""

    words: str
    edit: Annotated[Edit | None, Field(exclude=True)] = field(default=None, compare=False)
    place: str | None = None
    call: ManagementCall | None = None
    rule: str = ""
    layer: str = "credential"


class LoggedCaller(BaseModel):
    """Who asked: the key by its hash, the team and the user by id."""

    model_config = ConfigDict(extra="allow", frozen=True)

    kind: str
    key: str | None = None
    team: str | None = None
    user: str | None = None


class Logged(BaseModel):
    """One decision as it was logged; fields that are not needed here are left aside. `skipped_fallbacks` are the models
    that the request could not fall back to, each with the rule that refused it (F2). `differs` says whether the request
    is answered otherwise now; it is `None` if the log does not say enough to ask again."""

    model_config = ConfigDict(extra="ignore", frozen=True)

    id: str
    time: datetime
    method: str = Field(exclude=True)
    path: str = Field(exclude=True)
    models: list[str] = []
    caller: LoggedCaller | None = None
    customer: str | None = Field(None, exclude=True)
    allow: bool
    reasons: list[Reason] = []
    grants: dict[str, dict[str, str]] = {}
    revision: str = ""
    error: str = ""
    skipped_fallbacks: list[dict[str, str]] = []
    differs: bool | None = None

    @field_serializer("caller")
    def _without_nulls(self, caller: LoggedCaller | None) -> JsonObject | None:
        return None if caller is None else caller.model_dump(exclude_none=True)


@dataclass(frozen=True, slots=True)
class Report:
    """The answer to one question, and why. `reasons` name rules, or the error type of a credential that is refused
    before any rule. `tried` says that a decision was made with all `changes` applied, and `verified` that it allowed
    the call: where only the first holds, they do not suffice. `notes` are what the answer does not take into account.
    """

    allow: bool
    reasons: list[Reason]
    request: str
    models: list[str]
    caller: CallerShown | None
    revision: str
    layers: list[LayerShown] = field(default_factory=list)
    changes: list[Change] = field(default_factory=list)
    tried: bool = False
    verified: bool = False
    notes: list[str] = field(default_factory=list)
    past: Logged | None = None

    def json(self, indent: int | None = None) -> bytes:
        """The report as a JSON object."""
        return TypeAdapter(Report).dump_json(self, indent=indent)
