"""Model calls and what belongs to them: judged whole, then forwarded as they were judged."""

from collections.abc import Callable
from dataclasses import replace
from urllib.parse import unquote

from modelward.contract import Deployment, Request
from modelward.errors import DecisionUnavailable, Invalid
from modelward.gateway.accounts import beside
from modelward.gateway.content import Content, NoContent
from modelward.gateway.customers import customer_id
from modelward.gateway.exchange import Exchange
from modelward.gateway.footprint import footprint
from modelward.gateway.forward import Call, Forwarder
from modelward.gateway.judge import Judge, Verdict
from modelward.gateway.outgoing import Outgoing, Rename
from modelward.gateway.places import query_pairs
from modelward.gateway.providers import Apart
from modelward.gateway.reading import read_content
from modelward.gateway.server_fallbacks import server_fallbacks
from modelward.gateway.wildcard import upstream_model


class Calls:
    """The handler of every route that is forwarded. Limits bound a JSON body and a form, in bytes."""

    def __init__(self, judge: Judge, forwarder: Forwarder, body_limit: int, form_limit: int) -> None:
        self._judge = judge
        self._forwarder = forwarder
        self._body_limit = body_limit
        self._form_limit = form_limit

    async def serve(self, exchange: Exchange) -> None:
        """Answers one call. Raises Denied, DecisionUnavailable, Refused (413) and ClientLeft."""
        content, customer, request = await self._read(exchange)
        await exchange.name_customer(customer)
        verdict = await self._judge.demand(exchange, request)
        if not request.models:
            raise DecisionUnavailable("the engine allows a call that names no model")
        call = _call(exchange, content, request.models[0], verdict)
        if fallbacks := server_fallbacks(self._judge, exchange, request, call, verdict):
            call = replace(call, fallbacks=fallbacks)
        outcome = await self._forwarder.send(call, exchange.receive, exchange.send)
        exchange.entry.status = outcome.status
        exchange.entry.deployment = outcome.deployment

    async def _read(self, exchange: Exchange) -> tuple[Content, str | None, Request]:
        try:
            content = await read_content(exchange, self._body_limit, self._form_limit)
            fields = content.fields
            customer = customer_id(exchange.headers, fields)
            completion_model = exchange.snapshot.completion_model
            found = footprint(exchange.match, exchange.query, fields, completion_model, exchange.headers)
        except Invalid as error:
            return NoContent(), None, exchange.malformed(error)
        return content, customer, exchange.request(found.models, differ=found.differ)


def renaming(verdict: Verdict) -> Callable[[Deployment], Rename]:
    """What the upstream of a deployment calls the models that `verdict` allows: only its own account counts."""

    def for_deployment(deployment: Deployment) -> Rename:
        def rename(name: str) -> str:
            for other in beside(deployment, verdict.deployments(name)):
                return upstream_model(other, verdict.target(name).model)
            raise Apart(f"`{name}` is not served where the model beside it is")

        return rename

    return for_deployment


def _call(exchange: Exchange, content: Content, asked: str, verdict: Verdict) -> Call:
    route = exchange.match.route
    if route.upstream is None:
        raise DecisionUnavailable("the engine allows a route that is not forwarded")
    return Call(
        upstream=route.upstream,
        outgoing=Outgoing(route, content.fields),
        content=content,
        asked=asked,
        routed=verdict.target(asked).model,
        deployments=verdict.deployments(asked),
        rename=renaming(verdict),
        headers=exchange.headers,
        answer_headers=exchange.answer_headers,
        method=exchange.method,
        variables=_variables(exchange),
        query=[pair for pair in query_pairs(exchange.query) if pair[0] in route.passes],
    )


def _variables(exchange: Exchange) -> dict[str, str]:
    """What stands in the path beside the model, percent-decoded once."""
    variables = exchange.match.variables
    return {name: unquote(value) for name, value in variables.items() if name not in {"model", "path"}}
