"""One request, many questions: a file asks one for each of its groups of lines."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from modelward.contract import Request
from modelward.gateway.exchange import Exchange
from modelward.gateway.judge import Judge, Verdict


@dataclass(frozen=True, slots=True)
class Question:
    """What is asked, in whose name; the time is that of the caller's last look-up. `unnamed` is as in `Exchange`."""

    request: Request
    customer: str | None
    unnamed: str | None = None


async def demand_all(judge: Judge, exchange: Exchange, questions: Sequence[Question]) -> list[Verdict]:
    """The yes to every question, the first refusal refuses all; the log tells of all models judged.

    The last question's customer stays the exchange's. Raises Denied, DecisionUnavailable and StoreUnavailable.
    """
    entry, verdicts = exchange.entry, list[Verdict]()
    models, grants = list(entry.models), entry.grants
    for question in questions:
        entry.allow, exchange.unnamed = False, question.unnamed
        await exchange.name_customer(question.customer)
        request = replace(question.request, time_ns=exchange.time_ns)
        try:
            verdicts.append(await judge.demand(exchange, request))
        finally:
            models += request.models
            grants = {layer: grants.get(layer, {}) | covered for layer, covered in (grants | entry.grants).items()}
            entry.asked(models)
            entry.grants = grants
    return verdicts
