"""How a refusal reads (E1-E3)."""

from datetime import UTC, datetime

import pytest

from gateway.configs import MASTER_KEY, PLAIN, Compile, decision
from gateway.gates import CHAT, GateSetup, gate_setup
from modelward.contract import Decision, Input, Reason, Team, User


async def test_a_refusal_has_openais_form(plain: GateSetup) -> None:
    plain.people.add("sk-narrow", models=["gpt-4"])
    answer = await plain.chat("gpt-4o", key="sk-narrow")
    error = answer.json()["error"]
    assert list(answer.json()) == ["error"]
    assert sorted(error) == ["code", "message", "param", "type"]
    assert (error["type"], error["param"], error["code"]) == ("key_model_access_denied", "model", "403")
    assert answer.headers["content-type"] == "application/json"
    assert answer.headers["content-length"] == str(len(answer.body))


async def test_a_refusal_carries_the_decisions_id_in_two_headers_and_its_message(plain: GateSetup) -> None:
    answer = await plain.chat("ghost")
    decision_id = answer.headers["x-request-id"]
    assert answer.headers["x-modelward-decision-id"] == decision_id
    assert answer.json()["error"]["message"].endswith(f"(decision {decision_id})")
    (line,) = await plain.lines()
    assert line["id"] == decision_id


@pytest.mark.parametrize("target", [CHAT, "/v1/models", "/v1/models/ghost", "/v1/nowhere", "/metrics", "/key/generate"])
async def test_every_answer_carries_an_id_of_its_own(plain: GateSetup, target: str) -> None:
    method = "POST" if target in {CHAT, "/key/generate"} else "GET"
    answers = [await plain.call(method, target, key=MASTER_KEY, content={"model": "gpt-4"}) for _ in range(2)]
    ids = {answer.headers["x-request-id"] for answer in answers}
    assert len(ids) == 2
    assert ids == {answer.headers["x-modelward-decision-id"] for answer in answers}


async def test_a_client_does_not_choose_the_decisions_id(plain: GateSetup) -> None:
    headers = {"x-request-id": "mine", "x-modelward-decision-id": "mine"}
    answer = await plain.call("POST", CHAT, key="sk-any", content={"model": "gpt-4"}, headers=headers)
    assert "mine" not in answer.headers.values()


async def test_a_refusal_by_rule_is_not_retried_by_default_nor_forbidden_to(plain: GateSetup) -> None:
    assert "x-should-retry" not in (await plain.chat("ghost")).headers


async def test_the_message_names_the_layer_the_model_and_where_to_look(plain: GateSetup) -> None:
    plain.people.add("sk-narrow", models=["claude-3", "beta"])
    message = (await plain.chat("gpt-4o", key="sk-narrow")).json()["error"]["message"]
    assert "key" in message
    assert "`gpt-4o`" in message
    assert "GET /v1/models" in message


async def test_the_message_names_no_other_model_and_no_group(plain: GateSetup) -> None:
    plain.people.add("sk-narrow", models=["claude-3", "beta"])
    text = (await plain.chat("gpt-4o", key="sk-narrow")).text
    assert not [word for word in ("claude-3", "beta", "`gpt-4`", "id-gpt-4o", "upstream") if word in text]


async def test_an_unknown_name_that_the_lists_cover_is_400(plain: GateSetup) -> None:
    error = (await plain.chat("ghost")).json()["error"]
    assert (error["type"], error["code"], error["param"]) == ("invalid_request_error", "model_not_found", "model")


async def test_absent_and_forbidden_read_the_same(plain: GateSetup) -> None:
    plain.people.add("sk-narrow", models=["gpt-4"])
    absent, forbidden = [await plain.chat(name, key="sk-narrow") for name in ("ghost", "gpt-4o")]
    said = [answer.json()["error"]["message"].split(" (decision")[0] for answer in (absent, forbidden)]
    assert absent.status == forbidden.status == 403
    assert said[0].replace("ghost", "gpt-4o") == said[1]


