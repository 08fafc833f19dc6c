"""The parameters of a question."""

import pytest

from admin.client import Client

Query = dict[str, str | int | bool]


@pytest.mark.parametrize(("path", "query", "said"), [
    ("/key/list", {"organisation_id": "acme"}, "unknown parameter `organisation_id`: did you mean `organization_id`?"),
    ("/key/list", {"org_id": "acme"}, "did you mean `organization_id`?"),
    ("/key/list", {"key": "sk-1234"}, "did you mean `key_hash`?"),
    ("/key/list", {"sort_by": "spend"}, "unknown parameter `sort_by`: leave it out"),
    ("/key/info", {"token": "x"}, "unknown parameter `token`"),
    ("/team/list", {"org_id": "acme"}, "did you mean `organization_id`?"),
    ("/team/info", {"team": "red"}, "did you mean `team_id`?"),
    ("/user/list", {"team_id": "red"}, "did you mean `team`?"),
    ("/user/list", {"user_id": "alice"}, "did you mean `user_ids`?"),
    ("/user/info", {"user": "alice"}, "did you mean `user_id`?"),
    ("/organization/list", {"organization_id": "acme"}, "did you mean `org_id`?"),
    ("/project/list", {"team_id": "red"}, "unknown parameter `team_id`: leave it out"),
    ("/customer/list", {"blocked": True}, "unknown parameter `blocked`: leave it out"),
    ("/v1/access_group", {"team_id": "red"}, "unknown parameter `team_id`: leave it out"),
    ("/jwt/key/mapping/list", {"jwt_claim_name": "sub"}, "unknown parameter `jwt_claim_name`"),
    ("/key/list", {"\ud800".encode("utf-8", "surrogatepass").decode("latin-1"): 1}, "unknown parameter"),
])  # fmt: skip
async def test_a_parameter_that_is_not_known_is_refused(admin: Client, path: str, query: Query, said: str) -> None:
    answer = await admin.get(path, **query)
    assert answer.status_code == 400, answer.text
    error = answer.json()["error"]
    assert said in error["message"]
    assert error["type"] == "invalid_request_error"


async def test_a_parameter_that_is_given_twice_is_refused(admin: Client) -> None:
    message = await admin.refused_with(400, "GET", "/key/list?team_id=red&team_id=blue")
    assert "`team_id` is given twice" in message


async def test_a_parameter_beside_a_body_is_refused_and_nothing_is_done(admin: Client) -> None:
    made = await admin.made("/key/generate")
    fields = {"keys": [made["token"]]}
    assert "unknown parameter `dry_run`" in await admin.refused_with(400, "POST", "/key/delete?dry_run=true", fields)
    assert await admin.known(made["key"]) is not None


@pytest.mark.parametrize("path", ["/key/list", "/user/list", "/jwt/key/mapping/list"])
@pytest.mark.parametrize("query", [{"page": 0}, {"page": 1_000_001}, {"page": "x"}, {"size": 0}, {"size": 101}])
async def test_a_page_that_makes_no_sense_is_refused(admin: Client, path: str, query: Query) -> None:
    named = {"page_size" if path == "/user/list" and name == "size" else name: query[name] for name in query}
    answer = await admin.get(path, **named)
    assert (answer.status_code, *named) == (400, answer.json()["error"]["param"])
