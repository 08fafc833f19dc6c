"""What an admin may ask: who, for which models, on which route."""

from typing import Annotated, Self

from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from modelward.contract import JsonObject
from modelward.errors import Invalid

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

    @property
    def asked_models(self) -> list[str]:
        """The models asked for."""
        return self.models if self.model is None else [self.model]

    @property
    def method(self) -> str:
        """The route's method, `POST` if it names none."""
        method, space, _ = self.route.partition(" ")
        return method.upper() if space else "POST"

    @property
    def path(self) -> str:
        """The route's path."""
        return self.route.rpartition(" ")[2]


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
