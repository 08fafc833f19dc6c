"""What the README and the walkthrough show, works as it is written there."""

import difflib
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner

from docs.pages import blocks
from harness.bundles import SAMPLE_CONFIG, SAMPLE_MASTER_KEY
from harness.gateway import Gateway, gateway
from harness.wire import NO_HEADERS, Answer
from modelward.bundle import laid_out
from modelward.cli import main
from modelward.compiler import compile_catalog
from modelward.config import read

REVISION = re.compile(r"sha256:[0-9a-f]{64}")


def _commands(page: str) -> list[tuple[str, str]]:
    return [
        (command.strip(), expected.strip())
        for block in blocks(page, "sh")
        for command, expected in re.findall(r"(curl .*?)\n# (\d{3}[^\n]*)", block, re.DOTALL)
    ]


README, WALKTHROUGH = _commands("README.md"), _commands("docs/walkthrough.md")


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where the newcomer's database is."""
    return tmp_path_factory.mktemp("readme")


@pytest.fixture(scope="module")
def newcomer(folder: Path) -> Iterator[Gateway]:
    """A Modelward as `make run` starts it, with nobody's keys in it."""
    with gateway(SAMPLE_CONFIG, folder, master_key=SAMPLE_MASTER_KEY) as running:
        yield running


@pytest.fixture(scope="module")
def answers(newcomer: Gateway) -> list[tuple[str, str]]:
    """Every command of the README, then every command of the walkthrough, with what it answers."""
    return [(command, _run(command, newcomer.port)) for command, _ in [*README, *WALKTHROUGH]]


def _run(command: str, port: int) -> str:
    """The status of a curl command, and the error's type if there is one."""
    here = command.replace("127.0.0.1:4000", f"127.0.0.1:{port}").replace("curl -s", "curl -s -w ' %{http_code}'", 1)
    said = subprocess.run(["bash", "-c", here], capture_output=True, text=True, timeout=180, check=True).stdout
    body, _, status = said.rpartition(" ")
    kind = Answer(int(status), NO_HEADERS, body.encode()).error_type
    return f"{status} {kind}" if kind else status


def test_every_command_of_the_readme_and_then_of_the_walkthrough_answers_as_they_say(
    answers: list[tuple[str, str]],
) -> None:
    assert answers == [*README, *WALKTHROUGH]


def test_the_readme_shows_a_refusal_by_a_key_and_by_a_team() -> None:
    refusals = [expected for _, expected in README if expected.startswith("403")]
    assert refusals == ["403 key_model_access_denied", "403 team_model_access_denied"]


def test_the_walkthrough_shows_a_refusal_for_every_other_way_of_granting() -> None:
    assert sum(expected.startswith("403") for _, expected in WALKTHROUGH) == 8


def test_the_walkthrough_needs_no_command_of_the_readme() -> None:
    made = {key for command, _ in README for key in re.findall(r"sk-(?!1234)\w+", command)}
    assert not [command for command, _ in WALKTHROUGH for key in made if key in command]


@pytest.mark.usefixtures("answers")
def test_explain_prints_what_the_readme_shows(folder: Path) -> None:
    (shown,) = blocks("README.md", "text")
    asked = ["explain", str(SAMPLE_CONFIG), "--key", "sk-page", "--model", "gpt-4o"]
    done = CliRunner().invoke(main, [*asked, "--database-url", f"sqlite:///{folder / 'modelward.db'}"])
    assert REVISION.sub("sha256:...", done.stdout) == shown


def test_the_sdk_example_gets_an_answer_and_a_refusal(newcomer: Gateway) -> None:
    newcomer.manage("/key/generate", {"key": "sk-sdk", "models": ["gpt-4"]})
    (example,) = blocks("docs/walkthrough.md", "python")
    program = example.replace("127.0.0.1:4000", f"127.0.0.1:{newcomer.port}").replace("sk-walk", "sk-sdk")
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, timeout=180, check=False)
    assert done.returncode == 0, done.stderr
    assert "Hello from gpt-4." in done.stdout
    assert "key_model_access_denied" in done.stdout


def test_a_changed_access_group_changes_the_bundle_as_the_readme_shows(tmp_path: Path) -> None:
    config, plain = tmp_path / "config.yaml", "      mock_response: Hello from gpt-4o.\n"
    grouped = f'{plain}    model_info:\n      access_groups: ["beta-models"]\n'
    config.write_text(SAMPLE_CONFIG.read_text().replace(plain, grouped))
    before, after = (
        laid_out(compile_catalog(read(each, {}))).decode().splitlines(keepends=True) for each in (SAMPLE_CONFIG, config)
    )
    _, _, _, *changed = difflib.unified_diff(before, after, n=1)
    assert blocks("README.md", "diff") == ["".join(changed)]
