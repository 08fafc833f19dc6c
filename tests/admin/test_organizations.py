"""`/organization/...`"""

import pytest

from admin.client import Client


async def make(admin: Client, **fields: object) -> None:
    """Make an organization."""
    await admin.made("/organization/new", **{"organization_id": "acme", "organization_alias": "Acme", **fields})


async def test_an_organization_without_a_name_is_refused(admin: Client) -> None:
    for fields in ({}, {"organization_alias": None}, {"organization_alias": ""}):
        assert "`organization_alias`" in await admin.refused("/organization/new", **fields)


async def test_an_organization_cannot_be_blocked(admin: Client) -> None:
    await make(admin, blocked=False)
    change = {"organization_id": "acme", "blocked": True}
    assert "`blocked` is not supported yet" in await admin.refused_with(400, "PATCH", "/organization/update", change)


async def test_an_update_by_post_is_no_route(admin: Client) -> None:
    await admin.refused_with(404, "POST", "/organization/update", {"organization_id": "acme"})


async def test_who_made_and_changed_it_is_shown(admin: Client) -> None:
    await make(admin)
    await admin.call_as((await admin.made("/key/generate", user_id="alice"))["key"])
    changed = await admin.done("PATCH", "/organization/update", {"organization_id": "acme", "models": ["gpt-4"]})
    assert (changed["created_by"], changed["updated_by"], changed["models"]) == ("master", "alice", ["gpt-4"])


async def test_null_takes_no_name_away(admin: Client) -> None:
    await make(admin)
    change = {"organization_id": "acme", "organization_alias": None}
    assert (await admin.done("PATCH", "/organization/update", change))["organization_alias"] == "Acme"


async def test_the_rules_see_an_organizations_change_when_the_call_returns(admin: Client) -> None:
    await make(admin)
    key = (await admin.made("/key/generate", organization_id="acme"))["key"]
    await admin.known(key)
    await admin.done("PATCH", "/organization/update", {"organization_id": "acme", "models": ["gpt-4"]})
    known = await admin.known(key)
    assert known is not None
    assert known.organizations["acme"].models == ["gpt-4"]
    await admin.done("DELETE", "/organization/delete", {"organization_ids": ["acme"]})
    known = await admin.known(key)
    assert known is not None
    assert (known.organizations, known.key.organization_id if known.key else None) == ({}, "acme")


async def test_info_shows_one_and_its_older_form_several(admin: Client) -> None:
    await make(admin)
    one = await admin.shown("/organization/info", organization_id="acme")
    assert one["organization_alias"] == "Acme"
    assert await admin.made("/organization/info", organizations=["acme"]) == [one]
    await admin.refused_with(404, "GET", "/organization/info?organization_id=nobody")
    await admin.refused_with(404, "POST", "/organization/info", {"organizations": ["acme", "nobody"]})
    assert "`organization_id`" in await admin.refused_with(400, "GET", "/organization/info")


@pytest.mark.parametrize(("query", "found"), [
    ({}, ["declared-organization", "acme"]),
    ({"org_id": "acme"}, ["acme"]),
    ({"org_id": "ac"}, []),
    ({"org_alias": "CM"}, ["acme"]),
])  # fmt: skip
async def test_a_list_may_be_narrowed(admin: Client, query: dict[str, str | int | bool], found: list[str]) -> None:
    await make(admin)
    assert [each["organization_id"] for each in await admin.shown("/organization/list", **query)] == found
