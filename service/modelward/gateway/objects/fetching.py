"""One object as its upstream tells of it now."""

from modelward.contract import Deployment, JsonObject
from modelward.errors import ModelwardError
from modelward.gateway.failures import BROKEN, REDIRECTED, SILENT, UNREACHABLE, UNUSABLE, Failure
from modelward.gateway.freshness import BeforeSending
from modelward.gateway.headers import Header, to_upstream
from modelward.gateway.objects.made import NotTold, parsed
from modelward.gateway.providers import Unusable, endpoint
from modelward.gateway.routes import Route
from modelward.gateway.upstream import Answer, Broken, NotReached, TimedOut, Upstream

_LONGEST = 4 * 1024 * 1024
_GONE = 404


class NotFetched(ModelwardError):
    """The upstream does not tell of an object; `failure` says so to the client."""

    def __init__(self, failure: Failure) -> None:
        super().__init__(failure.code)
        self.failure = failure


class Fetcher:
    """Asks upstreams for objects."""

    def __init__(self, upstream: Upstream) -> None:
        self._upstream = upstream

    async def fetch(
        self,
        deployment: Deployment,
        route: Route,
        variables: dict[str, str],
        headers: list[Header],
        before_sending: BeforeSending,
    ) -> JsonObject | None:
        """The object that a `GET` on `route` gives, whose path `variables` fill; `None` if it is gone.

        Raises NotFetched, and what `before_sending` does.
        """
        if route.upstream is None:
            raise NotFetched(UNUSABLE)
        try:
            target = endpoint(deployment, "", route.upstream, variables)
            asked = to_upstream(headers, target.credential, b"", target.defaults)
            answer = await self._upstream.send(
                target.url,
                asked,
                b"",
                deployment.timeout,
                before_sending=before_sending,
                method="GET",
                secrets=target.secrets,
            )
            async with answer:
                return await _object(answer)
        except Unusable:
            raise NotFetched(UNUSABLE) from None
        except NotReached:
            raise NotFetched(UNREACHABLE) from None
        except TimedOut:
            raise NotFetched(SILENT) from None
        except (Broken, NotTold):
            raise NotFetched(BROKEN) from None


async def _object(answer: Answer) -> JsonObject | None:
    if answer.status == _GONE:
        return None
    if 300 <= answer.status < 400:
        raise NotFetched(REDIRECTED)
    if answer.status != 200:
        raise NotFetched(BROKEN)
    body = bytearray()
    async for chunk in answer.chunks():
        body += chunk
        if len(body) > _LONGEST:
            raise NotTold(f"the object is longer than {_LONGEST} bytes")
    return parsed(bytes(body))
