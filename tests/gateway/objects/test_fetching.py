"""One object is asked of its upstream, as that upstream demands."""

from gateway.configs import Compile, config, served
from gateway.objects.gate_setup import gate_setup
from gateway.upstream.scripted import answers
from modelward.contract import StateObject

SERVED = served("claude")
CONFIG = config(SERVED | {"litellm_params": SERVED["litellm_params"] | {"model": "anthropic/claude"}})


async def test_anthropic_is_told_a_version_where_the_client_names_none(compile_config: Compile) -> None:
    async with gate_setup(compile_config(CONFIG)) as staged:
        staged.upstream.script = answers(200, b'{"id": "b1"}')
        await staged.store.bind([StateObject("message_batch", "b1", "team:t1", "id-claude")], [])
        listed = await staged.call("GET", "/v1/messages/batches")
        (call,) = staged.upstream.asked
    assert [each["id"] for each in listed.json()["data"]] == ["b1"]
    assert (call.target, dict(call.headers)["anthropic-version"]) == ("/v1/messages/batches/b1", "2023-06-01")
