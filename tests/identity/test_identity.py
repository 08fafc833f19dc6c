"""Who a credential stands for where tokens count (A2, R1, R9)."""

from collections.abc import Callable
from typing import Any

import pytest

from harness.issuer import Issuer
from modelward import contract
from modelward.contract import Caller, ClaimPaths, Key, Token
from modelward.errors import StoreUnavailable, Unidentified
from modelward.identity import Identity, KeySets, Tokens, key_hash, team_header

MASTER_KEY = "master.key.1234"
ALICE = Caller(kind="key", key=Key(token=key_hash("sk-alice")))
MAPPINGS = {("client_id", "app-1"): key_hash("sk-alice"), ("client_id", "app-2"): key_hash("sk-gone")}
Build = Callable[..., Identity]


class Seen:
    """What the store was asked for."""

    def __init__(self) -> None:
        self.tokens: list[tuple[Token, str | None]] = []

    async def token_caller(self, token: Token, digest: str | None) -> Caller:
        """A caller with that token and no records."""
        self.tokens.append((token, digest))
        return Caller(kind="jwt", token=token)


@pytest.fixture
def seen() -> Seen:
    """Nothing was asked for yet."""
    return Seen()


@pytest.fixture
def build(idp: Issuer, keys: KeySets, seen: Seen) -> Build:
    """Makes an identity whose tokens are read at the given places, or one without JWT auth."""

    def identity(*, jwt_auth: bool = True, name: str | None = None, **paths: str) -> Identity:
        source = contract.Issuer(key_urls=(idp.url,), name=name, paths=ClaimPaths(**paths))
        tokens = Tokens(lambda: [source] if jwt_auth else [], keys)
        return Identity(lambda: MASTER_KEY, only_alice, tokens, seen.token_caller, mapped_key)

    return identity


async def only_alice(hashed: str) -> Caller | None:
    """A lookup that knows one key."""
    return ALICE if ALICE.key and hashed == ALICE.key.token else None


async def mapped_key(name: str, value: str) -> str | None:
    """The key that a claim is mapped to."""
    return MAPPINGS.get((name, value))


async def refusal(identity: Identity, credential: str | None, *headers: tuple[bytes, bytes]) -> Unidentified:
    """How that credential is refused."""
    with pytest.raises(Unidentified) as refused:
        await identity.identify(credential, headers)
    return refused.value


async def test_a_token_stands_for_its_caller(idp: Issuer, build: Build, seen: Seen) -> None:
    caller = await build(user_id="sub").identify(idp.token({"sub": "u1"}), [])
    assert caller.kind == "jwt"
    assert [token.user_id for token, _ in seen.tokens] == ["u1"]
    assert caller.token == seen.tokens[0][0]


async def test_a_key_stays_a_key(build: Build) -> None:
    assert await build().identify("sk-alice", []) is ALICE


async def test_a_key_of_three_parts_is_judged_as_a_key(build: Build) -> None:
    assert (await refusal(build(), "sk-a.b.c")).kind == "token_not_found_in_db"


async def test_a_master_key_of_three_parts_is_the_master_key(build: Build) -> None:
    assert (await build().identify(MASTER_KEY, [])).kind == "master"


@pytest.mark.parametrize("credential", [None, "", "a.b", "a.b.c.d", "a.b.c", "..", "\udcff.b.c"])
async def test_neither_key_nor_token_is_refused(build: Build, credential: str | None) -> None:
    refused = await refusal(build(), credential)
    assert (refused.status, refused.kind) == (401, "auth_error")


async def test_without_jwt_auth_a_token_is_no_key(idp: Issuer, build: Build, seen: Seen) -> None:
    refused = await refusal(build(jwt_auth=False), idp.token({"sub": "u1"}))
    assert "no key" in str(refused)
    assert seen.tokens == []


async def test_an_expired_token_is_refused(idp: Issuer, build: Build, seen: Seen) -> None:
    assert (await refusal(build(key="client_id"), idp.token({"client_id": "app-1"}, state="expired"))).kind == (
        "expired_key"
    )
    assert seen.tokens == []


async def test_the_team_header_is_what_the_token_asks_for(idp: Issuer, build: Build, seen: Seen) -> None:
    await build().identify(idp.token(), [(b"X-LiteLLM-Team-Id", b"t1")])
    assert seen.tokens[0][0].chosen_team_id == "t1"


