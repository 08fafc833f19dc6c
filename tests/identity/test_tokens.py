"""Which tokens are believed (R1)."""

import time
from dataclasses import replace
from typing import Any

import orjson
import pytest
from cryptography.hazmat.primitives.asymmetric import rsa
from hypothesis import given
from hypothesis import strategies as st
from jwt import api_jws

from harness.issuer import ALGORITHMS, Issuer, issuer, new_key, public_key
from identity.verifying import kind, refusal, tokens, trusted
from modelward.contract import Caller
from modelward.errors import Unidentified
from modelward.identity import KeySets
from modelward.identity.tokens import MAX_LENGTH, read_token, unverified


def signed(idp: Issuer, payload: bytes, alg: str = "RS256") -> str:
    """A token with any payload."""
    return api_jws.encode(payload, idp.keys[alg], alg, {"kid": idp.kid(alg)})


@pytest.mark.parametrize("alg", ALGORITHMS)
async def test_a_current_token_is_believed(idp: Issuer, keys: KeySets, alg: str) -> None:
    source = trusted(idp)
    found, claims = await tokens(keys, source).verify(idp.token({"sub": "u1", "roles": ["a"]}, alg))
    assert found is source
    assert (claims["sub"], claims["roles"]) == ("u1", ["a"])


@pytest.mark.parametrize("alg", ALGORITHMS)
async def test_an_expired_token_is_refused_as_expired(idp: Issuer, keys: KeySets, alg: str) -> None:
    assert await kind(tokens(keys, trusted(idp)), idp.token({"sub": "u1"}, alg, "expired")) == "expired_key"


@pytest.mark.parametrize("alg", ALGORITHMS)
@pytest.mark.parametrize("state", ["not_yet_valid", "wrong_key", "tampered"])
async def test_a_bad_token_is_refused(idp: Issuer, keys: KeySets, alg: str, state: Any) -> None:
    assert await kind(tokens(keys, trusted(idp)), idp.token({"sub": "u1"}, alg, state)) == "auth_error"


@pytest.mark.parametrize("exp", [9_223_372_037, 253_402_300_800, 10**15, 2**63, 10**20, 1e30])
async def test_a_token_that_expires_in_the_far_future_is_valid(idp: Issuer, keys: KeySets, exp: float) -> None:
    issuer, claims = await tokens(keys, trusted(idp)).verify(idp.token({"sub": "u1", "exp": exp}))
    caller = Caller(kind="jwt", token=read_token(claims, issuer.paths, None))
    assert orjson.loads(caller.encoded)["token"]["claims"]["exp"] == exp


async def test_a_forged_token_is_not_called_expired(idp: Issuer, keys: KeySets) -> None:
    forged = idp.token({"exp": 1}, state="wrong_key")
    assert await kind(tokens(keys, trusted(idp)), forged) == "auth_error"


@pytest.mark.parametrize("alg", ["none", "None", "NONE", "HS256", "HS512", "ES256K", "RS257", ""])
async def test_other_algorithms_are_refused_before_any_key_is_looked_at(
    own_idp: Issuer, keys: KeySets, alg: str
) -> None:
    head = {"alg": alg, "kid": own_idp.kid("ES256")}
    refused = await refusal(tokens(keys, trusted(own_idp)), own_idp.token(alg="ES256", headers=head))
    assert "`alg`" in str(refused)
    assert own_idp.requests == 0


@pytest.mark.parametrize("alg", ["none", "HS256"])
async def test_no_signature_and_the_public_key_as_a_secret_are_refused(idp: Issuer, keys: KeySets, alg: str) -> None:
    assert await kind(tokens(keys, trusted(idp)), idp.token({"sub": "u1"}, alg)) == "auth_error"


async def test_a_stripped_signature_is_refused(idp: Issuer, keys: KeySets) -> None:
    unsigned = idp.token().rpartition(".")[0] + "."
    assert await kind(tokens(keys, trusted(idp)), unsigned) == "auth_error"


async def test_a_key_verifies_only_the_algorithm_it_is_published_for(idp: Issuer, keys: KeySets) -> None:
    confused = replace(idp, keys={"RS256": idp.keys["PS256"]}).token(kid=idp.kid("PS256"))
    assert await kind(tokens(keys, trusted(idp)), confused) == "auth_error"


async def test_a_weak_key_is_refused(own_idp: Issuer, keys: KeySets) -> None:
    weak = rsa.generate_private_key(public_exponent=65537, key_size=1024)
    own_idp.keys = {"RS256": weak}
    refused = await refusal(tokens(keys, trusted(own_idp)), own_idp.token({"sub": "u1"}))
    assert "weak" in str(refused)


async def test_a_token_without_a_key_id_is_tried_with_the_fitting_keys(idp: Issuer, keys: KeySets) -> None:
    verifier = tokens(keys, trusted(idp))
    assert (await verifier.verify(idp.token({"sub": "u1"}, kid=None)))[1]["sub"] == "u1"
    assert await kind(verifier, idp.token({"sub": "u1"}, state="wrong_key", kid=None)) == "auth_error"


