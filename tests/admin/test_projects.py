"""`/project/...`"""

from admin.client import Client
from modelward.contract import Project


async def project(admin: Client, key: str) -> Project | None:
    """The project that the rules see."""
    known = await admin.known(key)
    assert known is not None
    return known.project and Project(**known.project.model_dump())


async def test_a_flag_that_is_none_is_refused(admin: Client) -> None:
    assert "`blocked`" in await admin.refused("/project/new", blocked="yes")


async def test_a_project_gets_an_id_if_none_is_chosen(admin: Client) -> None:
    assert (await admin.made("/project/new"))["project_id"] != (await admin.made("/project/new"))["project_id"]


async def test_the_rules_see_a_projects_change_when_the_call_returns(admin: Client) -> None:
    await admin.made("/project/new", project_id="search", team_id="red")
    key = (await admin.made("/key/generate", project_id="search"))["key"]
    assert await project(admin, key) == Project(project_id="search", team_id="red")
    await admin.made("/project/update", project_id="search", models=["gpt-4"], blocked=True)
    assert await project(admin, key) == Project(project_id="search", team_id="red", models=["gpt-4"], blocked=True)
    await admin.done("DELETE", "/project/delete", {"project_ids": ["search"]})
    assert await project(admin, key) is None


async def test_null_takes_names_away_but_no_team_and_no_block(admin: Client) -> None:
    lasting = {"team_id": "red", "blocked": True, "metadata": {"a": 1}}
    names = {"project_alias": "Search", "description": "finds things"}
    await admin.made("/project/new", project_id="search", **lasting, **names)
    changed = await admin.made("/project/update", project_id="search", **dict.fromkeys([*lasting, *names]))
    assert {name: changed[name] for name in [*lasting, *names]} == {**lasting, **dict.fromkeys(names)}


async def test_info_shows_a_project(admin: Client) -> None:
    made = await admin.made("/project/new", project_id="search", description="finds things")
    assert await admin.shown("/project/info", project_id="search") == made
    assert "`nobody`" in await admin.refused_with(404, "GET", "/project/info?project_id=nobody")
    assert (await admin.shown("/project/info", project_id="declared-project"))["declared"] is True
