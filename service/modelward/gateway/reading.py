"""A request's body, read and parsed as its route says (M2)."""

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


async def read_content(exchange: Exchange, body_limit: int, form_limit: int) -> Content:
    """What the request holds, read once. Limits are in bytes.

    Raises Invalid for what does not parse, Refused (413, 408) and ClientLeft.
    """
    if exchange.content is None:
        exchange.content = await _read(exchange, body_limit, form_limit)
    return exchange.content


async def _read(exchange: Exchange, body_limit: int, form_limit: int) -> Content:
    route = exchange.match.route
    if route.reads == "none":
        return NoContent()
    if not _is_form(exchange):
        if route.reads == "form":
            raise Invalid("this route takes a form; send `Content-Type: multipart/form-data` with a boundary")
        raw = await exchange.body(body_limit)
        if not raw and route.operation != "infer":
            return JsonContent({})
        return JsonContent(await worked(len(raw), lambda: body.parse(exchange.headers, raw)), len(raw))
    form = await read_form(exchange.headers, exchange.receive, form_limit, structured(route), file_names(route))
    exchange.content = form
    await exchange.waited()
    return form


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
