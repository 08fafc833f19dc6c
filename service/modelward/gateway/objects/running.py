"""Which object a call runs: it is named at one place, and no other object of its kind beside it."""

from modelward.contract import JsonObject
from modelward.errors import Invalid
from modelward.gateway.client_text import masked, shortened
from modelward.gateway.objects.held import ObjectId
from modelward.gateway.objects.id_words import HOLDERS, kind_of, word_of
from modelward.gateway.outgoing import forwarded
from modelward.gateway.routes import IN_PATH, Route


def run_in_body(route: Route, fields: JsonObject) -> ObjectId | None:
    """The object that a call on `route` runs, as its body names it; `None` where the path does, or nothing is run.

    Raises Invalid where the body does not name it, or names it elsewhere too.
    """
    if route.runs is None or route.runs == IN_PATH:
        return None
    body = forwarded(route, fields)
    head, _, inner = route.runs.partition(".")
    kind = HOLDERS[head] if inner else kind_of(head)
    value = body.get(head)
    if inner:
        value = value[inner] if isinstance(value, dict) and value.keys() == {inner} else None
    if kind is None or not isinstance(value, str) or not value:
        raise Invalid(f"`{route.runs}` must be the id of what is to be run, and `{head}` nothing else")
    words = {key: word_of(key) for key in body if key != head}
    others = sorted(key for key, word in words.items() if kind in {kind_of(word), HOLDERS.get(word)})
    if others:
        raise Invalid(f"`{shortened(masked(others[0]))}` may not stand beside `{route.runs}`; leave it out")
    return kind, value
