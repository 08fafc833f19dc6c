"""What a refusal says to do."""

import pytest

from admin.client import Client


@pytest.mark.parametrize(("path", "fields", "said"), [
    ("/key/generate", {"org_id": "acme"}, "unknown field `org_id`: did you mean `organization_id`?"),
    ("/key/generate", {"modles": []}, "unknown field `modles`: did you mean `models`?"),
    ("/key/generate", {"alias": "ci"}, "did you mean `key_alias`?"),
    ("/key/generate", {"allowed_models": ["gpt-4"]}, "`allowed_models` is not supported yet: did you mean `models`?"),
    ("/key/generate", {"guardrial": []}, "did you mean `guardrails`?"),
    ("/key/generate", {"allowed_model": ["gpt-4"]}, "unknown field `allowed_model`: leave it out"),
    ("/key/generate", {"object_permissions": {}}, "unknown field `object_permissions`: leave it out"),
    ("/key/generate", {"team_modles": []}, "unknown field `team_modles`: leave it out"),
    ("/key/block", {"keys": ["sk-1234"]}, "unknown field `keys`: did you mean `key`?"),
    ("/key/delete", {"key": "sk-1234"}, "unknown field `key`: did you mean `keys`?"),
    ("/team/new", {"alias": "red"}, "did you mean `team_alias`?"),
    ("/team/new", {"members": ["alice"]}, "`members` is not supported yet: did you mean `members_with_roles`?"),
    ("/team/new", {"admins": ["alice"]}, "`admins` is not supported yet: did you mean `members_with_roles`?"),
    ("/team/new", {"team_member_key_duration": "1d"}, "`team_member_key_duration` is not supported yet: leave it out"),
    ("/team/update", {"team_id": "red", "members": ["alice"]}, "call `/team/member_add`"),
    ("/team/update", {"team_id": "red", "members_with_roles": []}, "call `/team/member_add`"),
    ("/team/delete", {"team_id": "red"}, "unknown field `team_id`: did you mean `team_ids`?"),
    ("/team/member_add", {"team_id": "red", "member": {"user_id": "a", "models": []}},
     "`member.0`: unknown field `models`: did you mean `allowed_models`?"),
    ("/team/member_add", {"team_id": "red", "member": {"user_id": "a"}, "models": []},
     "did you mean `allowed_models`?"),
    ("/team/new", {"members_with_roles": [{"user_id": "a", "models": []}]}, "did you mean `allowed_models`?"),
    ("/user/new", {"role": "internal_user"}, "did you mean `user_role`?"),
    ("/user/new", {"teams": [{"team_id": "red", "role": "user"}]}, "`teams.0`: unknown field `role`"),
    ("/user/update", {"user_id": "alice", "teams": ["red"]}, "call `/team/member_add` or `/team/member_delete`"),
    ("/customer/block", {"user_id": "c1"}, "unknown field `user_id`: did you mean `user_ids`?"),
    ("/v1/access_group", {"access_group_name": "x", "models": []}, "did you mean `access_model_names`?"),
    ("/jwt/key/mapping/delete", {"ids": ["x"]}, "unknown field `ids`: did you mean `id`?"),
    ("/key/generate", {"\x00\n": 1}, r"unknown field `"),
])  # fmt: skip
async def test_an_unknown_field_is_refused_with_the_right_word(
    admin: Client, path: str, fields: dict[str, object], said: str
) -> None:
    assert said in await admin.refused(path, **fields)


@pytest.mark.parametrize("user_id", [{}, {"user_id": None}])
@pytest.mark.parametrize(("path", "place"), [
    ("/team/member_add", "member"),
    ("/team/member_update", ""),
    ("/team/member_delete", ""),
    ("/user/update", ""),
])  # fmt: skip
async def test_a_user_is_not_found_by_its_address(
    admin: Client, path: str, place: str, user_id: dict[str, object]
) -> None:
    named: dict[str, object] = {"user_email": "alice@example.com", **user_id}
    team = {} if path == "/user/update" else {"team_id": "red"}
    message = await admin.refused(path, **team, **({place: named} if place else named))
    assert "`user_id` is missing: no user is found by its address, send its `user_id`" in message


@pytest.mark.parametrize(("method", "path", "fields"), [
    ("POST", "/key/delete", {"keys": []}),
    ("POST", "/key/delete", {"keys": [], "key_aliases": []}),
    ("POST", "/team/delete", {"team_ids": []}),
    ("POST", "/team/member_add", {"team_id": "red", "member": []}),
    ("POST", "/user/delete", {"user_ids": []}),
    ("DELETE", "/organization/delete", {"organization_ids": []}),
    ("POST", "/organization/info", {"organizations": []}),
    ("DELETE", "/project/delete", {"project_ids": []}),
    ("POST", "/customer/delete", {"user_ids": []}),
    ("POST", "/customer/block", {"user_ids": []}),
    ("POST", "/customer/unblock", {"user_ids": []}),
])  # fmt: skip
async def test_a_request_that_names_nobody_is_refused(
    admin: Client, method: str, path: str, fields: dict[str, object]
) -> None:
    await admin.made("/team/new", team_id="red")
    await admin.refused_with(400, method, path, fields)
