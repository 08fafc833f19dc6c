"""Drawn questions, from few words so that they meet often."""

from dataclasses import dataclass, field
from random import Random
from typing import Any

from hypothesis import strategies as st
from hypothesis.vendor.pretty import RepresentationPrinter

from engines.drawn import Draws
from engines.drawn_callers import caller
from engines.drawn_configs import config, reachable
from engines.drawn_records import RecordDice
from engines.words import ALIASES, GROUPS, JUNK, NAMES, NOW, SPECIAL, WILDCARDS
from modelward.contract import Input, Request

_ANY_NAME = [*NAMES, *WILDCARDS, *GROUPS, *SPECIAL, *ALIASES, *JUNK[1:], "mine", "ours"]
_AZURE = "/openai/deployments/{model}/chat/completions"
_MODELS_IN_PATHS = {
    "some-model": ["some-model"],
    "some%2Dmodel": ["some-model"],
    "a%2fb": ["a/b"],
    "a/b": ["a/b"],
    "some-model,%20other": ["some-model", "other"],
    "other,some%2dmodel": ["other", "some-model"],
}
"""As sent, with the models meant."""


@dataclass(frozen=True)
class Scenario:
    """One catalogue's config and what is asked of it; a failure shows its own question, not all of them."""

    config: dict[str, Any] = field(repr=False)
    inputs: list[Input] = field(repr=False)

    def _repr_pretty_(self, printer: RepresentationPrinter, _: bool) -> None:
        """What Hypothesis prints; of a dataclass it would print every field."""
        printer.text(repr(self))


def scenarios(questions: int) -> st.SearchStrategy[Scenario]:
    """One catalogue with as many questions."""
    return st.randoms(use_true_random=True).map(lambda random: _scenario(random, questions))


def _scenario(random: Random, questions: int) -> Scenario:
    draws = Draws(random)
    drawn = config(draws)
    return Scenario(drawn, [_question(draws, drawn) for _ in range(questions)])


def _question(draws: Draws, config: dict[str, Any]) -> Input:
    words = reachable(config)
    request = _request(draws, words)
    records = RecordDice(draws, words, request.models)
    customer = records.customer() if draws.rarely(15) else None
    return Input(request, caller(draws, records, config), customer)


def _request(draws: Draws, words: list[str]) -> Request:
    chance = draws.number(0, 99)
    if chance < 5:
        return _managing()
    if chance < 20:
        return _keeping()
    return _reading() if chance < 25 else _inferring(draws, words)


def _inferring(draws: Draws, words: list[str]) -> Request:
    route, path, segments = _route(draws)
    models = draws.different(words if draws.rarely(94) else _ANY_NAME, draws.pick([1, 1, 1, 1, 2, 3]), least=1)
    return Request(
        method="POST",
        path=path,
        route=route,
        operation="infer",
        groups=["openai_routes", "llm_api_routes"],
        models=models,
        time_ns=NOW,
        differ=len(models) > 1 and draws.rarely(5),
        problem="field `model` is wrong" if draws.rarely(2) else "",
        fallback=draws.rarely(15),
        segments=segments,
    )


def _route(draws: Draws) -> tuple[str, str, list[list[str]]]:
    """A template, a path of it, and the segments that route lists are held against."""
    if draws.rarely(50):
        return "/v1/chat/completions", "/v1/chat/completions", [["", "v1", "chat", "completions"]]
    sent = draws.pick(sorted(_MODELS_IN_PATHS))
    before, after = ["", "openai", "deployments"], ["chat", "completions"]
    segments = [[*before, *model.split("/"), *after] for model in _MODELS_IN_PATHS[sent]]
    return _AZURE, _AZURE.replace("{model}", sent), segments


def _managing() -> Request:
    """A request that needs an admin and names no model."""
    segments = [["", "team", "new"]]
    return Request(
        "POST", "/team/new", "/team/new", "manage", ["management_routes"], [], time_ns=NOW, segments=segments
    )


def _keeping() -> Request:
    """A request about files, which names no model."""
    groups, segments = ["openai_routes", "llm_api_routes"], [["", "v1", "files"]]
    return Request("POST", "/v1/files", "/v1/files", "state", groups, [], time_ns=NOW, segments=segments)


def _reading() -> Request:
    """A request for the caller's own record."""
    segments = [["", "team", "info"]]
    return Request("GET", "/team/info", "/team/info", "info", ["info_routes"], [], time_ns=NOW, segments=segments)
