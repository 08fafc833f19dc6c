"""`enforce_fallback_model_access: false`: a fallback needs no list of models, and every other rule binds it (F2)."""

from collections.abc import AsyncIterator, Callable
from datetime import UTC, datetime
from typing import Any

import pytest

from gateway.configs import Compile
from gateway.gates import NOW_NS
from gateway.upstream.falling import FAILS, MODELS, Falling, falling_gate
from modelward.contract import Caller, Customer, Key, Project, Team, User

Change = Callable[[Caller], Caller]


@pytest.fixture
async def waived(compile_config: Compile) -> AsyncIterator[Falling]:
    """A gate on which `gpt-4` fails, and `gpt-4o` stands in for it, without model access."""
    general = {**MODELS["general_settings"], "enforce_fallback_model_access": False}
    async with falling_gate(compile_config({**MODELS, "general_settings": general}), **{"gpt-4": FAILS}) as running:
        running.fall_back({"gpt-4": ["gpt-4o"]})
        yield running


def key(**fields: Any) -> Change:
    """The caller as a key with these fields."""
    return lambda _: Caller(kind="key", key=Key(token="0" * 64, **fields))


def record(**records: Any) -> Change:
    """The caller with these records."""
    return lambda caller: Caller(kind="key", key=caller.key, **records)


def change_during_the_call(gated: Falling, change: Change) -> None:
    """Change the caller while the first model is asked."""
    fails = gated.scripts["gpt-4"]

    async def changed(asked: Any, line: Any) -> None:
        assert isinstance(gated.caller, Caller)
        gated.caller = change(gated.caller)
        await fails(asked, line)

    gated.scripts["gpt-4"] = changed


async def test_a_fallback_outside_the_lists_of_models_answers(waived: Falling) -> None:
    waived.may_use("gpt-4", team=Team(team_id="t", models=["gpt-4"]))
    waived.customers["c"] = Customer(user_id="c", models=["gpt-4"])
    assert (await waived.chat("gpt-4", user="c")).json() == {"model": "gpt-4o"}
    assert await waived.skipped() == []


async def test_the_log_says_that_the_setting_granted_the_fallback(waived: Falling) -> None:
    waived.may_use("gpt-4")
    await waived.chat("gpt-4")
    line = await waived.line()
    granted = {"fallback_waiver": {"gpt-4o": "enforce_fallback_model_access: false"}}
    assert line["fallbacks"] == [{"model": "gpt-4o", "grants": granted}]
    assert (line["allow"], line["models"], line["grants"]) == (True, ["gpt-4"], {"key": {"gpt-4": "gpt-4"}})


async def test_the_client_itself_needs_model_access_as_ever(waived: Falling) -> None:
    waived.may_use("gpt-4")
    assert (await waived.chat("gpt-4o")).status == 403
    assert (await waived.chat("gpt-4", fallbacks=["gpt-4o"])).status == 403
    assert waived.asked() == []


@pytest.mark.parametrize(
    ("change", "rule"),
    [
        (key(blocked=True), "key_active"),
        (key(expires=datetime.fromtimestamp(NOW_NS / 1e9 - 1, UTC)), "key_expiry"),
        (key(allowed_routes=["/v1/embeddings"]), "key_routes"),
        (key(team_id="gone"), "team_exists"),
        (key(project_id="gone"), "project_exists"),
        (key(organization_id="gone"), "org_exists"),
        (record(team=Team(team_id="t", blocked=True)), "team_active"),
        (record(project=Project(project_id="p", blocked=True)), "project_active"),
        (record(user=User(user_id="u", metadata={"scim_active": False})), "user_active"),
        (record(user=User(user_id="u", user_role="proxy_admin_viewer")), "user_role"),
        (record(user=User(user_id="u", models=["no-default-models"])), "user_default_models"),
    ],
)
async def test_what_is_no_list_of_models_refuses_the_fallback(waived: Falling, change: Change, rule: str) -> None:
    change_during_the_call(waived, change)
    answer = await waived.chat("gpt-4")
    assert (answer.status, waived.asked()) == (503, ["gpt-4"])
    assert await waived.skipped() == [("gpt-4o", rule)]
    assert (await waived.line())["fallbacks"] == []


async def test_a_customer_that_is_blocked_meanwhile_has_no_fallback(waived: Falling) -> None:
    waived.customers["c"] = Customer(user_id="c")

    def block(caller: Caller) -> Caller:
        waived.customers["c"] = Customer(user_id="c", blocked=True)
        return caller

    change_during_the_call(waived, block)
    assert (await waived.chat("gpt-4", user="c")).status == 503
    assert await waived.skipped() == [("gpt-4o", "customer_active")]


async def test_a_fallback_is_never_another_teams_model_or_one_that_is_not_there(waived: Falling) -> None:
    waived.fall_back({"gpt-4": ["private", "private-1", "ghost", "gpt-4o"]})
    waived.may_use("gpt-4")
    assert (await waived.chat("gpt-4")).json() == {"model": "gpt-4o"}
    assert await waived.skipped() == [(name, "model_known") for name in ("private", "private-1", "ghost")]


async def test_a_fallback_may_be_the_callers_own_teams_model(waived: Falling) -> None:
    waived.fall_back({"gpt-4": ["private"]})
    waived.may_use("gpt-4", team=Team(team_id="t1"))
    assert (await waived.chat("gpt-4")).json() == {"model": "private-1"}
