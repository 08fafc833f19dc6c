"""The model lists: exactly what the caller's calls would be allowed, by the same rules (V1-V3)."""

from typing import Any

import orjson

from modelward.contract import Deployment, Listing, Record
from modelward.errors import DecisionUnavailable, Invalid, NotFound
from modelward.gateway.errors import JSON, respond
from modelward.gateway.exchange import Exchange, customer_id
from modelward.gateway.judge import Judge
from modelward.gateway.request.footprint import path_names, query_values

# The clients want a time; the catalogue knows none.
_CREATED = 1677610602


class Lists:
    """The handlers of the model lists. Each first demands that the caller may list at all (V2)."""

    def __init__(self, judge: Judge) -> None:
        self._judge = judge

    async def models(self, exchange: Exchange) -> None:
        """`GET /v1/models`: names, and groups where the query asks for them."""
        listing = await self._list(exchange)
        only_groups = _flag(exchange, "only_model_access_groups")
        groups = listing.groups if only_groups or _flag(exchange, "include_model_access_groups") else []
        names = dict.fromkeys([*([] if only_groups else listing.models), *groups])
        await _answer(exchange, {"data": [_model(name) for name in names], "object": "list"})

    async def model(self, exchange: Exchange) -> None:
        """`GET /v1/models/{model}`: one model; what may not be called reads as what does not exist."""
        await self._demand(exchange)
        name = await self._callable(exchange)
        if name is None:
            exchange.entry.allow = False
            raise NotFound("no such model for this caller; GET /v1/models lists what it may call")
        await _answer(exchange, _model(name))

    async def model_info(self, exchange: Exchange) -> None:
        """`GET /model/info`: one item for each deployment that may serve the caller."""
        data = [
            _deployment(name, deployment)
            for name, deployments in await self._served(exchange)
            for deployment in deployments
        ]
        await _answer(exchange, {"data": data})

    async def model_group_info(self, exchange: Exchange) -> None:
        """`GET /model_group/info`: one item for each model."""
        data = [
            {"model_group": name, "providers": sorted({each.provider for each in deployments})}
            for name, deployments in await self._served(exchange)
        ]
        await _answer(exchange, {"data": data})

    async def _callable(self, exchange: Exchange) -> str | None:
        """The model in the path, if the caller may call it."""
        try:
            (name,) = path_names(exchange.match.model or "")
        except (Invalid, ValueError):
            return None
        verdict = await self._judge.ask(exchange, exchange.request([name]))
        return name if verdict.decision.allow else None

    async def _demand(self, exchange: Exchange) -> None:
        try:
            customer = customer_id(exchange.headers, {})
            records = [Record("team", team) for team in query_values(exchange.query, "team_id")]
            requests = [exchange.request([], record=record) for record in records] or [exchange.request([])]
        except Invalid as error:
            customer = None
            requests = [exchange.malformed(error)]
        await exchange.name_customer(customer)
        for request in requests:
            await self._judge.demand(exchange, request)

    async def _list(self, exchange: Exchange) -> Listing:
        await self._demand(exchange)
        wildcards = _flag(exchange, "return_wildcard_routes")
        return await self._judge.list(exchange, exchange.request([], wildcards=wildcards))

    async def _served(self, exchange: Exchange) -> list[tuple[str, list[Deployment]]]:
        """Each listed model with the deployments that may serve it."""
        names = (await self._list(exchange)).models
        wildcards = _flag(exchange, "return_wildcard_routes")
        reach = await self._judge.reach(exchange, exchange.request(names, wildcards=wildcards))
        if reach.keys() != set(names):
            raise DecisionUnavailable("the engine denies what it has listed")
        return [(name, reach[name]) for name in names]


def _flag(exchange: Exchange, name: str) -> bool:
    return any(value.lower() == "true" for value in query_values(exchange.query, name))


def _model(name: str) -> dict[str, Any]:
    return {"id": name, "object": "model", "created": _CREATED, "owned_by": "openai"}


def _deployment(name: str, deployment: Deployment) -> dict[str, Any]:
    return {
        "model_name": name,
        "litellm_params": {"model": f"{deployment.provider}/{deployment.model}"},
        "model_info": {"id": deployment.id, "db_model": False},
    }


async def _answer(exchange: Exchange, body: dict[str, Any]) -> None:
    exchange.entry.status = 200
    await respond(exchange.send, 200, [JSON, *exchange.answer_headers], orjson.dumps(body))
