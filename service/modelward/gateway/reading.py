"""A request's body, read and parsed as its route says (M2)."""

from dataclasses import dataclass

from modelward.errors import Invalid
from modelward.gateway import body
from modelward.gateway.content import Content, JsonContent, NoContent
from modelward.gateway.exchange import Exchange
from modelward.gateway.fallbacks import FIELDS
from modelward.gateway.forms.form import read_form
from modelward.gateway.forms.names import FILE_NAMES
from modelward.gateway.large import worked
from modelward.gateway.objects import NAMING
from modelward.gateway.routes import IN_PATH, Route

_JSON_IN_A_FORM = frozenset({*FIELDS, *FILE_NAMES, *NAMING, "extra_body", "metadata", "router_settings_override"})
_FORM = b"multipart/form-data"


@dataclass(frozen=True, slots=True)
class Reader:
    """Reads contents; the limits of a JSON body and of a form are in bytes."""

    body_limit: int
    form_limit: int

    async def read(self, exchange: Exchange) -> Content:
        """What the request holds, read once. Raises Invalid for what does not parse, Refused (413, 408), ClientLeft."""
        if exchange.content is None:
            exchange.content = await self._read(exchange)
        return exchange.content

    async def _read(self, exchange: Exchange) -> Content:
        route = exchange.match.route
        if route.reads == "none":
            return NoContent()
        if not _is_form(exchange):
            if route.reads == "form":
                raise Invalid("this route takes a form; send `Content-Type: multipart/form-data` with a boundary")
            return await self._json(exchange)
        names = structured(route), file_names(route)
        form = await read_form(exchange.headers, exchange.receive, self.form_limit, *names)
        exchange.content = form
        await exchange.waited()
        return form

    async def _json(self, exchange: Exchange) -> Content:
        raw = await exchange.body(self.body_limit)
        if not raw and exchange.match.route.operation != "infer":
            return JsonContent({})
        return JsonContent(await worked(len(raw), lambda: body.parse(exchange.headers, raw)), len(raw))


def structured(route: Route) -> frozenset[str]:
    """The fields of a form on `route` that hold an object or a list, as JSON: in any other no id would be seen."""
    first = (where.partition(".")[0] for where in (*route.names, *route.nested) if "." in where)
    return _JSON_IN_A_FORM | {name.removesuffix("[]") for name in first}


def file_names(route: Route) -> frozenset[str]:
    """Which parts of a form on `route` may be files: the object that the call runs is named, not sent."""
    if route.runs is None or route.runs == IN_PATH:
        return FILE_NAMES
    return FILE_NAMES - {route.runs.partition(".")[0]}


def _is_form(exchange: Exchange) -> bool:
    """Whether to read a form; a route that takes JSON alone reads it whatever the type says (M2)."""
    if exchange.match.route.reads == "json":
        return False
    types = [value for name, value in exchange.headers if name == b"content-type"]
    return any(value.strip().lower().startswith(_FORM) for value in types)
