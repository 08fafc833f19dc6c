"""Global aliases (C5)."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from config.reading import Problems, Read
from modelward.config.fields import final_targets
from modelward.errors import AliasCycle

NAMES = st.sampled_from("abcdefgh")


def test_text_and_long_form_are_read(read_text: Read) -> None:
    config = read_text("""
        router_settings: {model_group_alias: {a: gpt-4, b: {model: gpt-4, hidden: true}}}
        litellm_settings: {model_alias_map: {c: gpt-4}}
        """)
    assert {name: (alias.target, alias.hidden) for name, alias in config.aliases.items()} == {
        "a": ("gpt-4", False),
        "b": ("gpt-4", True),
        "c": ("gpt-4", False),
    }


def test_chains_lead_to_their_end_across_both_settings(read_text: Read) -> None:
    config = read_text("""
        router_settings: {model_group_alias: {a: b}}
        litellm_settings: {model_alias_map: {b: c, c: gpt-4}}
        """)
    assert {alias.target for alias in config.aliases.values()} == {"gpt-4"}


def test_a_cycle_is_a_problem(problems: Problems) -> None:
    found = problems("router_settings:\n  model_group_alias:\n    a: b\n    b: c\n    c: b\n")
    assert found == ["config.yaml:4:8: aliases lead in a circle: `b` -> `c` -> `b`; break it"]


def test_an_alias_of_itself_is_a_problem(problems: Problems) -> None:
    found = problems("litellm_settings: {model_alias_map: {gpt-4: gpt-4}}\n")
    assert found == ["config.yaml:1:45: aliases lead in a circle: `gpt-4` -> `gpt-4`; break it"]


def test_two_targets_of_one_alias_are_a_problem(problems: Problems) -> None:
    found = problems("""\
        router_settings: {model_group_alias: {a: b}}
        litellm_settings: {model_alias_map: {a: c}}
        """)
    assert found == ["config.yaml:2:41: the alias `a` has another target in `model_group_alias`; keep one of the two"]


def test_an_alias_of_a_pattern_is_a_problem(problems: Problems) -> None:
    found = problems("litellm_settings: {model_alias_map: {a: openai/*}}\n")
    assert found == ["config.yaml:1:41: the alias `a` must lead to one model, not to the pattern `openai/*`"]


def test_a_very_long_chain_is_followed() -> None:
    chain = {str(n): str(n + 1) for n in range(20_000)}
    assert set(final_targets(chain).values()) == {"20000"}


@given(st.dictionaries(NAMES, NAMES))
def test_a_final_target_is_no_alias_and_reached_by_following(aliases: dict[str, str]) -> None:
    try:
        ends = final_targets(aliases)
    except AliasCycle as cycle:
        assert all(aliases[name] == after for name, after in zip(cycle.names, cycle.names[1:], strict=False))
        assert cycle.names[0] == cycle.names[-1]
        return
    assert ends.keys() == aliases.keys()
    for alias, end in ends.items():
        assert end not in aliases
        assert ends.get(aliases[alias], aliases[alias]) == end


@pytest.mark.parametrize("name", ["beta", "all-proxy-models"])
def test_an_alias_named_like_a_group_or_special_word_is_warned_of(read_text: Read, name: str) -> None:
    config = read_text(f"""
        general_settings: {{master_key: sk-1}}
        model_list:
          - model_name: gpt-4
            litellm_params: {{model: openai/gpt-4, mock_response: hi}}
            model_info: {{access_groups: [beta]}}
        litellm_settings: {{model_alias_map: {{{name}: gpt-4}}}}
        """)
    assert [warning.message for warning in config.warnings] == [
        f"the alias `{name}` can never be asked for: it is also a group or a special word"
    ]
