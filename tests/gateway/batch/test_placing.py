"""A file goes where every model in it is served in one account."""

from collections.abc import Callable
from dataclasses import replace

import pytest

from gateway.batch.files import CHAT, groups, line
from gateway.configs import PLAIN, Compile, decision
from modelward.contract import Deployment, Target, Use
from modelward.errors import DecisionUnavailable, Invalid
from modelward.gateway.batch.groups import place
from modelward.gateway.judge import Verdict

Judged = Callable[..., Verdict]


def at(account: str, model: str, upstream_model: str | None = None) -> Deployment:
    """A deployment of `model` in an account."""
    name = upstream_model or f"up-{model}"
    return Deployment(f"{account}-{model}-{name}", model, "openai", name, "key", f"https://{account}/v1")


@pytest.fixture
def judged(compile_config: Compile) -> Judged:
    """Makes a yes to models that are served at these deployments, each under its own name."""
    snapshot = compile_config(PLAIN)

    def verdict(*deployments: Deployment) -> Verdict:
        known = {each.id: each for each in deployments}
        served: dict[str, list[str]] = {}
        for each in deployments:
            served.setdefault(each.entry, []).append(each.id)
        targets = {name: Target(entry=name, model=name, deployments=ids) for name, ids in served.items()}
        return Verdict(decision(targets=targets), replace(snapshot, deployments=known))

    return verdict


def test_the_account_that_serves_all_models_is_found(judged: Judged) -> None:
    near, far, other = at("near", "a"), at("far", "a"), at("far", "b")
    (asked,) = groups(line({"model": "a"}), line({"model": "b"}))
    found = place([near, far], [(asked, judged(near, far, other))])
    assert found.deployments == [far]
    assert found.names == {(CHAT, None): {"a": "up-a", "b": "up-b"}}


def test_every_account_with_the_same_names_may_take_the_file(judged: Judged) -> None:
    first, second, third = at("x", "a"), at("y", "a"), at("z", "a", "else")
    (asked,) = groups(line({"model": "a"}))
    assert place([first, second, third], [(asked, judged(first, second, third))]).deployments == [first, second]


def test_models_of_different_accounts_have_no_place(judged: Judged) -> None:
    (asked,) = groups(line({"model": "a"}), line({"model": "b"}))
    with pytest.raises(Invalid, match="a file for each"):
        place([at("x", "a")], [(asked, judged(at("x", "a"), at("y", "b")))])


def test_a_nested_model_must_be_served_there_too_and_a_fallback_need_not(judged: Judged) -> None:
    verdict = judged(at("x", "a"), at("y", "b"))
    (asked,) = groups(line({"model": "a", "fallbacks": ["b"]}))
    assert place([at("x", "a")], [(asked, verdict)]).names == {(CHAT, None): {"a": "up-a"}}
    (asked,) = groups(line({"model": "a", "moderation": {"model": "b"}}))
    with pytest.raises(Invalid):
        place([at("x", "a")], [(asked, verdict)])


def test_each_group_has_names_by_its_own_verdict(judged: Judged) -> None:
    old, new = at("x", "a", "old"), at("x", "a", "new")
    plain, named = groups(line({"model": "a"}), line({"model": "a", "user": "c"}))
    found = place([old], [(plain, judged(old)), (named, judged(new))])
    assert found.uses() == (Use(CHAT, ("a",), ("old",)), Use(CHAT, ("a",), ("new",), "c"))


def test_a_group_that_was_not_judged_has_no_names(judged: Judged) -> None:
    (asked,) = groups(line({"model": "a"}))
    found = place([at("x", "a")], [(asked, judged(at("x", "a")))])
    with pytest.raises(DecisionUnavailable):
        found.name((CHAT, "someone"), "a")
