"""What an engine is asked, and what it says, parsed strictly: whatever is not a whole answer is none (E4)."""

from typing import Any, TypeVar

import orjson
from pydantic import ValidationError

from modelward.contract import Decision, Explanation, Input, Listing, Reach, Request
from modelward.errors import DecisionUnavailable

Answer = TypeVar("Answer", Decision, Listing, Reach, Explanation)


def question(asked: Input) -> bytes:
    """The `input` document, as JSON; the caller's part is encoded once for all its requests."""
    customer = asked.customer.model_dump() if asked.customer else None
    return orjson.dumps(
        {"request": asked.request, "caller": orjson.Fragment(asked.caller.encoded), "customer": customer}
    )


def timeless(asked: Input) -> bytes:
    """The question without the clock. `time_ns` is the first that a request says, and a number."""
    return question(asked).partition(b",")[2]


def parsed(kind: type[Answer], result: Any, request: Request) -> Answer:
    """The answer in an engine's `result`.

    Raises DecisionUnavailable when a field is missing, unknown or of a wrong type, or when its decision contradicts
    itself: an allowed model without a deployment, a refusal without a reason, a yes to what cannot be read.
    """
    try:
        answer = kind.model_validate(result, strict=True)
    except ValidationError as error:
        first = error.errors(include_input=False, include_url=False)[0]
        problem = f"`{'.'.join(map(str, first['loc']))}`: {first['msg'].lower()}"
        raise DecisionUnavailable(f"the engine's answer is no {kind.__name__.lower()}: {problem}") from None
    if isinstance(answer, Listing):
        return answer
    if isinstance(answer, Reach):
        if not answer.deployments.keys() <= set(request.models) or not all(answer.deployments.values()):
            raise DecisionUnavailable("the engine names a model that was not asked for, or that nothing serves")
        return answer
    decision = answer.decision if isinstance(answer, Explanation) else answer
    if decision.allow == bool(decision.reasons):
        raise DecisionUnavailable("the engine's decision contradicts its reasons")
    if decision.allow and request.problem:
        raise DecisionUnavailable("the engine allows a request that cannot be read")
    targets = decision.targets
    if decision.allow and not all(model in targets and targets[model].deployments for model in request.models):
        raise DecisionUnavailable("the engine allows a model without saying where it is served")
    return answer
