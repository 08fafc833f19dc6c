"""Clients of the official SDKs, against the running sample and against a Modelward in front of a provider."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack

import pytest
from openai import OpenAI

from harness.gateway import Gateway
from harness.provider_answers import provider
from harness.upstream import Upstream, upstream
from sdk.fronted import ALLOWED, fronted

NewClient = Callable[[str], OpenAI]


@pytest.fixture
def client_of(sample: Gateway) -> Iterator[NewClient]:
    """A client with any credential; all are closed at the end."""
    with ExitStack() as stack:
        yield lambda key: stack.enter_context(OpenAI(base_url=f"{sample.url}/v1", api_key=key))


@pytest.fixture
def client(sample: Gateway, client_of: NewClient) -> OpenAI:
    """A client whose key may use `gpt-4` and nothing else."""
    return client_of(sample.new_key(models=["gpt-4"]))


@pytest.fixture
def free_client(sample: Gateway, client_of: NewClient) -> OpenAI:
    """A client whose key has no list."""
    return client_of(sample.new_key())


@pytest.fixture(scope="session")
def running_provider() -> Iterator[Upstream]:
    """A provider of every kind."""
    with upstream() as running:
        running.script = provider()
        yield running


@pytest.fixture(scope="session")
def front(running_provider: Upstream, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Gateway]:
    """A Modelward in front of it, see `fronted`."""
    with fronted(running_provider, tmp_path_factory.mktemp("front")) as running:
        yield running


@pytest.fixture
def asked(running_provider: Upstream) -> Upstream:
    """The provider, with the calls of this test alone."""
    running_provider.calls.clear()
    return running_provider


@pytest.fixture
def key(front: Gateway, asked: Upstream) -> str:
    """A fresh key that may use every model but `forbidden`."""
    return front.new_key(models=ALLOWED)


@pytest.fixture
def openai_client(front: Gateway, key: str) -> Iterator[OpenAI]:
    """OpenAI's client with that key."""
    with OpenAI(base_url=f"{front.url}/v1", api_key=key) as client:
        yield client
