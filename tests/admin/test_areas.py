"""What holds of users, organizations, projects and customers alike."""

import pytest

from admin.areas import AREAS, Area
from admin.client import Client

each_area = pytest.mark.parametrize("area", AREAS, ids=str)


@each_area
@pytest.mark.parametrize(("fields", "said"), [
    ({"models": "gpt-4"}, "`models`"),
    ({"models": [None]}, "`models.0`"),
    ({"models": ["x"] * 1_001}, "`models`"),
    ({"metadata": []}, "`metadata`"),
    ({"modles": ["gpt-4"]}, "unknown field `modles`: did you mean `models`?"),
    ({"password": "secret"}, "unknown field `password`"),
    ({"object_permission": {"models": ["a"]}}, "`object_permission` is not supported yet"),
    ({"allowed_models": ["gpt-4"]}, "`allowed_models` is not supported yet"),
    ({"allowed_model_region": "eu"}, "`allowed_model_region` is not supported yet"),
    ({"default_model": "gpt-4"}, "`default_model` is not supported yet"),
    ({"config": {"model_list": []}, "default_model": "x"}, "`default_model` is not supported yet"),
])  # fmt: skip
async def test_a_restriction_that_is_not_applied_is_refused(
    admin: Client, area: Area, fields: dict[str, object], said: str
) -> None:
    method, path = area.update
    await area.make(admin, "known")
    assert said in await admin.refused(area.new, **{area.id: "new", **area.required, **fields})
    assert said in await admin.refused_with(400, method, path, {area.id: "known", **fields})
    assert "new" not in [record[area.id] for record in await area.shown(admin)]


@each_area
async def test_such_a_field_may_be_empty(admin: Client, area: Area) -> None:
    empty: dict[str, object] = {"object_permission": {"models": []}, "allowed_model_region": None, "allowed_models": []}
    assert not empty.keys() & (await area.make(admin, "known", **empty)).keys()


@each_area
async def test_an_id_that_is_taken_is_refused(admin: Client, area: Area) -> None:
    await area.make(admin, "known", models=["gpt-4"])
    assert "`known` exists already" in await admin.refused(area.new, **{area.id: "known", **area.required})
    assert (await area.shown(admin))[-1]["models"] == ["gpt-4"]


@each_area
async def test_a_record_that_is_missing_is_not_found(admin: Client, area: Area) -> None:
    method, path, names = area.delete
    await area.make(admin, "known")
    assert "`nobody`" in await admin.refused_with(404, *area.update, {area.id: "nobody"})
    assert "`nobody`" in await admin.refused_with(404, method, path, {names: ["known", "nobody"]})
    assert (await area.shown(admin))[-1][area.id] == "known"


@each_area
async def test_what_the_config_declares_is_shown_but_not_changed(admin: Client, area: Area) -> None:
    method, path, names = area.delete
    for sent in (
        ("POST", area.new, {area.id: area.declared, **area.required}),
        (*area.update, {area.id: area.declared}),
        (method, path, {names: [area.declared]}),
    ):
        assert "declared in the config file" in await admin.refused_with(409, *sent)
    (shown,) = await area.shown(admin)
    assert (shown[area.id], shown["declared"]) == (area.declared, True)


@each_area
async def test_an_answer_shows_all_that_was_sent(admin: Client, area: Area) -> None:
    sent = {"models": ["gpt-4", "beta-*"], "metadata": {"cost_centre": 7}, "max_budget": 12.5, "tpm_limit": 100}
    made = await area.make(admin, "known", **sent)
    assert {name: made[name] for name in sent} == sent
    assert (made[area.id], made["created_at"], made["declared"]) == ("known", "2026-01-31T12:00:00Z", False)


@each_area
async def test_an_update_changes_what_is_sent_alone(admin: Client, area: Area) -> None:
    await area.make(admin, "known", models=["gpt-4"], metadata={"a": 1}, max_budget=12.5)
    (before,) = (record for record in await area.shown(admin) if record[area.id] == "known")
    assert await area.change(admin, "known", rpm_limit=5) == {**before, "rpm_limit": 5}


@each_area
async def test_null_opens_no_list_but_an_empty_one_does(admin: Client, area: Area) -> None:
    await area.make(admin, "known", models=["gpt-4"])
    assert (await area.change(admin, "known", models=None))["models"] == ["gpt-4"]
    assert (await area.change(admin, "known", models=[]))["models"] == []


@each_area
async def test_a_deleted_record_is_no_longer_listed(admin: Client, area: Area) -> None:
    method, path, names = area.delete
    await area.make(admin, "known")
    await admin.done(method, path, {names: ["known"]})
    assert [record[area.id] for record in await area.shown(admin)] == [area.declared]
