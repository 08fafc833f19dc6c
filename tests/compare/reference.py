"""LiteLLM's own application, in a process of its own: a world a line comes in, its answers a line go out.

Runs in LiteLLM's environment, where Modelward is not: it imports nothing of Modelward's. Nothing is sent anywhere:
every deployment has a `mock_response`, the rows are in memory.
"""

import asyncio
import hashlib
import json
import os
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any, TextIO

import httpx
import litellm
import yaml
from litellm.proxy import _types, proxy_server
from litellm.proxy.auth import auth_checks
from litellm.proxy.management_endpoints import team_endpoints

from compare.answers import read_answer
from compare.rows import Database

Fields = dict[str, Any]
_KINDS = {
    "litellm_teamtable": _types.LiteLLM_TeamTableCachedObj,
    "litellm_usertable": _types.LiteLLM_UserTable,
    "litellm_teammembership": _types.LiteLLM_TeamMembership,
    "litellm_projecttable": _types.LiteLLM_ProjectTableCachedObj,
    "litellm_organizationtable": _types.LiteLLM_OrganizationTable,
    "litellm_endusertable": _types.LiteLLM_EndUserTable,
    "litellm_accessgrouptable": _types.LiteLLM_AccessGroupTable,
}
_AUTHORS = {"created_by": "compare", "updated_by": "compare"}
_ACCESS_GROUP = {"access_mcp_server_ids": [], "access_agent_ids": [], "created_by": "compare", "updated_by": "compare"}
_STAMPS = {"created_at": "2026-01-01T00:00:00Z", "updated_at": "2026-01-01T00:00:00Z"}


async def take(world: Fields, folder: Path) -> None:
    """Put the world's config and rows in place of the last one's."""
    path = folder / "config.yaml"
    path.write_text(yaml.safe_dump(world["config"], allow_unicode=True, sort_keys=False))
    proxy_server.user_api_key_cache.flush_cache()
    proxy_server.user_api_key_cache.key_object_cache.flush_cache()
    auth_checks.last_db_access_time.clear()
    litellm.model_alias_map = {}
    proxy_server.premium_user = True  # testing needs no licence, and without one tokens are refused
    rows = tables(world["records"])
    check_rows(rows)
    proxy_server.prisma_client = Database(rows)
    loaded = await proxy_server.proxy_config.load_config(router=None, config_file_path=str(path))
    proxy_server.llm_router, proxy_server.llm_model_list, proxy_server.general_settings = loaded
    proxy_server.ProxyStartupEvent.initialize_jwt_auth(
        general_settings=proxy_server.general_settings,
        prisma_client=proxy_server.prisma_client,
        user_api_key_cache=proxy_server.user_api_key_cache,
    )


def check_rows(rows: dict[str, list[Fields]]) -> None:
    """LiteLLM takes a row that is not of its kind for one that is not there: raises ValidationError instead."""
    for table, kind in _KINDS.items():
        for row in rows[table]:
            kind.model_validate(row)


def tables(records: Fields) -> dict[str, list[Fields]]:
    """The records as LiteLLM's tables have them."""
    return {
        "litellm_verificationtoken": [_key(record) for record in records["keys"]],
        "litellm_teamtable": [_team(record, place) for place, record in enumerate(records["teams"])],
        "litellm_modeltable": [_aliases(record, place) for place, record in enumerate(records["teams"])],
        "litellm_usertable": [{"metadata": {}, "max_budget": None, **record} for record in records["users"]],
        "litellm_teammembership": [*_memberships(records["teams"])],
        "litellm_projecttable": [{**_STAMPS, **_AUTHORS, **record} for record in records["projects"]],
        "litellm_organizationtable": [
            {**_STAMPS, **_AUTHORS, "budget_id": "none", **record} for record in records["organizations"]
        ],
        "litellm_endusertable": [{"blocked": False, **record} for record in records["customers"]],
        "litellm_accessgrouptable": [{**_STAMPS, **_ACCESS_GROUP, **record} for record in records["access_groups"]],
        "litellm_jwtkeymappingtable": [],
    }


def _key(record: Fields) -> Fields:
    columns = {name: value for name, value in record.items() if name != "key"}
    return {"token": _hash(record["key"]), "aliases": {}, "config": {}, "permissions": {}, "metadata": {}, **columns}


def _team(record: Fields, place: int) -> Fields:
    columns = {name: value for name, value in record.items() if name != "model_aliases"}
    return {**columns, "metadata": {}, "model_id": place, "litellm_model_table": _aliases(record, place)}


def _aliases(record: Fields, place: int) -> Fields:
    aliases = record["model_aliases"]
    return {"id": place, "model_aliases": aliases, "aliases": aliases, **_AUTHORS}


def _memberships(teams: list[Fields]) -> Iterator[Fields]:
    for team in teams:
        for member in team["members_with_roles"]:
            scope = {"allowed_models": member.get("allowed_models", [])}
            ids = {"user_id": member["user_id"], "team_id": team["team_id"], "budget_id": "b"}
            yield {**ids, "spend": 0.0, "litellm_budget_table": scope}


def _hash(key: str) -> str:
    return hashlib.sha256(key.encode()).hexdigest()


async def _add_nobody(**_: object) -> None:
    """In place of what makes the user of a token a member of its team: the rows stay as they are."""


async def answers(world: Fields, folder: Path) -> list[Fields]:
    """What LiteLLM answers to each of the world's questions."""
    await take(world, folder)
    transport = httpx.ASGITransport(proxy_server.app, raise_app_exceptions=False)
    async with httpx.AsyncClient(transport=transport, base_url="http://127.0.0.1:4000") as client:
        return [await _ask(client, question) for question in world["questions"]]


async def _ask(client: httpx.AsyncClient, question: Fields) -> Fields:
    sent = await client.request(
        question["method"], question["path"], headers=question["headers"], json=question.get("body")
    )
    return read_answer(sent.status_code, sent.content)


async def main(out: TextIO) -> None:
    """Answer until there are no more worlds."""
    team_endpoints.team_member_add = _add_nobody
    with tempfile.TemporaryDirectory() as name:
        out.write("ready\n")
        out.flush()
        for line in sys.stdin:
            out.write(json.dumps(await answers(json.loads(line), Path(name))) + "\n")
            out.flush()


if __name__ == "__main__":
    given = os.fdopen(os.dup(1), "w")
    os.dup2(2, 1)  # LiteLLM writes a banner to stdout
    asyncio.run(main(given))
