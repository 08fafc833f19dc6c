"""A request's body, read and parsed as its route says (M2)."""

from dataclasses import dataclass

from modelward.errors import Invalid
from modelward.gateway import body
from modelward.gateway.content import Content, JsonContent, NoContent
from modelward.gateway.exchange import Exchange
from modelward.gateway.forms.form import read_form
from modelward.gateway.forms.names import FILE_NAMES
from modelward.gateway.large import worked
from modelward.gateway.routes import IN_PATH, Route

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
        names = plain_texts(route), file_names(route)
        form = await read_form(exchange.headers, exchange.receive, self.form_limit, *names)
        exchange.content = form
        await exchange.waited()
        return form

    async def _json(self, exchange: Exchange) -> Content:
        raw = await exchange.body(self.body_limit)
        if not raw and exchange.match.route.operation != "infer":
            return JsonContent({})
        return JsonContent(await worked(len(raw), lambda: body.parse(exchange.headers, raw)), len(raw))


def plain_texts(route: Route) -> frozenset[str]:
    """The fields of a form on `route` that hold the caller's own words; a text in any other may be JSON."""
    return frozenset(where for where in route.content if "." not in where)


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
