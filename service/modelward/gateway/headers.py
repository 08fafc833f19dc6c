"""Which headers travel on, in both directions: those that are named here."""

from collections.abc import Iterable

Header = tuple[bytes, bytes]

# Neither says who asks nor which account pays: those headers, and every credential (A1), stay here.
_FROM_CLIENT = frozenset({b"accept", b"anthropic-beta", b"anthropic-version", b"openai-beta"})

# What clients read of an answer. Whatever else an upstream says is about its account, its server or its session.
_TO_CLIENT = frozenset(
    {
        *(b"accept-ranges", b"apim-request-id", b"cache-control", b"content-disposition", b"content-encoding"),
        *(b"content-language", b"content-length", b"content-range", b"content-type", b"etag", b"last-modified"),
        *(b"openai-processing-ms", b"openai-version", b"request-id", b"retry-after", b"retry-after-ms"),
        *(b"x-amzn-errortype", b"x-amzn-requestid", b"x-request-id", b"x-should-retry"),
    }
)
_PREFIXES_TO_CLIENT = (b"x-ratelimit-", b"anthropic-ratelimit-")


def to_upstream(
    client: Iterable[Header], credential: Iterable[Header], content_type: bytes, defaults: Iterable[Header]
) -> list[tuple[str, str]]:
    """The headers of the upstream's request; `credential` is the deployment's, the client's never travels.

    `content_type` is empty where there is no body. `defaults`, names in lower case, stand in where the client has none.
    """
    # Asked for plain, so that an answer passes as it is and an error can be added to a stream that breaks.
    own = [(b"accept-encoding", b"identity"), (b"user-agent", b"modelward"), *credential]
    if content_type:
        own.append((b"content-type", content_type))
    passed = [(name, value) for name, value in client if name.lower() in _FROM_CLIENT]
    there = {name.lower() for name, _ in passed}
    sent = [*own, *passed, *((name, value) for name, value in defaults if name not in there)]
    return [(name.decode("latin-1"), value.decode("latin-1")) for name, value in sent]


def to_client(upstream: Iterable[Header], own: Iterable[Header]) -> list[Header]:
    """The headers of the client's answer, names in lower case; one of `own` replaces an upstream's of its name."""
    own = list(own)
    lowered = [(name.lower(), value) for name, value in upstream]
    dropped = {token.strip().lower() for name, value in lowered if name == b"connection" for token in value.split(b",")}
    dropped.update(name for name, _ in own)
    travels = [each for each in lowered if each[0] in _TO_CLIENT or each[0].startswith(_PREFIXES_TO_CLIENT)]
    return [(name, value) for name, value in travels if name not in dropped] + own


def is_encoded(upstream: Iterable[Header]) -> bool:
    """Whether an answer's body is compressed or the like, so that nobody here can read it."""
    return any(name.lower() == b"content-encoding" and value.lower() != b"identity" for name, value in upstream)


def is_event_stream(client: Iterable[Header]) -> bool:
    """Whether an answer is a stream of events; names are in lower case."""
    return dict(client).get(b"content-type", b"").lower().startswith(b"text/event-stream")
