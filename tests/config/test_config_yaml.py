"""What is and is not a readable config file."""

from pathlib import Path

import pytest

from config.reading import Problems, Read
from modelward.config import read
from modelward.errors import ConfigError


def test_broken_yaml_is_reported_where_it_breaks(problems: Problems) -> None:
    (problem,) = problems("model_list:\n  - model_name: a: b\n")
    assert problem.startswith("config.yaml:2:18: this is not YAML: mapping values are not allowed")


def test_an_unclosed_list_is_reported(problems: Problems) -> None:
    assert "this is not YAML" in problems("model_list: [\n")[0]


def test_an_empty_file_is_refused(problems: Problems) -> None:
    assert problems("# nothing\n") == ["config.yaml:1:1: the file is empty; it needs at least `model_list`"]


def test_a_list_is_no_config(problems: Problems) -> None:
    assert problems("- a\n") == ["config.yaml:1:1: the file must hold a map of settings such as `model_list:`"]


def test_two_documents_are_refused(problems: Problems) -> None:
    assert "expected a single document" in problems("model_list: []\n---\nmodel_list: []\n")[0]


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match=r"nowhere\.yaml:1:1: no such file"):
        read(tmp_path / "nowhere.yaml", {})


def test_a_directory_is_no_config(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="this is a directory"):
        read(tmp_path, {})


def test_a_file_that_is_not_utf8_is_reported_where_it_is_not(tmp_path: Path) -> None:
    path = tmp_path / "config.yaml"
    path.write_bytes(b"model_list:\n  - model_name: \xff\n")
    with pytest.raises(ConfigError, match=r"config\.yaml:2:17: the file is not UTF-8"):
        read(path, {})


def test_a_control_character_is_refused(problems: Problems) -> None:
    assert "control characters are not allowed" in problems("model_list: []\nx: \x07\n")[0]


def test_a_byte_order_mark_is_no_part_of_the_first_key(tmp_path: Path) -> None:
    path = tmp_path / "config.yaml"
    path.write_bytes(b"\xef\xbb\xbfmodel_list: []\n")
    assert read(path, {}).models == ()


def test_a_key_set_twice_is_refused(problems: Problems) -> None:
    text = "general_settings:\n  master_key: sk-1\n  master_key: sk-2\n"
    assert problems(text) == ["config.yaml:3:3: `master_key` is set twice in this map, first in line 2"]


def test_anchors_and_merge_keys_work(read_text: Read) -> None:
    config = read_text("""
        x-shared: &shared
          model: openai/gpt-4
          api_base: https://a.example
        model_list:
          - model_name: one
            litellm_params: {<<: *shared, api_base: https://b.example}
          - model_name: two
            litellm_params: *shared
        """)
    assert [model.item.litellm_params.api_base for model in config.models] == ["https://b.example", "https://a.example"]


def test_a_problem_in_a_merged_map_is_placed_where_it_is_written(problems: Problems) -> None:
    found = problems("""\
        x-shared: &shared
          model: openai/gpt-4
          timeout: soon
        model_list:
          - model_name: one
            litellm_params: {<<: *shared}
        """)
    assert found == ["config.yaml:3:12: `timeout` must be a number, not text"]


def test_merging_what_is_no_map_is_refused(problems: Problems) -> None:
    assert problems("model_list: []\nx: {<<: 1}\n") == ["config.yaml:2:9: `<<` merges maps only"]


def test_an_anchor_that_contains_itself_is_refused(problems: Problems) -> None:
    assert "contains itself" in problems("model_list: []\nx: &x [*x]\n")[0]


def test_a_yaml_bomb_is_refused(problems: Problems) -> None:
    levels = [f"l{n}: &l{n} [{', '.join([f'*l{n - 1}'] * 10)}]" for n in range(1, 10)]
    assert "unfold to too much" in problems("\n".join(["l0: &l0 [x]", *levels]))[0]


def test_aliases_that_unfold_very_deep_are_refused(problems: Problems) -> None:
    levels = [f"l{n}: &l{n} [*l{n - 1}]" for n in range(1, 200)]
    assert "unfold to too much" in problems("\n".join(["l0: &l0 [x]", *levels]))[0]


@pytest.mark.parametrize("text", ["[" * 100_000, "- " * 100_000 + "x"], ids=["flow", "block"])
def test_a_file_nested_very_deep_is_refused(problems: Problems, text: str) -> None:
    assert problems(text) == ["config.yaml:1:1: the file is nested deeper than 100 levels"]


@pytest.mark.parametrize("value", ["!!binary aGk=", "!!set {a, b}", "!mine x", "!!int x", "!!int ''"])
def test_a_value_that_json_does_not_know_is_refused(problems: Problems, value: str) -> None:
    assert "cannot be read here" in problems(f"model_list: []\nx: {value}\n")[0]


def test_a_key_that_is_a_list_is_refused(problems: Problems) -> None:
    assert problems("? [a]\n: 1\n") == ["config.yaml:1:3: a key must be text"]


@pytest.mark.parametrize("word", ["on", "no", "Yes", "true"])
def test_a_name_that_yaml_reads_as_a_boolean_is_an_error_with_the_remedy(problems: Problems, word: str) -> None:
    text = f"model_list:\n  - model_name: {word}\n    litellm_params: {{model: openai/x}}\n"
    message = f'`model_name` must be text, not a boolean: YAML reads `{word}` as one; write `"{word}"`'
    assert problems(text) == [f"config.yaml:2:17: {message}"]


def test_a_date_is_the_text_that_was_written(read_text: Read) -> None:
    config = read_text("""
        model_list:
          - model_name: gpt-4
            litellm_params: {model: azure/x, api_base: "https://x.example", api_version: 2024-02-01}
        """)
    assert config.models[0].item.litellm_params.api_version == "2024-02-01"