def people(gated: GateSetup) -> None:
    """One key for each layer that refuses `gpt-4o`."""
    gated.people.add("sk-key", models=["gpt-4"])
    gated.people.add("sk-team", team=Team(team_id="t", models=["gpt-4"]))
    gated.people.add("sk-user", user=User(user_id="u", models=["gpt-4"]))
    gated.people.add("sk-no-default", user=User(user_id="u", models=["no-default-models"]))
    gated.people.add("sk-expired", expires=datetime.fromtimestamp(1, UTC))
    gated.people.add("sk-blocked", blocked=True)
    gated.people.add("sk-routes", allowed_routes=["/v1/embeddings"])
    gated.people.add("sk-no-team", team_id="gone")
    gated.people.add("sk-team-blocked", team=Team(team_id="t", blocked=True))
    gated.people.add("sk-gone", user=User(user_id="u", metadata={"scim_active": False}))
    gated.people.add("sk-viewer", user=User(user_id="u", user_role="proxy_admin_viewer"))


TYPES = {
    "sk-key": (403, "key_model_access_denied", "model"),
    "sk-team": (403, "team_model_access_denied", "model"),
    "sk-user": (403, "user_model_access_denied", "model"),
    "sk-no-default": (403, "key_model_access_denied", "model"),
    "sk-expired": (401, "expired_key", None),
    "sk-blocked": (401, "auth_error", None),
    "sk-routes": (403, "auth_error", None),
    "sk-no-team": (404, "auth_error", None),
    "sk-team-blocked": (401, "auth_error", None),
    "sk-gone": (401, "auth_error", None),
    "sk-viewer": (403, "auth_error", None),
}


@pytest.mark.parametrize("key", list(TYPES))
async def test_each_layer_refuses_with_its_status_and_type(plain: GateSetup, key: str) -> None:
    people(plain)
    answer = await plain.chat("gpt-4o", key=key)
    error = answer.json()["error"]
    assert (answer.status, error["type"], error["param"]) == TYPES[key]
    assert not plain.forwarder.calls


async def test_a_rule_of_ones_own_is_a_403_with_its_name_as_type(compile_config: Compile) -> None:
    snapshot = compile_config(PLAIN)

    async def decide(_: Input) -> Decision:
        reasons = [Reason(rule="office_hours", message="not at night")]
        return decision(allow=False, reasons=reasons, revision=snapshot.revision)

    answer = await gate_setup(snapshot, decide=decide).chat("gpt-4")
    assert (answer.status, answer.error_type) == (403, "office_hours_denied")
    assert "not at night" in answer.text


async def test_the_completion_model_is_not_named_to_who_did_not_name_it(compile_config: Compile) -> None:
    gated = gate_setup(
        compile_config(PLAIN | {"general_settings": {"master_key": MASTER_KEY, "completion_model": "gpt-4o"}})
    )
    gated.people.add("sk-narrow", models=["gpt-4"])
    message = (await gated.chat("gpt-4", key="sk-narrow")).json()["error"]["message"]
    assert "gpt-4o" not in message
    assert "model that answers all completions here" in message
    assert "`gpt-4o`" in (await gated.chat("gpt-4o", key="sk-narrow")).text


async def test_a_refusal_is_short_however_long_the_clients_text_is(plain: GateSetup) -> None:
    content = {"model": "gpt-4", "method": {"k" * 50_000: {"model": 1}}}
    answer = await plain.call("POST", "/v1/fine_tuning/jobs", key="sk-any", content=content)
    assert answer.status == 400
    assert len(answer.body) < 1_000


@pytest.mark.parametrize("id_", ["..", ".", "%2e%2e", "%00", "a%0Ab"])
async def test_an_id_that_can_be_no_part_of_an_address_is_refused(plain: GateSetup, id_: str) -> None:
    answer = await plain.call("GET", f"/v1/threads/{id_}/messages/m1", key="sk-any")
    assert answer.status in {400, 404}
