"""Clients of the official SDK against the running sample."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack

import pytest
from openai import OpenAI

from harness.gateway import Gateway

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
