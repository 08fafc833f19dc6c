"""Which object a call runs: it is named at one place, and no other object of its kind beside it."""

from modelward.contract import JsonObject, ObjectKind
from modelward.errors import Invalid
from modelward.gateway.objects.held import ObjectId
from modelward.gateway.objects.id_words import HOLDERS, KINDS
from modelward.gateway.outgoing import forwarded
from modelward.gateway.routes import IN_PATH, Route

_WORDS: tuple[tuple[str, ObjectKind], ...] = (*KINDS.items(), *HOLDERS.items())


def run_in_body(route: Route, fields: JsonObject) -> ObjectId | None:
    """The object that a call on `route` runs, as its body names it; `None` where the path does, or nothing is run.

    Raises Invalid where the body does not name it, or names it elsewhere too.
    """
    if route.runs is None or route.runs == IN_PATH:
        return None
    body = forwarded(route, fields)
    head, _, inner = route.runs.partition(".")
    kind = (HOLDERS if inner else KINDS)[head]
    value = body.get(head)
    if inner:
        value = value[inner] if isinstance(value, dict) and value.keys() == {inner} else None
    if not isinstance(value, str) or not value:
        raise Invalid(f"`{route.runs}` must be the id of what is to be run, and `{head}` nothing else")
    others = sorted({word for word, meant in _WORDS if meant == kind and word != head} & body.keys())
    if others:
        raise Invalid(f"`{others[0]}` may not stand beside `{route.runs}`; leave it out")
    return kind, value
