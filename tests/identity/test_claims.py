"""How claims are read (R2, R7, R8)."""

from contextlib import suppress
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from modelward.contract import ClaimPaths, Token
from modelward.errors import Unidentified
from modelward.identity.tokens import read_token

ID_FIELDS = ["team_id", "team_alias", "user_id", "object_id", "organization_id"]


def read(claims: dict[str, Any], **paths: str) -> Token:
    """The token read at those places."""
    return read_token(claims, ClaimPaths(**paths), None)


def test_nothing_is_read_where_no_place_is_configured() -> None:
    claims = {"sub": "u1", "team_id": "t1", "roles": ["a"], "email": "a@b", "": "x"}
    assert read(claims) == Token(claims=claims)


def test_the_issuer_the_claims_and_the_chosen_team_are_kept() -> None:
    token = read_token({"iss": "https://a", "x": 1}, ClaimPaths(), "t9")
    assert (token.issuer, token.claims, token.chosen_team_id) == ("https://a", {"iss": "https://a", "x": 1}, "t9")


@pytest.mark.parametrize(
    ("claims", "path"),
    [
        ({"a": {"b": {"c": "found"}}}, "a.b.c"),
        ({"a.b.c": "found"}, "a.b.c"),
        ({"a.b.c": "found", "a": {"b": {"c": "other"}}}, "a.b.c"),
        ({"https://x.y/roles": "found"}, "https://x.y/roles"),
        ({"kubernetes.io": {"namespace": "found"}}, r"kubernetes\.io.namespace"),
    ],
)
def test_a_path_is_a_claims_name_or_its_steps(claims: dict[str, Any], path: str) -> None:
    assert read(claims, user_id=path).user_id == "found"


@pytest.mark.parametrize(
    "claims", [{}, {"a": None}, {"a": {}}, {"a": "b"}, {"a": ["b"]}, {"a": {"b": None}}, {"b": "x"}]
)
def test_what_is_not_at_the_path_is_absent(claims: dict[str, Any]) -> None:
    assert read(claims, user_id="a.b").user_id is None


@pytest.mark.parametrize(
    ("scope", "scopes"),
    [
        ("a b", ["a", "b"]),
        (" a b  c  ", ["a", "b", "c"]),
        ("a\u00a0b\tc\nd\u2028e", ["a\u00a0b\tc\nd\u2028e"]),
        ("a,b", ["a,b"]),
        ("", []),
        (["a", "b c"], ["a", "b c"]),
        (["a", 1, ["b"], None], ["a"]),
        ({"a": True}, []),
        (1, []),
        (True, []),
        (None, []),
    ],
)
def test_scopes_are_words_or_items(scope: object, scopes: list[str]) -> None:
    assert read({"scope": scope}).scopes == scopes


def test_another_claim_holds_no_scopes() -> None:
    assert read({"scp": "a", "scopes": ["b"]}).scopes == []


@pytest.mark.parametrize("field", ["roles", "user_roles"])
@pytest.mark.parametrize(
    ("claim", "roles"),
    [
        (["a", "b"], ["a", "b"]),
        ("admin", ["admin"]),
        ("a b", ["a b"]),
        ([["admin"], 1, {"admin": True}, "a"], ["a"]),
        ({"admin": True}, []),
        (7, []),
        ([], []),
        (None, []),
    ],
)
def test_roles_are_items_and_a_text_is_one(field: str, claim: object, roles: list[str]) -> None:
    token = read({"r": {"x": claim}}, **{field: "r.x"})
    assert getattr(token, field) == roles


@pytest.mark.parametrize("field", ID_FIELDS)
def test_an_id_is_a_text(field: str) -> None:
    assert getattr(read({"x": "id 1"}, **{field: "x"}), field) == "id 1"


@pytest.mark.parametrize("field", [*ID_FIELDS, "team_ids"])
@pytest.mark.parametrize("value", [0, 7, 1.5, False, True, {}, {"a": 1}, ""])
def test_an_id_of_a_wrong_type_is_not_absent(field: str, value: object) -> None:
    with pytest.raises(Unidentified, match=r"`a\.x`") as refused:
        read({"a": {"x": value}}, **{field: "a.x"})
    assert refused.value.kind == "auth_error"


@pytest.mark.parametrize("field", ["team_alias", "user_id", "object_id", "organization_id"])
def test_a_list_is_no_id(field: str) -> None:
    with pytest.raises(Unidentified, match="`x`"):
        read({"x": ["u1"]}, **{field: "x"})


def test_the_first_team_of_a_list_is_the_team() -> None:
    assert read({"x": ["t2", "t1"]}, team_id="x").team_id == "t2"


@pytest.mark.parametrize("value", [[1, "t1"], [None], [""], [["t1"]]])
def test_a_list_whose_first_item_is_no_text_names_no_team(value: object) -> None:
    with pytest.raises(Unidentified, match="`x`"):
        read({"x": value}, team_id="x", team_id_default="t9")


@pytest.mark.parametrize("claims", [{}, {"x": None}, {"x": []}])
def test_the_default_of_a_team_is_told_apart_from_a_claim(claims: dict[str, Any]) -> None:
    token = read(claims, team_id="x", team_id_default="t9")
    assert (token.team_id, token.team_id_default) == (None, "t9")
    assert read(claims, team_id="x").team_id_default is None
    claimed = read({"x": "t1"}, team_id="x", team_id_default="t9")
    assert (claimed.team_id, claimed.team_id_default) == ("t1", "t9")


@pytest.mark.parametrize(
    ("paths", "expects"),
    [
        ({}, False),
        ({"team_ids": "x"}, False),
        ({"team_id_default": "t"}, False),
        ({"team_id": "x"}, True),
        ({"team_alias": "x"}, True),
    ],
)
def test_a_claim_for_one_team_is_expected_where_one_is_configured(paths: dict[str, str], expects: bool) -> None:
    assert read({}, **paths).expects_team is expects


@pytest.mark.parametrize(
    ("claim", "ids"), [(["b", "a", "b"], ["a", "b"]), ("a", ["a"]), ("b a", ["b a"]), ([], []), (None, [])]
)
def test_several_teams_are_sorted_and_each_there_once(claim: object, ids: list[str]) -> None:
    assert read({"x": claim}, team_ids="x").team_ids == ids


def test_a_list_with_an_item_that_is_no_team_is_refused() -> None:
    with pytest.raises(Unidentified, match="`x`"):
        read({"x": ["t1", 5]}, team_ids="x")


@pytest.mark.parametrize(("claim", "email"), [("a@b.c", "a@b.c"), ("", None), (None, None)])
def test_an_email_may_be_empty(claim: object, email: str | None) -> None:
    assert read({"x": claim}, email="x").email == email


@pytest.mark.parametrize("claim", [False, 0, [], ["a@b.c"], {}])
def test_an_email_of_a_wrong_type_is_refused(claim: object) -> None:
    with pytest.raises(Unidentified, match="`x`"):
        read({"x": claim}, email="x")


NAMES = st.sampled_from(["a", "b", "a.b", "b.a", "scope", "iss"])
VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=4),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(NAMES, inner, max_size=3),
    max_leaves=8,
)
PATHS = st.builds(ClaimPaths, *[st.none() | st.sampled_from(["a", "a.b", "b.a", r"a\.b", "", "."])] * 11)


@given(st.dictionaries(NAMES, VALUES), PATHS)
def test_any_claims_are_read_or_refused(claims: dict[str, Any], paths: ClaimPaths) -> None:
    with suppress(Unidentified):
        assert read_token(claims, paths, None).claims == claims or claims != claims
