"""Which targets the config names for a call: by the name, its entry, or for all; by the kind of failure (F2)."""

import pytest

from gateway.upstream.falling import FAILS, Falling
from gateway.upstream.scripted import answers

TOO_LONG = answers(400, b'{"error": {"code": "context_length_exceeded"}}')
FORBIDDEN = answers(400, b'{"error": {"code": "content_filter"}}')

LOOKUPS: list[tuple[str, dict[str, list[str]], list[str]]] = [
    ("smart", {"smart": ["gpt-4o"], "gpt-4": ["claude-3"], "*": ["claude-3"]}, ["gpt-4", "gpt-4o"]),
    ("smart", {"gpt-4": ["gpt-4o"], "*": ["claude-3"]}, ["gpt-4", "gpt-4o"]),
    ("smart", {"gpt-4o": ["claude-3"], "*": ["gpt-4o"]}, ["gpt-4", "gpt-4o"]),
    ("mistral/large", {"mistral/*": ["gpt-4o"]}, ["mistral/large", "gpt-4o"]),
    ("mistral/large", {"mistral/*": ["mistral/large", "mistral/small"]}, ["mistral/large", "mistral/small"]),
    ("gpt-4", {"gpt-4": [], "*": ["gpt-4o"]}, ["gpt-4"]),
    ("gpt-4", {"gpt-4o": ["claude-3"]}, ["gpt-4"]),
    ("gpt-4", {"*": ["gpt-4", "gpt-4o"]}, ["gpt-4", "gpt-4o"]),
    ("smart", {"smart": ["smart", "gpt-4", "gpt-4o"]}, ["gpt-4", "gpt-4o"]),
    ("claude-3", {"claude-3": ["smart", "gpt-4o"]}, ["claude-3", "gpt-4", "gpt-4o"]),
    ("gpt-4", {"gpt-4": ["claude-3", "claude-3"], "claude-3": ["gpt-4o"]}, ["gpt-4", "claude-3"]),
]


@pytest.mark.parametrize(("model", "general", "asked"), LOOKUPS)
async def test_fallbacks_are_those_of_the_name_else_of_its_entry_else_of_all(
    gated: Falling, model: str, general: dict[str, list[str]], asked: list[str]
) -> None:
    gated.fall_back(general)
    gated.scripts.update(dict.fromkeys(("mistral/large", "claude-3"), FAILS))
    await gated.chat(model)
    assert gated.asked() == asked


async def test_a_fallback_that_nobody_serves_is_skipped(gated: Falling) -> None:
    gated.fall_back({"gpt-4": ["ghost", "gpt-4o"]})
    assert (await gated.chat("gpt-4")).json() == {"model": "gpt-4o"}
    assert await gated.skipped() == [("ghost", "model_known")]


SPECIAL = {"context_window": TOO_LONG, "content_policy": FORBIDDEN}


@pytest.mark.parametrize("kind", list(SPECIAL))
async def test_a_special_failure_has_fallbacks_of_its_own(gated: Falling, kind: str) -> None:
    gated.fall_back({"gpt-4": ["gpt-4o"]}, **{kind: {"gpt-4": ["claude-3"]}})
    gated.scripts["gpt-4"] = SPECIAL[kind]
    assert (await gated.chat("gpt-4")).json() == {"model": "claude-3"}


async def test_a_special_failure_without_fallbacks_of_its_own_is_returned(gated: Falling) -> None:
    gated.scripts["gpt-4"] = TOO_LONG
    assert (await gated.chat("gpt-4")).status == 400
    assert gated.asked() == ["gpt-4"]
