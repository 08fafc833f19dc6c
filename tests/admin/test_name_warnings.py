"""Names of models that nobody knows are kept, and the answer warns of them."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from admin.client import Client, client_of
from compiler.configs import catalog_of, deployment

UNKNOWN = "names no model, group or alias of the present config: it covers nothing in it"


@pytest.fixture
async def knowing(admin: Client, tmp_path: Path) -> AsyncIterator[Client]:
    """A client of the API over a catalogue with two entries and a group."""
    catalog = catalog_of(tmp_path, deployment("gpt-4o", "beta"), deployment("anthropic/*"))
    async with client_of(admin.store, catalog) as client:
        yield client


@pytest.mark.parametrize(
    ("path", "fields"),
    [
        ("/key/generate", {"models": ["gpt-4o", "ghost"]}),
        ("/key/generate", {"aliases": {"fast": "ghost"}}),
        ("/team/new", {"models": ["ghost"]}),
        ("/team/new", {"model_aliases": {"fast": "ghost"}}),
        ("/team/new", {"members_with_roles": [{"user_id": "u", "role": "user", "allowed_models": ["ghost"]}]}),
        ("/user/new", {"models": ["ghost"]}),
        ("/organization/new", {"organization_alias": "a", "models": ["ghost", "ghost"]}),
        ("/project/new", {"models": ["ghost"]}),
        ("/customer/new", {"user_id": "c", "models": ["ghost"]}),
        ("/v1/access_group", {"access_group_name": "g", "access_model_names": ["ghost"]}),
    ],
)
async def test_an_unknown_name_is_warned_of(knowing: Client, path: str, fields: dict[str, object]) -> None:
    assert (await knowing.made(path, **fields))["warnings"] == [f"`ghost` {UNKNOWN}"]


async def test_a_slip_of_the_pen_is_told(knowing: Client) -> None:
    made = await knowing.made("/key/generate", models=["gpt-4-o"])
    assert made["warnings"] == [f"`gpt-4-o` {UNKNOWN}; did you mean `gpt-4o`?"]
    assert made["models"] == ["gpt-4-o"]


async def test_a_change_to_an_unknown_name_is_warned_of(knowing: Client) -> None:
    await knowing.made("/key/generate", key="sk-one", models=["gpt-4o"])
    assert (await knowing.made("/key/update", key="sk-one", models=["ghost"]))["warnings"] == [f"`ghost` {UNKNOWN}"]


async def test_known_names_are_not_warned_of(knowing: Client) -> None:
    models = ["gpt-4o", "beta", "*", "all-team-models", "anthropic/claude-x", "gpt-*", "anthropic/*"]
    assert "warnings" not in await knowing.made("/key/generate", models=models)


async def test_a_refusal_stays_a_refusal(knowing: Client) -> None:
    assert "unknown field `modles`" in await knowing.refused("/key/generate", modles=["ghost"], models=["ghost"])
