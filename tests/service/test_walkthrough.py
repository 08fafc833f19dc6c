"""The steps of LiteLLM's page "Control Model Access", one by one, against the sample."""

import pytest

from harness.gateway import Gateway


def test_a_key_is_restricted_to_its_models(sample: Gateway) -> None:
    key = sample.new_key(models=["gpt-3.5-turbo", "gpt-4"])
    assert sample.chat("gpt-4", key=key).status == 200
    refused = sample.chat("gpt-4o", key=key)
    assert (refused.status, refused.error_type) == (403, "key_model_access_denied")


def test_a_team_is_restricted_to_its_models(sample: Gateway) -> None:
    team = sample.manage("/team/new", {"team_alias": "litellm-dev", "models": ["azure-gpt-3.5"]})["team_id"]
    key = sample.new_key(team_id=team)
    assert sample.chat("azure-gpt-3.5", key=key).status == 200
    refused = sample.chat("BEDROCK_GROUP", key=key)
    assert (refused.status, refused.error_type) == (403, "team_model_access_denied")


def test_a_key_with_a_group_may_use_the_group(sample: Gateway) -> None:
    key = sample.new_key(models=["beta-models"], max_budget=0)
    assert sample.chat("gpt-4", key=key).status == 200
    assert sample.chat("fireworks-llama-v3-70b-instruct", key=key).status == 200
    assert sample.chat("gpt-4o", key=key).error_type == "key_model_access_denied"


def test_a_team_with_a_group_may_use_the_group(sample: Gateway) -> None:
    team = sample.manage("/team/new", {"models": ["beta-models"]})["team_id"]
    key = sample.new_key(team_id=team)
    assert sample.chat("gpt-4", key=key).status == 200
    assert sample.chat("gpt-4o", key=key).error_type == "team_model_access_denied"


@pytest.mark.parametrize(("group", "allowed", "refused"), [
    ("default-models", "openai/gpt-4", "openai/o1-mini"),
    ("restricted-models", "openai/o1-mini", "openai/gpt-4"),
])  # fmt: skip
def test_a_wildcard_group_leaves_out_the_more_specific_one(
    sample: Gateway, group: str, allowed: str, refused: str
) -> None:
    key = sample.new_key(models=[group])
    assert sample.chat(allowed, key=key).status == 200
    assert sample.chat(refused, key=key).error_type == "key_model_access_denied"
