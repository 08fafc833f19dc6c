"""Two names that are granted differently never lead to the same upstream call (M8), whatever a catalogue holds.

How each provider reads a call is written here once more, by hand.
"""

import asyncio
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import combinations
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from engine.asking import asking
from harness.bundles import POLICIES, policy_wasm
from modelward import bundle
from modelward.compiler import compile_catalog, deployments
from modelward.config import read
from modelward.config.fields import foreign_pattern
from modelward.contract import Decision, Deployment, Target
from modelward.contract.deployment import publisher_and_model
from modelward.engine import EmbeddedEngine
from modelward.engine.embedded import Policies
from modelward.errors import Unusable
from modelward.gateway.routes import UpstreamCall
from modelward.gateway.upstream.providers import endpoint, upstream_model

_REGIONS = ("us", "eu", "apac", "global", "us-gov", "jp")


def _ollama(name: str) -> str:
    name = name.lower().removeprefix("registry.ollama.ai/").removeprefix("library/")
    return name.removesuffix(":latest")


def _bedrock(name: str) -> str:
    name = name.rpartition("/")[2] if name.startswith("arn:") else name
    return re.sub(rf"^({'|'.join(_REGIONS)})\.", "", name)


def _vertex(name: str) -> str:
    return "/".join(publisher_and_model(name)).removesuffix("@default")


@dataclass(frozen=True)
class Provider:
    """How a provider reads the upstream's name, words for its models, and other spellings of a word."""

    reads: Callable[[str], str]
    words: tuple[str, ...]
    spellings: tuple[Callable[[str], str], ...]


PROVIDERS = {
    "azure": Provider(str.lower, ("gpt-4o", "o1-mini", "prod.eu"), (str.upper, str.title)),
    "openai": Provider(str, ("gpt-4o", "o1-mini", "my-own"), ()),
    "ollama": Provider(
        _ollama,
        ("llama3", "acme/llama3", "qwen:7b"),
        (str.upper, "library/{}".format, "registry.ollama.ai/library/{}".format, "{}:latest".format),
    ),
    "bedrock": Provider(
        _bedrock,
        ("anthropic.claude-opus-4-v1:0", "amazon.nova-lite-v1:0"),
        (
            *(f"{region}.{{}}".format for region in _REGIONS),
            "arn:aws:bedrock:us-east-1::foundation-model/{}".format,
            "arn:aws:bedrock:eu-west-1:123456789012:inference-profile/eu.{}".format,
        ),
    ),
    "vertex_ai": Provider(
        _vertex,
        ("claude-opus-4", "gemini-2.5-pro", "meta/llama-4", "acme/m"),
        (
            *(f"{publisher}/{{}}".format for publisher in ("anthropic", "google", "meta")),
            *(f"publishers/{publisher}/models/{{}}".format for publisher in ("anthropic", "google", "meta", "acme")),
            "{}@default".format,
        ),
    ),
    "gemini": Provider(lambda name: name.removeprefix("models/"), ("gemini-2.5-pro", "gemma-3"), ("models/{}".format,)),
}


UpstreamCallMade = tuple[str, str, str]
Led = dict[str, tuple[str, set[UpstreamCallMade]]]


@dataclass(frozen=True)
class World:
    """The provider, what each entry of a catalogue is called at it, and the names that are asked for."""

    provider: str
    entries: dict[str, str]
    names: list[str]


@st.composite
def worlds(draw: st.DrawFn) -> World:
    """Entries that lead to the model they name, exact ones and patterns, and spellings of the same few models."""
    name = draw(st.sampled_from(sorted(PROVIDERS)))
    row = PROVIDERS[name]
    spelled = st.one_of(
        st.sampled_from(row.words),
        *(st.sampled_from(row.words).map(spelling) for spelling in row.spellings),
    )
    patterns = spelled.flatmap(lambda word: st.integers(0, len(word)).map(lambda length: word[:length] + "*"))
    models = draw(st.lists(st.one_of(spelled, patterns), max_size=5))
    models = [model for model in models if foreign_pattern(f"{name}/{model}") is None]
    entries = {f"{name}/*": f"{name}/*", **{f"{name}/{model}": f"{name}/{model}" for model in models}}
    if draw(st.booleans()):
        # A longer pattern is narrower than `provider/*`: what the author of the config wrote, as an exact name is.
        bare = draw(patterns)[:2].rstrip("*") + "*"
        entries[bare] = f"{name}/{bare}"
    asked = draw(st.lists(spelled, min_size=2, max_size=8))
    return World(name, entries, list(dict.fromkeys([*(f"{name}/{one}" for one in asked), *asked])))


