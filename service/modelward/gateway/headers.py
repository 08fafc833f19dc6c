"""Which headers travel on: few of the client's to the upstream, to the client all that belong to the answer."""

from collections.abc import Iterable

Header = tuple[bytes, bytes]

# Neither says who asks nor which account pays: those headers, and every credential (A1), stay here.
_FROM_CLIENT = frozenset({b"accept", b"anthropic-beta", b"anthropic-version", b"openai-beta"})

# Asked for plain, so that an answer passes as it is and an error can be added to a stream that breaks.
_OWN = (
    (b"accept-encoding", b"identity"),
    (b"user-agent", b"modelward"),
)

_HOP_BY_HOP = frozenset(
    {
        b"connection",
        b"keep-alive",
        b"proxy-authenticate",
        b"proxy-authorization",
        b"proxy-connection",
        b"te",
        b"trailer",
        b"transfer-encoding",
        b"upgrade",
    }
)

# What an upstream says about its own origin, server and session would be taken for ours.
_OF_THE_UPSTREAM = frozenset(
    {
        b"alt-svc",
        b"clear-site-data",
        b"date",
        b"location",
        b"nel",
        b"report-to",
        b"reporting-endpoints",
        b"server",
        b"set-cookie",
        b"set-cookie2",
        b"strict-transport-security",
        b"www-authenticate",
        b"x-accel-redirect",
        b"x-sendfile",
    }
)
_PREFIXES_OF_THE_UPSTREAM = (b"access-control-", b"x-modelward-")


def to_upstream(
    client: Iterable[Header],
    credential: Iterable[Header],
    content_type: bytes = b"application/json",
    defaults: Iterable[Header] = (),
) -> list[Header]:
    """The headers of the upstream's request; `credential` is the deployment's, the client's never travels.

    `content_type` is empty where there is no body. `defaults`, names in lower case, stand in where the client has none.
    """
    own = [(b"content-type", content_type), *_OWN] if content_type else [*_OWN]
    passed = [(name, value) for name, value in client if name.lower() in _FROM_CLIENT]
    there = {name.lower() for name, _ in passed}
    return [*own, *credential, *passed, *((name, value) for name, value in defaults if name not in there)]


def to_client(upstream: Iterable[Header], own: Iterable[Header]) -> list[Header]:
    """The headers of the client's answer, names in lower case; one of `own` replaces an upstream's of its name."""
    own = list(own)
    lowered = [(name.lower(), value) for name, value in upstream]
    dropped = _HOP_BY_HOP | _OF_THE_UPSTREAM | _named_by_connection(lowered) | {name for name, _ in own}
    passed = [(n, v) for n, v in lowered if n not in dropped and not n.startswith(_PREFIXES_OF_THE_UPSTREAM)]
    return passed + own


def _named_by_connection(headers: Iterable[Header]) -> frozenset[bytes]:
    values = (value for name, value in headers if name == b"connection")
    return frozenset(token.strip().lower() for value in values for token in value.split(b","))
