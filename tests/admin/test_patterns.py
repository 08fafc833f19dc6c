"""A grant, alias or route in another language than ours is refused wherever one may be sent (C2, A3)."""

import pytest

from admin.client import Client

GRANTING = [
    ("/key/generate", {"models": ["gpt-4", "o1-.*"]}, "`models.1`"),
    ("/key/generate", {"aliases": {"fast": "gpt-?"}}, "`aliases"),
    ("/team/new", {"models": ["^gpt-4$"]}, "`models.0`"),
    ("/team/new", {"model_aliases": {"gpt-[34]": "gpt-4"}}, "`model_aliases"),
    ("/user/new", {"models": ["(a|b)"]}, "`models.0`"),
    ("/organization/new", {"organization_alias": "a", "models": ["openai/%"]}, "`models.0`"),
    ("/project/new", {"models": ["re:gpt"]}, "`models.0`"),
    ("/customer/new", {"user_id": "c", "models": ["openai/+"]}, "`models.0`"),
    ("/v1/access_group", {"access_group_name": "g", "access_model_names": ["{a,b}"]}, "`access_model_names.0`"),
]


@pytest.mark.parametrize(("path", "fields", "place"), GRANTING)
async def test_a_grant_in_another_language_is_refused(
    admin: Client, path: str, fields: dict[str, object], place: str
) -> None:
    said = await admin.refused(path, **fields)
    assert place in said
    assert "only `*` is special here" in said


async def test_a_members_scope_in_another_language_is_refused(admin: Client) -> None:
    await admin.made("/team/new", team_id="t")
    member = {"user_id": "u", "role": "user", "allowed_models": ["o1-.*"]}
    assert "only `*` is special here" in await admin.refused("/team/member_add", team_id="t", member=member)
    await admin.made("/team/member_add", team_id="t", member={"user_id": "u", "role": "user"})
    assert "only `*` is special here" in await admin.refused(
        "/team/member_update", team_id="t", user_id="u", allowed_models=["o1-.*"]
    )


async def test_a_change_to_another_language_is_refused(admin: Client) -> None:
    await admin.made("/key/generate", key="sk-one")
    assert "only `*` is special here" in await admin.refused("/key/update", key="sk-one", models=["o1-.*"])


async def test_a_route_in_another_language_is_refused(admin: Client) -> None:
    said = await admin.refused("/key/generate", allowed_routes=["/v1/.*"])
    assert "`allowed_routes.0`" in said
    assert "a route is a path, `/x/{y}`, or `/x/*`" in said


async def test_patterns_of_ours_are_taken(admin: Client) -> None:
    models = ["openai/*", "gpt-4.1*", "[approved] gpt*", "gpt++*", "claude-opus-4-6[1m]"]
    assert (await admin.made("/key/generate", models=models))["models"] == models
