"""The customer that a request names is a layer of it (L7)."""

import pytest

from gateway.configs import PLAIN, Compile
from gateway.gates import GateSetup, gate_setup
from modelward.contract import Customer
from modelward.errors import StoreUnavailable

HEADER = "x-litellm-end-user-id"


@pytest.fixture
def served(plain: GateSetup) -> GateSetup:
    """A gate that knows the customer `trial`, who may use `gpt-4` only, and the blocked customer `gone`."""
    plain.people.customers["trial"] = Customer(user_id="trial", models=["gpt-4"])
    plain.people.customers["gone"] = Customer(user_id="gone", blocked=True)
    return plain


async def test_a_customer_named_in_the_body_is_held_to_its_list(served: GateSetup) -> None:
    answer = await served.chat("gpt-4o", user="trial")
    assert (answer.status, answer.error_type) == (403, "customer_model_access_denied")
    assert (await served.chat("gpt-4", user="trial")).status == 200


async def test_a_customer_named_in_the_header_is_held_to_its_list(served: GateSetup) -> None:
    content = {"model": "gpt-4o", "messages": []}
    call = served.call("POST", "/v1/chat/completions", key="sk-any", content=content, headers={HEADER: "trial"})
    assert (await call).error_type == "customer_model_access_denied"


@pytest.mark.parametrize("header", [HEADER, "x-litellm-customer-id", "X-LiteLLM-End-User-Id"])
@pytest.mark.parametrize("spelled", ["trial", "trial ", "\ttrial"])
async def test_every_header_names_the_customer_without_the_white_space_around_it(
    served: GateSetup, header: str, spelled: str
) -> None:
    content = {"model": "gpt-4o", "messages": []}
    call = served.call("POST", "/v1/chat/completions", key="sk-any", content=content, headers={header: spelled})
    assert (await call).error_type == "customer_model_access_denied"


async def test_a_customer_named_in_the_extra_body_is_held_to_its_list(served: GateSetup) -> None:
    answer = await served.chat("gpt-4o", extra_body={"user": "trial"})
    assert answer.error_type == "customer_model_access_denied"


async def test_the_extra_body_may_not_name_another_customer(served: GateSetup) -> None:
    assert (await served.chat("gpt-4o", user="nobody", extra_body={"user": "trial"})).status == 400


async def test_a_blocked_customer_is_refused(served: GateSetup) -> None:
    answer = await served.chat("gpt-4", user="gone")
    assert (answer.status, answer.error_type) == (401, "auth_error")


async def test_a_customer_without_a_record_is_no_layer(served: GateSetup) -> None:
    assert (await served.chat("gpt-4o", user="nobody")).status == 200


@pytest.mark.parametrize("nobody", [None, ""])
async def test_an_empty_name_names_nobody(served: GateSetup, nobody: object) -> None:
    assert (await served.chat("gpt-4o", user=nobody)).status == 200


@pytest.mark.parametrize("wrong", [7, True, ["trial"], {"id": "trial"}, "tri\x00al", "\ud800", "x" * 1001])
async def test_what_is_no_id_is_400(served: GateSetup, wrong: object) -> None:
    raw = b'{"model": "gpt-4", "messages": [], "user": "\\ud800"}' if wrong == "\ud800" else None
    if raw is None:
        answer = await served.chat("gpt-4", user=wrong)
    else:
        answer = await served.call("POST", "/v1/chat/completions", key="sk-any", raw=raw)
    assert (answer.status, answer.error_type) == (400, "invalid_request_error")
    assert not served.forwarder.calls


async def test_two_customers_in_one_request_are_400(served: GateSetup) -> None:
    content = {"model": "gpt-4", "messages": [], "user": "trial"}
    call = served.call("POST", "/v1/chat/completions", key="sk-any", content=content, headers={HEADER: "other"})
    assert (await call).status == 400


async def test_a_listing_for_a_customer_shows_what_it_may_call(served: GateSetup) -> None:
    answer = await served.call("GET", "/v1/models", key="sk-any", headers={HEADER: "trial"})
    assert [model["id"] for model in answer.json()["data"]] == ["gpt-4"]


async def test_a_listing_for_a_blocked_customer_is_refused(served: GateSetup) -> None:
    assert (await served.call("GET", "/v1/models", key="sk-any", headers={HEADER: "gone"})).status == 401


async def test_the_customer_is_logged(served: GateSetup) -> None:
    await served.chat("gpt-4", user="trial")
    (line,) = await served.lines()
    assert line["customer"] == "trial"


@pytest.mark.parametrize("target", ["/v1/models", "/v1/models/gpt-4", "/v1/chat/completions"])
async def test_a_customer_that_cannot_be_looked_up_is_503(compile_config: Compile, target: str) -> None:
    gated = gate_setup(compile_config(PLAIN))

    gated.people.customers = _Down()
    method = "POST" if "chat" in target else "GET"
    content = {"model": "gpt-4", "messages": []} if method == "POST" else None
    answer = await gated.call(method, target, key="sk-any", content=content, headers={HEADER: "trial"})
    assert (answer.status, answer.headers["x-should-retry"]) == (503, "false")
    assert not gated.forwarder.calls


class _Down(dict[str, Customer]):
    def get(self, *_: object) -> Customer:
        raise StoreUnavailable("the database does not answer")
