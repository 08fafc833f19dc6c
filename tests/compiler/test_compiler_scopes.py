"""Entries, wildcards and teams' own deployments in the catalogue (C1, C3, C6)."""

import tempfile
from itertools import pairwise
from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from compiler.configs import catalog_of, deployment
from modelward.contract import Wildcard

PATTERNS = st.text(alphabet="ab/*.", min_size=1, max_size=6).filter(
    lambda text: "*" in text and ".*" not in text and not {".", ".."} & set(text.split("/"))
)


def test_deployments_of_one_name_are_one_entry_with_the_union_of_groups(tmp_path: Path) -> None:
    catalog = catalog_of(tmp_path, deployment("a", "x", id="1"), deployment("a", "y", id="2"), deployment("b", id="3"))
    assert catalog.common.entries["a"].deployments == {"1": {"x": True}, "2": {"y": True}}
    assert catalog.common.entries["a"].groups == {"x": True, "y": True}
    assert catalog.common.entries["b"].groups == {}


def test_every_group_is_listed_those_of_teams_too(tmp_path: Path) -> None:
    catalog = catalog_of(tmp_path, deployment("a", "x"), deployment("b", "y", team_id="t"))
    special = {"no-default-models", "all-team-models", "all-proxy-models"}
    assert catalog.reserved == dict.fromkeys({"x", "y"} | special, True)


def test_a_wildcard_is_an_entry_and_stands_under_its_literal_prefix(tmp_path: Path) -> None:
    catalog = catalog_of(tmp_path, deployment("openai/*", "x"), deployment("*"), deployment("openai/o1-*-x*"))
    assert set(catalog.common.entries) == {"openai/*", "*", "openai/o1-*-x*"}
    assert catalog.common.wildcards == {
        "openai/o1-": [Wildcard(name="openai/o1-*-x*", rank=0)],
        "openai/": [Wildcard(name="openai/*", rank=1)],
        "": [Wildcard(name="*", rank=2)],
    }
    assert catalog.common.lengths == [0, 7, 10]


def test_wildcards_of_one_prefix_are_sorted_by_rank(tmp_path: Path) -> None:
    catalog = catalog_of(tmp_path, deployment("a*"), deployment("a*b*"), deployment("a*bc"), deployment("a*d"))
    assert [wildcard.name for wildcard in catalog.common.wildcards["a"]] == ["a*bc", "a*d", "a*b*", "a*"]


def test_a_team_s_wildcard_ranks_before_a_common_one_of_the_same_specificity(tmp_path: Path) -> None:
    catalog = catalog_of(tmp_path, deployment("a*"), deployment("b*", team_id="t"), deployment("cc*"))
    assert catalog.teams["t"].wildcards["b"][0].rank == 1
    assert catalog.common.wildcards["a"][0].rank == 2


def test_a_team_s_deployment_is_in_its_team_s_scope_alone(tmp_path: Path) -> None:
    own = deployment("internal-1", "x", team_id="t", team_public_model_name="gpt-4", id="1")
    catalog = catalog_of(tmp_path, deployment("gpt-4", id="2"), own)
    assert set(catalog.common.entries) == {"gpt-4"}
    assert catalog.common.entries["gpt-4"].deployments == {"2": {}}
    assert set(catalog.teams) == {"t"}
    assert catalog.teams["t"].entries["gpt-4"].deployments == {"1": {"x": True}}
    assert catalog.teams["t"].names == {"gpt-4": "gpt-4", "internal-1": "gpt-4"}


def test_a_team_s_deployment_without_public_name_keeps_its_name(tmp_path: Path) -> None:
    catalog = catalog_of(tmp_path, deployment("a", team_id="t"))
    assert catalog.teams["t"].names == {"a": "a"}


def test_the_common_scope_has_no_other_names(tmp_path: Path) -> None:
    assert catalog_of(tmp_path, deployment("a")).common.names == {}


@given(st.lists(PATTERNS, min_size=1, max_size=8, unique=True))
def test_ranks_are_the_order_of_specificity(patterns: list[str]) -> None:
    with tempfile.TemporaryDirectory() as folder:
        catalog = catalog_of(Path(folder), *map(deployment, patterns))
    ranks = {card.name: card.rank for bucket in catalog.common.wildcards.values() for card in bucket}
    by_rank = sorted(ranks, key=lambda name: ranks[name])
    literal = {name: len(name.replace("*", "")) for name in patterns}
    assert sorted(ranks.values()) == list(range(len(patterns)))
    for first, second in pairwise(by_rank):
        assert (-literal[first], first.count("*"), patterns.index(first)) < (
            -literal[second],
            second.count("*"),
            patterns.index(second),
        )