async def test_keys_in_the_header_are_never_followed(idp: Issuer, own_idp: Issuer, keys: KeySets) -> None:
    verifier = tokens(keys, trusted(idp))
    jwk = public_key(own_idp.keys["ES256"], own_idp.kid("ES256"), "ES256")
    for head in ({"jku": own_idp.url}, {"x5u": own_idp.url}, {"jwk": jwk}, {"jku": own_idp.url, "jwk": jwk}):
        assert await kind(verifier, own_idp.token(alg="ES256", headers=head)) == "auth_error"
        assert await kind(verifier, own_idp.token(alg="ES256", headers=head, kid=None)) == "auth_error"
    assert own_idp.requests == 0


@pytest.mark.parametrize("extensions", [["b64"], ["exp"], [], "b64", 5])
async def test_extensions_that_must_be_understood_are_refused(idp: Issuer, keys: KeySets, extensions: object) -> None:
    head = {"crit": extensions, "b64": True, "exp": 1}
    assert await kind(tokens(keys, trusted(idp)), idp.token(headers=head)) == "auth_error"


async def test_there_is_no_grace_after_the_end(idp: Issuer, keys: KeySets) -> None:
    assert await kind(tokens(keys, trusted(idp)), idp.token({"exp": int(time.time())})) == "expired_key"


@pytest.mark.parametrize("claim", ["exp", "nbf"])
@pytest.mark.parametrize("value", [None, "soon", [], {}, [1]])
async def test_a_time_that_is_none_is_refused(idp: Issuer, keys: KeySets, claim: str, value: object) -> None:
    assert await kind(tokens(keys, trusted(idp)), idp.token({claim: value})) == "auth_error"


async def test_a_token_without_an_end_does_not_expire(idp: Issuer, keys: KeySets) -> None:
    _, claims = await tokens(keys, trusted(idp)).verify(idp.token({"sub": "u1"}, seconds=None))
    assert claims == {"sub": "u1"}


async def test_the_gateways_own_claims_are_dropped(idp: Issuer, keys: KeySets) -> None:
    raw = idp.token({"sub": "u1", "_litellm_team_id": "t2", "_litellm_": 1}, seconds=None)
    assert (await tokens(keys, trusted(idp)).verify(raw))[1] == {"sub": "u1"}


@pytest.mark.parametrize(
    "payload",
    [
        *(b"", b"[]", b'"text"', b"null", b"{", b'{"a":NaN}', b'{"a":1e999}', b'{"a":"\\ud800"}', b'{"a":"\xff"}'),
        *(b"[" * 5000, b'{"a":' * 40 + b"1" + b"}" * 40),
    ],
)
async def test_claims_that_are_no_plain_json_object_are_refused(idp: Issuer, keys: KeySets, payload: bytes) -> None:
    assert await kind(tokens(keys, trusted(idp)), signed(idp, payload)) == "auth_error"


async def test_a_token_that_is_too_long_is_refused(own_idp: Issuer, keys: KeySets) -> None:
    refused = await refusal(tokens(keys, trusted(own_idp)), own_idp.token({"sub": "u" * MAX_LENGTH}, "ES256"))
    assert "longer" in str(refused)
    assert own_idp.requests == 0


@pytest.mark.parametrize("raw", ["..", "a.b.c", "\udcff.b.c", "e30.e30.", "e30.e30.e30", "bnVsbA.e30.", "ä.ö.ü"])
async def test_what_is_no_token_is_refused(idp: Issuer, keys: KeySets, raw: str) -> None:
    assert await kind(tokens(keys, trusted(idp)), raw) == "auth_error"


@pytest.mark.parametrize("kid", [5, [], {}, True])
async def test_a_key_id_must_be_a_text(idp: Issuer, keys: KeySets, kid: object) -> None:
    assert await kind(tokens(keys, trusted(idp)), idp.token(headers={"kid": kid})) == "auth_error"


@given(st.lists(st.text(st.sampled_from("aeyJ30-_=é\udcff"), max_size=12), min_size=3, max_size=3))
def test_any_three_parts_are_read_or_refused(parts: list[str]) -> None:
    with pytest.raises(Unidentified):
        unverified(".".join(parts))


def test_a_token_has_three_parts_and_is_no_key(idp: Issuer, keys: KeySets) -> None:
    verifier = tokens(keys, trusted(idp))
    assert verifier.is_token("a.b.c")
    assert not [text for text in ("a.b", "a.b.c.d", "sk-a.b.c", "") if verifier.is_token(text)]


def test_nothing_is_a_token_while_there_are_no_issuers(keys: KeySets) -> None:
    assert not tokens(keys).is_token("a.b.c")


async def test_a_second_key_with_the_same_id_is_tried_too(keys: KeySets) -> None:
    with issuer(keys={"ES256": new_key("ES256")}) as idp:
        idp.extra = idp.public_keys()
        idp.keys = {"ES256": new_key("ES256")}
        assert (await tokens(keys, trusted(idp)).verify(idp.token({"sub": "u1"}, "ES256")))[1]["sub"] == "u1"
