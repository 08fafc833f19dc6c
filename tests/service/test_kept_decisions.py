"""Decisions are kept while they hold, and only where every rule says until when that is."""

import re
import shutil
import time
from pathlib import Path
from typing import Any

import yaml

from harness.bundles import POLICIES
from harness.gateway import Gateway, gateway
from harness.opa import opa_server
from service.conftest import MASTER_KEY, Place

CLOCKED = """\
# METADATA
# title: A rule that reads the clock
package modelward.rules.clocked

# METADATA
# description: Refuses what is asked at no time.
deny contains "no" if not _timed

_timed if input.request.time_ns > 1
"""


def write(folder: Path, **settings: Any) -> Path:
    """A config whose only model answers by itself."""
    model = {"model_name": "gpt-4", "litellm_params": {"model": "openai/gpt-4", "mock_response": "hello"}}
    content = {"model_list": [model], "general_settings": {"master_key": MASTER_KEY}, "modelward_settings": settings}
    (folder / "config.yaml").write_text(yaml.safe_dump(content))
    return folder / "config.yaml"


def counted(served: Gateway) -> dict[str, int]:
    """The outcomes of the memo."""
    text = served.call("GET", "/metrics", key=MASTER_KEY).text
    found = re.findall(r'^modelward_decision_memo_total\{outcome="(\w+)"\} (\d+)', text, re.MULTILINE)
    return {outcome: int(number) for outcome, number in found}


def test_an_equal_call_needs_no_decision_and_a_changed_caller_one_of_its_own(tmp_path: Path) -> None:
    with gateway(write(tmp_path), tmp_path, master_key=MASTER_KEY) as served:
        key = served.new_key()
        assert served.chat("gpt-4", key=key).status == 200
        before = counted(served)
        assert [served.chat("gpt-4", key=key).status for _ in range(3)] == [200] * 3
        assert counted(served)["hit"] >= before["hit"] + 3
        served.manage("/key/block", {"key": key})
        assert served.chat("gpt-4", key=key).status == 401
        served.manage("/key/unblock", {"key": key})
        served.manage("/key/update", {"key": key, "models": ["gpt-4o"]})
        assert served.chat("gpt-4", key=key).status == 403


def test_readiness_asks_the_engine(tmp_path: Path) -> None:
    with gateway(write(tmp_path), tmp_path, master_key=MASTER_KEY) as served:
        before = counted(served)
        assert served.readiness().status == 200
        assert counted(served)["hit"] - before["hit"] <= 1  # that of the metrics


def test_a_config_that_says_so_keeps_no_decision(tmp_path: Path) -> None:
    with gateway(write(tmp_path, decision_memo=False), tmp_path, master_key=MASTER_KEY) as served:
        assert [served.chat("gpt-4", key=MASTER_KEY).status for _ in range(2)] == [200] * 2
        assert counted(served) == {"hit": 0, "miss": 0}


def test_no_decision_is_kept_while_a_rule_reads_the_clock_and_has_no_end(tmp_path: Path) -> None:
    policies = tmp_path / "policies"
    shutil.copytree(POLICIES, policies)
    rule = policies / "modelward/rules/clocked/clocked.rego"
    rule.parent.mkdir()
    rule.write_text(CLOCKED)
    env = {"MODELWARD_POLICIES": str(policies), "MODELWARD_BUNDLE": str(tmp_path)}
    with gateway(write(tmp_path), tmp_path, master_key=MASTER_KEY, env=env) as served:
        assert [served.chat("gpt-4", key=MASTER_KEY).status for _ in range(2)] == [200] * 2
        assert counted(served) == {"hit": 0, "miss": 0}
        assert "no decision is kept: `modelward.rules.clocked` reads the clock" in served.process.output


def test_what_an_opa_server_decided_is_asked_again_after_a_second(place: Place) -> None:
    with opa_server([POLICIES, place.bundle()], place.folder) as opa, place.serve(opa_url=opa.url) as served:
        assert [served.chat("allowed", key=MASTER_KEY).status for _ in range(2)] == [200] * 2
        before = counted(served)
        assert before["hit"] >= 1
        time.sleep(1.1)
        assert served.chat("allowed", key=MASTER_KEY).status == 200
        assert counted(served)["hit"] == before["hit"]
