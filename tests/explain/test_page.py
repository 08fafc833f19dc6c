"""What the page of explain shows is what the command prints."""

import re
import shlex
from pathlib import Path

import click
import pytest
from click.testing import CliRunner

from docs.pages import blocks, table
from modelward.cli import main

PAGE = "docs/explain.md"
REVISION = re.compile(r"sha256:[0-9a-f]{64}")


def test_the_example_prints_what_the_page_shows(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    (config,), (command,), (shown,) = (blocks(PAGE, language) for language in ("yaml", "sh", "text"))
    Path("explain.yaml").write_text(config)
    done = CliRunner().invoke(main, shlex.split(command)[1:])
    assert done.exit_code == 0
    assert REVISION.sub("sha256:...", done.stdout) == shown


def test_the_options_of_the_page_are_those_of_the_command() -> None:
    options = [each for each in main.commands["explain"].params if isinstance(each, click.Option)]
    documented = {name for row in table(PAGE, "option") for name in re.findall(r"--[\w-]+", row[0])}
    assert documented == {each.opts[0] for each in options} - {"--config", "--help"}
