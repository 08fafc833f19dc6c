"""One object is asked of its upstream, as that upstream demands."""

from gateway.upstream.serving import nothing
from harness.upstream import Reply, upstream
from modelward.contract import Deployment
from modelward.gateway.endpoints import ROUTES
from modelward.gateway.objects import Fetcher
from modelward.gateway.routes import Router
from modelward.gateway.upstream.client import Upstream


async def test_anthropic_is_told_a_version_where_the_client_names_none() -> None:
    match = Router(ROUTES).find("GET", "/v1/messages/batches/b1")
    assert match is not None
    with upstream() as provider:
        provider.script = lambda call: Reply(body=b'{"id": "b1"}')
        deployment = Deployment("d", "e", "anthropic", "m", api_key="k", api_base=provider.base("/v1"))
        sending = Upstream()
        try:
            await Fetcher(sending).fetch(deployment, match.route, dict(match.variables), [], nothing)
        finally:
            await sending.aclose()
    (call,) = provider.calls
    assert (call.path, call.headers["anthropic-version"]) == ("/v1/messages/batches/b1", "2023-06-01")
