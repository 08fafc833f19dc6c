"""What an engine says, parsed strictly: whatever is not a whole decision is no decision (E4)."""

from dataclasses import asdict, fields
from typing import Any

import orjson
from pydantic import ValidationError

from modelward.contract import Decision, Explanation, Input, Listing, Request
from modelward.errors import DecisionUnavailable

_REQUEST = tuple(each.name for each in fields(Request))


def question(asked: Input) -> bytes:
    """The `input` document, as JSON; the caller's part is encoded once for all its requests."""
    customer = asked.customer.model_dump() if asked.customer else None
    return orjson.dumps(
        {"request": asked.request, "caller": orjson.Fragment(asked.caller.encoded), "customer": customer}
    )


def document(asked: Input) -> dict[str, Any]:
    """The `input` document, as plain values."""
    request = asked.request
    plain = {name: getattr(request, name) for name in _REQUEST}
    plain["record"] = asdict(request.record) if request.record else None
    customer = asked.customer.model_dump() if asked.customer else None
    return {"request": plain, "caller": asked.caller.plain, "customer": customer}


def decision(result: Any, request: Request) -> Decision:
    """The decision in an engine's `result`.

    Raises DecisionUnavailable when a field is missing, unknown or of a wrong type, or when the answer contradicts
    itself: an allowed model without a deployment, a refusal without a reason, a yes to what cannot be read.
    """
    try:
        answer = Decision.model_validate(result, strict=True)
    except ValidationError as error:
        raise DecisionUnavailable(f"the engine's answer is no decision: {_first(error)}") from None
    if answer.allow == bool(answer.reasons):
        raise DecisionUnavailable("the engine's decision contradicts its reasons")
    if answer.allow and request.problem:
        raise DecisionUnavailable("the engine allows a request that cannot be read")
    targets = answer.targets
    if answer.allow and not all(model in targets and targets[model].deployments for model in request.models):
        raise DecisionUnavailable("the engine allows a model without saying where it is served")
    return answer


def listing(result: Any) -> Listing:
    """The listing in an engine's `result`. Raises DecisionUnavailable when it is none."""
    try:
        return Listing.model_validate(result, strict=True)
    except ValidationError as error:
        raise DecisionUnavailable(f"the engine's answer is no listing: {_first(error)}") from None


def explanation(result: Any, request: Request) -> Explanation:
    """The explanation in an engine's `result`, with a decision as strict as any. Raises DecisionUnavailable."""
    try:
        answer = Explanation.model_validate(result, strict=True)
    except ValidationError as error:
        raise DecisionUnavailable(f"the engine's answer is no explanation: {_first(error)}") from None
    decision(answer.decision.model_dump(), request)
    return answer


def _first(error: ValidationError) -> str:
    problem = error.errors(include_input=False, include_url=False)[0]
    return f"`{'.'.join(map(str, problem['loc']))}`: {problem['msg'].lower()}"