async def test_two_team_headers_are_refused_for_a_token_alone(idp: Issuer, build: Build) -> None:
    headers = (b"x-litellm-team-id", b"t1"), (b"x-litellm-team-id", b"t2")
    assert "more than once" in str(await refusal(build(), idp.token(), *headers))
    assert await build().identify("sk-alice", headers) is ALICE


@pytest.mark.parametrize(
    ("value", "chosen"), [(b"t1", "t1"), (b"", ""), ("ä".encode(), "ä"), (b"t\xff", "t\N{REPLACEMENT CHARACTER}")]
)
def test_any_team_header_can_be_read(value: bytes, chosen: str) -> None:
    assert team_header([(b"x-litellm-team-id", value), (b"x-litellm-team", b"t2")]) == chosen


def test_no_team_header_chooses_no_team() -> None:
    assert team_header([(b"content-type", b"text/plain")]) is None


async def test_equal_tokens_alone_have_equal_digests(idp: Issuer, build: Build, seen: Seen) -> None:
    first, second = (idp.token({"sub": sub, "iss": "a", "groups": ["t1"]}) for sub in ("u1", "u2"))
    await build(team_ids="groups").identify(first, [])
    await build(team_ids="groups").identify(first + "==", [])
    await build(team_ids="groups").identify(second, [])
    await build(team_ids="groups").identify(first, [(b"x-litellm-team-id", b"t1")])
    await build(team_ids="groups", name="a").identify(first, [])
    await build(team_ids="groups", user_id="sub").identify(first, [])
    digests = [digest for _, digest in seen.tokens]
    assert digests[0] == digests[1]
    assert len(set(digests)) == 5
    assert {len(digest or "") for digest in digests} == {64}


async def test_a_caller_for_a_team_that_the_token_does_not_name_is_not_to_be_kept(
    idp: Issuer, build: Build, seen: Seen
) -> None:
    await build(team_ids="groups").identify(idp.token({"groups": ["t1"]}), [(b"x-litellm-team-id", b"anything")])
    ((token, digest),) = seen.tokens
    assert (token.chosen_team_id, digest) == ("anything", None)


async def test_a_mapped_claim_stands_for_its_key(idp: Issuer, build: Build, seen: Seen) -> None:
    token = idp.token({"azp": {"client_id": "x"}, "client_id": "app-1", "sub": 5})
    assert await build(key="client_id", user_id="sub").identify(token, []) is ALICE
    assert seen.tokens == []


async def test_a_mapping_whose_key_is_gone_is_refused(idp: Issuer, build: Build, seen: Seen) -> None:
    refused = await refusal(build(key="client_id"), idp.token({"client_id": "app-2"}))
    assert refused.kind == "token_not_found_in_db"
    assert seen.tokens == []


@pytest.mark.parametrize("claims", [{}, {"client_id": None}, {"client_id": "app-3"}, {"sub": "app-1"}])
async def test_without_a_mapping_the_token_speaks_for_itself(idp: Issuer, build: Build, claims: dict[str, Any]) -> None:
    assert (await build(key="client_id").identify(idp.token(claims), [])).kind == "jwt"


async def test_without_the_setting_no_claim_is_mapped(idp: Issuer, build: Build) -> None:
    assert (await build().identify(idp.token({"client_id": "app-1"}), [])).kind == "jwt"


@pytest.mark.parametrize("value", [1, ["app-1"], {}, "", False])
async def test_a_mapped_claim_of_a_wrong_type_is_refused(idp: Issuer, build: Build, value: object) -> None:
    assert "`client_id`" in str(await refusal(build(key="client_id"), idp.token({"client_id": value})))


async def test_a_failure_to_ask_is_passed_on(idp: Issuer, keys: KeySets) -> None:
    async def gone(*_: object) -> Any:
        raise StoreUnavailable("gone")

    source = contract.Issuer(key_urls=(idp.url,), paths=ClaimPaths(key="client_id"))
    identity = Identity(lambda: None, only_alice, Tokens(lambda: [source], keys), gone, gone)
    for claims in ({}, {"client_id": "app-1"}):
        with pytest.raises(StoreUnavailable):
            await identity.identify(idp.token(claims), [])
