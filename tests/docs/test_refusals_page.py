"""The rule that the page of refusals shows refuses as the page says."""

import shutil
from pathlib import Path

from docs.pages import blocks
from harness.bundles import POLICIES, SAMPLE_CONFIG, SAMPLE_MASTER_KEY
from harness.gateway import gateway

DENY = """
# METADATA
# description: Refuses a team, none of which has a contract here.
deny contains "the team's contract has ended" if not _has_no_team

_has_no_team if is_null(input.caller.team)
"""


def test_the_example_refuses_with_its_own_status_and_type_in_its_place(tmp_path: Path) -> None:
    policies = tmp_path / "policies"
    shutil.copytree(POLICIES, policies)
    (policies / "modelward/rules/contract").mkdir()
    (head,) = blocks("docs/refusals.md", "rego")
    (policies / "modelward/rules/contract/contract.rego").write_text(head + DENY)
    (tmp_path / "bundle").mkdir()
    places = {"MODELWARD_POLICIES": str(policies), "MODELWARD_BUNDLE": str(tmp_path / "bundle")}
    with gateway(SAMPLE_CONFIG, tmp_path, master_key=SAMPLE_MASTER_KEY, env=places) as running:
        running.manage("/team/new", {"team_id": "t1", "models": ["gpt-4"]})
        running.manage("/key/generate", {"key": "sk-of-t1", "team_id": "t1"})
        answer = running.chat("openai/o1-pro", key="sk-of-t1")
        error = answer.json()["error"]
        assert (answer.status, error["type"], error["param"], error["code"]) == (451, "contract_ended", None, "451")
        explained = running.manage("/policy/explain", {"key": "sk-of-t1", "model": "openai/o1-pro"})
        assert [reason["rule"] for reason in explained["reasons"]] == ["contract", "team_model_access"]
        assert explained["changes"][0]["words"].endswith("ask the account manager for a new contract")
