"""What the README shows, works as it stands there."""

import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from docs.pages import blocks
from harness.bundles import POLICIES, SAMPLE_CONFIG, SAMPLE_MASTER_KEY
from harness.gateway import Gateway, gateway
from harness.opa import opa_command
from harness.wire import NO_HEADERS, Answer

COMMANDS = [
    (command.strip(), expected.strip())
    for block in blocks("README.md", "sh")
    for command, expected in re.findall(r"(curl .*?)\n# (\d{3}[^\n]*)", block, re.DOTALL)
]


@pytest.fixture(scope="module")
def newcomer(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Gateway]:
    """A Modelward as `make run` starts it, with nobody's keys in it."""
    with gateway(SAMPLE_CONFIG, tmp_path_factory.mktemp("readme"), master_key=SAMPLE_MASTER_KEY) as running:
        yield running


def _run(command: str, port: int) -> str:
    """The status of a curl command, and the error's type if there is one."""
    here = command.replace("127.0.0.1:4000", f"127.0.0.1:{port}").replace("curl -s", "curl -s -w ' %{http_code}'", 1)
    said = subprocess.run(["bash", "-c", here], capture_output=True, text=True, timeout=180, check=True).stdout
    body, _, status = said.rpartition(" ")
    kind = Answer(int(status), NO_HEADERS, body.encode()).error_type
    return f"{status} {kind}" if kind else status


def test_every_command_of_the_walk_answers_as_the_readme_says(newcomer: Gateway) -> None:
    answers = [(command, _run(command, newcomer.port)) for command, _ in COMMANDS]
    assert answers == COMMANDS


def test_the_walk_shows_a_refusal_for_every_way_of_granting() -> None:
    assert sum(expected.startswith("403") for _, expected in COMMANDS) == 10


def test_the_sdk_example_gets_an_answer_and_a_refusal(newcomer: Gateway) -> None:
    newcomer.manage("/key/generate", {"key": "sk-sdk", "models": ["gpt-4"]})
    (example,) = blocks("README.md", "python")
    program = example.replace("127.0.0.1:4000", f"127.0.0.1:{newcomer.port}").replace("sk-page", "sk-sdk")
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, timeout=180, check=False)
    assert done.returncode == 0, done.stderr
    assert "Hello from gpt-4." in done.stdout
    assert "key_model_access_denied" in done.stdout


def test_the_example_rule_passes_its_tests_beside_the_policies(tmp_path: Path) -> None:
    policies = tmp_path / "policies"
    shutil.copytree(POLICIES, policies)
    folder = policies / "modelward/rules/office_hours"
    folder.mkdir(exist_ok=True)
    rule, test = blocks("README.md", "rego")
    (folder / "office_hours.rego").write_text(rule)
    (folder / "office_hours_test.rego").write_text(test)
    opa = opa_command()
    subprocess.run([opa, "fmt", "--list", "--fail", str(folder)], check=True, timeout=120)
    subprocess.run([opa, "check", "--strict", str(policies)], check=True, timeout=120)
    own = ["--run", r"^data\.modelward\.rules\.office_hours_test\.", "--verbose"]
    done = subprocess.run([opa, "test", *own, str(policies)], capture_output=True, text=True, timeout=120, check=False)
    assert done.returncode == 0, done.stdout
    assert len(re.findall(r"office_hours_test\.\S+: PASS", done.stdout)) == 6


def test_the_example_rule_refuses_through_the_gate(tmp_path: Path) -> None:
    policies = tmp_path / "policies"
    shutil.copytree(POLICIES, policies)
    folder = policies / "modelward/rules/office_hours"
    folder.mkdir(exist_ok=True)
    never = blocks("README.md", "rego")[0].replace("hour < 18", "hour < 8")
    (folder / "office_hours.rego").write_text(never)
    (tmp_path / "bundle").mkdir()
    places = {"MODELWARD_POLICIES": str(policies), "MODELWARD_BUNDLE": str(tmp_path / "bundle")}
    with gateway(SAMPLE_CONFIG, tmp_path, master_key=SAMPLE_MASTER_KEY, env=places) as closed:
        answer = closed.chat("openai/o1-pro", key=SAMPLE_MASTER_KEY)
        assert (answer.status, answer.json()["error"]["type"]) == (403, "office_hours_denied")
        assert closed.chat("o1-pro", key=SAMPLE_MASTER_KEY).error_type == "office_hours_denied"
        assert closed.chat("openai/gpt-4", key=SAMPLE_MASTER_KEY).status == 200
