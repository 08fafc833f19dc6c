"""What a client gets: an upstream's answer as it comes in, or what is at hand here, an error or a mock's answer."""

from collections.abc import AsyncGenerator, AsyncIterator, Callable, Sequence
from dataclasses import dataclass, field
from typing import Self

from starlette.types import Send

from modelward.errors import AnswerCut, Broken, TimedOut, UpstreamError
from modelward.gateway.errors import ErrorForm, id_in
from modelward.gateway.headers import Header
from modelward.gateway.upstream.client import UpstreamAnswer
from modelward.gateway.upstream.failures import BROKEN, SILENT, Failure


class Withheld(UpstreamError):
    """The rest of an answer may not be sent; `failure` says so to the client."""

    def __init__(self, failure: Failure) -> None:
        super().__init__(failure.code)
        self.failure = failure


Passage = Callable[[AsyncIterator[bytes]], AsyncIterator[bytes]]
"""Gives the same bytes, in pieces of its own. Raises Withheld."""


@dataclass(slots=True)
class Ready:
    """A reply at hand. `headers` are the client's, names in lower case; `deployment` is the id of the one behind it."""

    status: int
    headers: Sequence[Header]
    chunks: Sequence[bytes]
    deployment: str | None = None

    async def tell(self, send: Send) -> None:
        """Send it, a message for each chunk."""
        await send({"type": "http.response.start", "status": self.status, "headers": self.headers})
        for chunk in self.chunks:
            await send({"type": "http.response.body", "body": chunk, "more_body": True})
        await send({"type": "http.response.body", "body": b"", "more_body": False})

    async def withhold(self, limit: int) -> Self | None:
        """Itself: it is here already."""
        return self

    async def preview(self) -> AsyncGenerator[bytes, None]:
        """Its chunks; they are sent all the same."""
        for chunk in self.chunks:
            yield chunk

    async def through(self, passage: Passage) -> None:
        """Have it told by way of `passage`. Raises what that does: all of it is at hand."""
        self.chunks = [piece async for piece in passage(self.preview())]

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        """Nothing is open."""


@dataclass(slots=True)
class Passing:
    """An upstream's answer: its head is here, its body is read as it is sent. `asked` is the name the client sent,
    `form` the one in which it reads errors."""

    status: int
    headers: Sequence[Header]
    deployment: str
    asked: str
    answer: UpstreamAnswer
    form: ErrorForm = "openai"
    _begun: AsyncIterator[bytes] | None = field(init=False, default=None)

    async def tell(self, send: Send) -> None:
        """Send it chunk by chunk, byte for byte. Raises `AnswerCut`."""
        await send({"type": "http.response.start", "status": self.status, "headers": self.headers})
        length = dict(self.headers).get(b"content-length", b"")
        # -1, which no rest ever is, where it does not say how long it is, or is empty
        tail, left = b"", (int(length) or -1) if length.isdigit() else -1
        try:
            async for chunk in self._begun or self.answer.chunks():
                left -= len(chunk)
                await send({"type": "http.response.body", "body": chunk, "more_body": left != 0})
                tail = (tail + chunk[-4:])[-4:]
        except (Broken, TimedOut) as error:
            await self._break_off(BROKEN if isinstance(error, Broken) else SILENT, tail, send)
        except Withheld as error:
            await self._break_off(error.failure, tail, send)
        if left != 0:
            await send({"type": "http.response.body", "body": b"", "more_body": False})

    async def withhold(self, limit: int) -> Ready | None:
        """The whole of it, to be sent later; `None` where it is longer than `limit` bytes: it may only be sent then.

        Raises `TimedOut` and `Broken`, while the client knows nothing yet.
        """
        read, size = list[bytes](), 0
        rest = self.answer.chunks()
        async for chunk in rest:
            read.append(chunk)
            size += len(chunk)
            if size > limit:
                self._begun = _joined(read, rest)
                return None
        return Ready(self.status, self.headers, read, self.deployment)

    async def preview(self) -> AsyncGenerator[bytes, None]:
        """Its chunks as they come in, as far as they are asked for; they are sent all the same.

        Raises `TimedOut` and `Broken`, while the client knows nothing yet; it may not be sent then.
        """
        read = list[bytes]()
        rest = self.answer.chunks()
        self._begun = _joined(read, rest)
        async for chunk in rest:
            read.append(chunk)
            yield chunk

    async def through(self, passage: Passage) -> None:
        """Have it told by way of `passage`, as it comes in."""
        self._begun = passage(self._begun or self.answer.chunks())

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        """Give the upstream's connection back."""
        await self.answer.__aexit__()

    async def _break_off(self, failure: Failure, tail: bytes, send: Send) -> None:
        """Tell the client of an event stream by an event; from any other answer, raise `AnswerCut`."""
        names = dict(self.headers)
        is_event_stream = names.get(b"content-type", b"").lower().startswith(b"text/event-stream")
        if not is_event_stream or b"content-length" in names or b"content-encoding" in names:
            raise AnswerCut("the upstream broke off in the middle of its answer") from None
        open_event = tail and not tail.endswith((b"\n\n", b"\r\r", b"\r\n\r\n"))
        event = (b"\n\n" if open_event else b"") + failure.event(self.asked, id_in(self.headers), self.form)
        await send({"type": "http.response.body", "body": event, "more_body": True})


Reply = Ready | Passing


def failed(
    failure: Failure, asked: str, own: Sequence[Header], deployment: str | None = None, form: ErrorForm = "openai"
) -> Ready:
    """The reply that tells of `failure` in the client's form; `own` are headers to add, with the decision's id."""
    body = failure.body(asked, id_in(own), form)
    return Ready(failure.status, [*failure.headers, (b"content-length", b"%d" % len(body)), *own], [body], deployment)


async def _joined(read: Sequence[bytes], rest: AsyncIterator[bytes]) -> AsyncIterator[bytes]:
    for chunk in read:
        yield chunk
    async for chunk in rest:
        yield chunk