class Asker:
    """Compiles configs and asks one engine after another, all with the same compiled policies."""

    def __init__(self, folder: Path) -> None:
        self._config = folder / "config.yaml"
        self._wasm = policy_wasm(folder)
        self._policies = Policies.of(self._wasm)

    def led(self, world: World) -> Led:
        """For each name that an entry answers, the entry and the upstream calls."""
        rows: list[dict[str, Any]] = [
            {"model_name": name, "litellm_params": {"model": model, "api_base": "http://host", "api_key": "k"}}
            for name, model in world.entries.items()
        ]
        self._config.write_text(yaml.safe_dump({"model_list": rows}))
        config = read(self._config, {})
        data = bundle.seal(compile_catalog(config), POLICIES).data
        engine = EmbeddedEngine(self._wasm, data)
        try:
            decided = asyncio.run(_decided(engine, world.names))
        finally:
            engine.close()
        provider, by_id = PROVIDERS[world.provider], {each.id: each for each in deployments(config)}
        return {
            name: (target.entry, {call for id_ in target.deployments for call in _calls(provider, by_id[id_], target)})
            for name, decision in decided.items()
            for target in decision.targets.values()
        }


async def _decided(engine: EmbeddedEngine, names: list[str]) -> dict[str, Decision]:
    return {name: await engine.decide(asking(name)) for name in names}


@pytest.fixture(scope="module")
def asker(tmp_path_factory: pytest.TempPathFactory) -> Asker:
    """Who asks."""
    return Asker(tmp_path_factory.mktemp("calls"))


_STYLES = (
    UpstreamCall("openai", "chat/completions", per_deployment=True),
    UpstreamCall("google", "models/{model}:generateContent"),
    UpstreamCall("bedrock", "model/{model}/converse"),
)


def _calls(provider: Provider, deployment: Deployment, target: Target) -> Iterator[UpstreamCallMade]:
    """The calls of a name as the provider reads them: address, model and key."""
    model = provider.reads(upstream_model(deployment, target.model))
    for call in _STYLES:
        try:
            yield endpoint(deployment, model, call).url, model, deployment.api_key or ""
        except Unusable:
            continue


@settings(phases=[Phase.generate])
@given(world=worlds())
def test_two_names_of_different_entries_never_lead_to_the_same_upstream_call(world: World, asker: Asker) -> None:
    led = asker.led(world)
    for one, other in combinations(led, 2):
        (entry, calls), (other_entry, other_calls) = led[one], led[other]
        # Two exact entries are what the config's author wrote, each granted for itself.
        if entry != other_entry and ("*" in entry or "*" in other_entry):
            assert not calls & other_calls, (one, entry, other, other_entry)


@pytest.mark.parametrize(
    ("provider", "word"), [(provider, word) for provider, row in PROVIDERS.items() for word in row.words]
)
def test_each_spelling_of_an_entry_s_name_is_refused_under_a_wildcard(provider: str, word: str, asker: Asker) -> None:
    row = PROVIDERS[provider]
    same = [spelling(word) for spelling in row.spellings if row.reads(spelling(word)) == row.reads(word)]
    entries = {name: name for name in (f"{provider}/*", f"{provider}/{word}")}
    names = [f"{provider}/{name}" for name in same if name != word]
    world = World(provider, entries, [*names, f"{provider}/{word}", f"{provider}/other"])
    assert asker.led(world).keys() == {f"{provider}/{word}", f"{provider}/other"}
