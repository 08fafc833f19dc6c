"""Addresses in an answer that clients follow with their credential: they lead here, not to the upstream."""

from urllib.parse import quote

from modelward.contract import JsonObject
from modelward.gateway.objects.made import Makes

_RESULTS = "results_url"


def own_links(makes: Makes, answer: JsonObject) -> bool:
    """Whether an answer held such an address; it is now one of our own, relative to the client's base."""
    is_batch = any(kind == "message_batch" for _, kind in makes)
    if not is_batch or answer.get(_RESULTS) is None:
        return False
    answer[_RESULTS] = f"/v1/messages/batches/{quote(str(answer.get('id')), safe='')}/results"
    return True
