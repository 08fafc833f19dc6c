"""A body that is streamed to an upstream, and whose fault it is when that fails."""

import asyncio
from collections.abc import AsyncIterable, AsyncIterator

from modelward.errors import ModelwardError, Refused
from modelward.gateway.freshness import BeforeSending


class BodyLost(Refused):
    """503: the body of a request cannot be read to its end here; no upstream is at fault."""

    status = 503
    kind = "server_error"


class Upload:
    """A body on its way: `patience` is over when the upstream takes nothing for `seconds`, and `before_sending` holds
    before each part of it, and before its end.

    `failure` is the body's own; set `answered` once the answer's head is there, and `patience` is over.
    """

    def __init__(
        self, body: AsyncIterable[bytes], length: int | None, seconds: float, before_sending: BeforeSending
    ) -> None:
        self._body = body
        self.length = length
        self._seconds = seconds
        self._before_sending = before_sending
        self.patience = asyncio.timeout(None)
        self.answered = False
        self.failure: ModelwardError | None = None

    async def __aiter__(self) -> AsyncIterator[bytes]:
        sent = 0
        try:
            async for chunk in self._body:
                sent += len(chunk)
                if self.length is not None and sent > self.length:
                    break
                if chunk:  # an empty one would end a body in chunks
                    await self._before_sending()
                    self._wait_until(asyncio.get_running_loop().time() + self._seconds)
                    yield chunk
            await self._before_sending()
        except ModelwardError as error:
            self.failure = error
            raise
        except (OSError, ValueError) as error:  # the second is for a file that was closed too soon
            self.failure = BodyLost("the request's files cannot be read just now; send it again later")
            raise self.failure from error
        if self.length not in {None, sent}:
            self.failure = BodyLost("the request's files are not as long as they were; send it again")
            raise self.failure
        self._wait_until(None)  # from here on the answer's own silence counts

    def _wait_until(self, time: float | None) -> None:
        if not self.answered and not self.patience.expired():
            self.patience.reschedule(time)
