"""`include`: several files as one config."""

from pathlib import Path

import pytest

from config.reading import Problems, Read
from modelward.config import read

ONE = "model_list:\n  - {model_name: one, litellm_params: {model: openai/one, mock_response: hi}}\n"
TWO = "model_list:\n  - {model_name: two, litellm_params: {model: openai/two, mock_response: hi}}\n"


@pytest.mark.parametrize("include", ["include: two.yaml\n", "include: [two.yaml]\n"])
def test_an_included_model_list_is_appended(read_text: Read, include: str) -> None:
    config = read_text(include + ONE, files={"two.yaml": TWO})
    assert [model.public_name for model in config.models] == ["one", "two"]


def test_included_maps_update_and_say_what_they_replace(read_text: Read) -> None:
    own = "include: two.yaml\ngeneral_settings: {master_key: sk-1, completion_model: one}\n" + ONE
    config = read_text(own, files={"two.yaml": "general_settings:\n  master_key: sk-2\n"})
    general = config.general_settings
    assert (general.master_key, general.completion_model) == ("sk-2", "one")
    (warning,) = config.warnings
    assert str(warning).startswith("two.yaml:2:3: `general_settings.master_key` is set at ")
    assert "sk-" not in str(warning)


def test_paths_are_relative_to_the_file_that_includes(read_text: Read, tmp_path: Path) -> None:
    files = {"sub/two.yaml": "include: more/three.yaml\n" + TWO, "sub/more/three.yaml": ONE.replace("one", "three")}
    config = read_text("include: sub/two.yaml\n" + ONE, files=files)
    assert [model.public_name for model in config.models] == ["one", "two", "three"]
    assert [path.relative_to(tmp_path).as_posix() for path in config.files] == [
        "config.yaml",
        "sub/two.yaml",
        "sub/more/three.yaml",
    ]


def test_a_problem_in_an_included_file_is_placed_there(problems: Problems) -> None:
    files = {"sub/two.yaml": "model_list:\n  - {model_name: two, litellm_params: {}}\n"}
    assert problems("include: sub/two.yaml\n" + ONE, files=files) == ["sub/two.yaml:2:39: `model` is missing"]


def test_a_cycle_is_reported_where_it_closes(problems: Problems) -> None:
    found = problems("include: two.yaml\n" + ONE, files={"two.yaml": "include: [config.yaml]\n" + TWO})
    assert found == ["two.yaml:1:11: `config.yaml` includes itself; remove one `include` of the circle"]


def test_a_file_included_twice_is_reported(problems: Problems) -> None:
    found = problems("include: [two.yaml, ./two.yaml]\n" + ONE, files={"two.yaml": TWO})
    assert found == ["config.yaml:1:21: `./two.yaml` is included twice; remove one of the two"]


def test_missing_and_broken_files_are_reported_at_once(problems: Problems) -> None:
    found = problems("include: [no.yaml, two.yaml, .]\n" + ONE, files={"two.yaml": "a: b: c\n"})
    assert found == [
        "config.yaml:1:11: `no.yaml` cannot be included: no such file",
        "config.yaml:1:30: `.` cannot be included: this is a directory; give a YAML file",
        "two.yaml:1:5: this is not YAML: mapping values are not allowed in this context",
    ]


@pytest.mark.parametrize("value", ["{a: b}", "[[x]]", "", '""', '"a\\0b"'])
def test_an_include_that_names_no_file_is_refused(problems: Problems, value: str) -> None:
    assert "`include` must be a file name" in problems(f"include: {value}\n{ONE}")[0]


def test_a_file_name_that_no_disk_takes_is_reported(problems: Problems) -> None:
    name = "x" * 5_000
    assert problems(f"include: {name}\n{ONE}")[0].startswith(f"config.yaml:1:10: `{name}` cannot be included: ")


def test_an_anchor_cycle_in_an_included_file_is_reported(problems: Problems) -> None:
    found = problems("include: two.yaml\n" + ONE, files={"two.yaml": "x: &x [*x]\n"})
    assert found == ["two.yaml:1:4: this anchor contains itself; remove the inner alias"]


def test_the_main_file_is_shown_as_it_was_given(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "config.yaml").write_text(ONE)
    monkeypatch.chdir(tmp_path)
    config = read(Path("config.yaml"), {})
    assert [warning.file for warning in config.warnings] == ["config.yaml"]
