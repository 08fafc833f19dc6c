"""Server-side fallbacks (F2)."""

import pytest

from config.reading import Problems, Read
from modelward.contract import Fallbacks

BASE = """
general_settings: {master_key: sk-1}
model_list:
  - {model_name: gpt-4, litellm_params: {model: openai/gpt-4, mock_response: hi}}
  - {model_name: openai/*, litellm_params: {model: openai/*, mock_response: hi}}
"""


def test_the_lists_of_both_sections_are_one(read_text: Read) -> None:
    config = read_text("""
        router_settings:
          fallbacks: [{a: [b, c], d: [e]}]
          context_window_fallbacks: [{a: [long]}]
        litellm_settings:
          fallbacks: [{f: [g]}, {a: [b, c]}]
          content_policy_fallbacks: [{"*": [lenient]}]
        """)
    assert config.fallbacks == Fallbacks(
        general={"a": ("b", "c"), "d": ("e",), "f": ("g",)},
        context_window={"a": ("long",)},
        content_policy={"*": ("lenient",)},
    )


@pytest.mark.parametrize("section", ["router_settings", "litellm_settings"])
def test_default_fallbacks_are_those_of_every_other_model(read_text: Read, section: str) -> None:
    config = read_text(f"{section}: {{default_fallbacks: [a, b]}}\n")
    assert config.fallbacks == Fallbacks(general={"*": ("a", "b")})


def test_a_config_without_fallbacks_has_none_and_they_would_need_model_access(read_text: Read) -> None:
    text = "router_settings: {fallbacks: , default_fallbacks: }\ngeneral_settings: {enforce_fallback_model_access: }\n"
    config = read_text(text)
    assert (config.fallbacks, config.general_settings.enforce_fallback_model_access) == (Fallbacks(), True)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("router_settings: {fallbacks: {a: [b]}}\n", "1:30: `fallbacks` must be a list, not a map"),
        ("router_settings: {fallbacks: [a]}\n", "1:31: item 1 of `fallbacks` must be a map, not text"),
        ("router_settings: {fallbacks: [{a: b}]}\n", "1:35: `a` must be a list, not text"),
        (
            "router_settings: {fallbacks: [{a: [{model: b}]}]}\n",
            "1:36: item 1 of `a` must be text, not a map",
        ),
        ("litellm_settings: {default_fallbacks: a}\n", "1:39: `default_fallbacks` must be a list, not text"),
        (
            "router_settings: {context_window_fallbacks: [{a: [b, '*']}]}\n",
            "1:54: item 2 of `a`: a fallback must lead to one model, not to the pattern `*`",
        ),
        (
            "litellm_settings: {default_fallbacks: ['gpt-*']}\n",
            "1:40: item 1 of `default_fallbacks`: a fallback must lead to one model, not to the pattern `gpt-*`",
        ),
        (
            "router_settings: {fallbacks: [{a: [b]}, {a: [c]}]}\n",
            "1:42: `a` has other targets in `router_settings.fallbacks`; keep one of the two",
        ),
        (
            "router_settings: {default_fallbacks: [b]}\nlitellm_settings: {fallbacks: [{'*': [c]}]}\n",
            "2:33: `*` has other targets in `router_settings.default_fallbacks`; keep one of the two",
        ),
        (
            "router_settings: {fallbacks: [{'*': [b]}]}\nlitellm_settings: {default_fallbacks: [c]}\n",
            "2:20: `*` has other targets in `router_settings.fallbacks`; keep one of the two",
        ),
    ],
)
def test_faulty_fallbacks_are_reported_at_their_place(problems: Problems, text: str, expected: str) -> None:
    assert problems(text) == [f"config.yaml:{expected}"]


def test_targets_of_different_kinds_may_differ(read_text: Read) -> None:
    config = read_text("router_settings: {fallbacks: [{a: [b]}], content_policy_fallbacks: [{a: [c]}]}\n")
    assert (config.fallbacks.general, config.fallbacks.content_policy) == ({"a": ("b",)}, {"a": ("c",)})


@pytest.mark.parametrize("target", ["gpt-4", "gpt-5", "openai/x", "short"])
def test_a_target_of_the_catalogue_is_fine(read_text: Read, target: str) -> None:
    text = f"litellm_settings: {{model_alias_map: {{short: gpt-4}}, fallbacks: [{{gpt-4: [{target}]}}]}}\n"
    assert read_text(BASE + text).warnings == ()


def test_a_target_outside_the_catalogue_is_warned_of(read_text: Read) -> None:
    (warning,) = read_text(BASE + "router_settings: {fallbacks: [{gpt-4: [gpt-5, claude-9]}]}\n").warnings
    assert (warning.line, warning.column) == (6, 47)
    assert warning.message == "the fallback `claude-9` is no model of the catalogue"


def test_fallbacks_that_run_without_model_access_are_warned_of(read_text: Read) -> None:
    config = read_text(BASE.replace("sk-1}", "sk-1, enforce_fallback_model_access: false}"))
    (warning,) = config.warnings
    assert not config.general_settings.enforce_fallback_model_access
    assert (warning.line, warning.column) == (2, 69)
    assert warning.message == "fallbacks run without model access: a caller may get an answer of a model it may not use"
