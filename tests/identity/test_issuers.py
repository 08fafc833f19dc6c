"""Whose tokens are believed, and for whom they must be (R1)."""

import pytest

from harness.issuer import Issuer
from identity.verifying import kind, tokens, trusted
from modelward import contract
from modelward.errors import IssuerUnavailable
from modelward.identity import KeySets


@pytest.mark.parametrize("audience", ["a", ["a"], ["x", "b"]])
async def test_a_token_for_one_of_the_audiences_is_believed(idp: Issuer, keys: KeySets, audience: object) -> None:
    _, claims = await tokens(keys, trusted(idp, audiences=("a", "b"))).verify(idp.token({"aud": audience}))
    assert claims["aud"] == audience


@pytest.mark.parametrize("claims", [{}, {"aud": "x"}, {"aud": ["x", "A"]}, {"aud": "a b"}, {"aud": []}, {"aud": [1]}])
async def test_a_token_for_another_audience_is_refused(idp: Issuer, keys: KeySets, claims: dict[str, object]) -> None:
    assert await kind(tokens(keys, trusted(idp, audiences=("a", "b"))), idp.token(claims)) == "auth_error"


async def test_without_audiences_any_is_fine(idp: Issuer, keys: KeySets) -> None:
    assert (await tokens(keys, trusted(idp)).verify(idp.token({"aud": "x"})))[1]["aud"] == "x"


@pytest.mark.parametrize("claims", [{}, {"iss": "https://b"}, {"iss": "https://a/"}, {"iss": ["https://a"]}])
async def test_a_token_of_another_issuer_is_refused(idp: Issuer, keys: KeySets, claims: dict[str, object]) -> None:
    assert await kind(tokens(keys, trusted(idp, name="https://a")), idp.token(claims)) == "auth_error"


async def test_each_issuer_signs_with_its_own_keys_only(idp: Issuer, own_idp: Issuer, keys: KeySets) -> None:
    first, second = trusted(idp, name="https://a"), trusted(own_idp, name="https://b")
    verifier = tokens(keys, first, second)
    assert (await verifier.verify(idp.token({"iss": "https://a"})))[0] is first
    assert (await verifier.verify(own_idp.token({"iss": "https://b"}, "ES256")))[0] is second
    assert await kind(verifier, own_idp.token({"iss": "https://a"}, "ES256")) == "auth_error"


async def test_an_issuer_without_a_name_is_asked_for_every_token(idp: Issuer, own_idp: Issuer, keys: KeySets) -> None:
    named, unnamed = trusted(idp, name="https://a"), trusted(own_idp)
    verifier = tokens(keys, unnamed, named)
    assert (await verifier.verify(idp.token({"iss": "https://a"})))[0] is named
    assert (await verifier.verify(own_idp.token({"iss": "https://a"}, "ES256")))[0] is unnamed
    assert (await verifier.verify(own_idp.token(alg="ES256")))[0] is unnamed


async def test_a_token_expired_at_its_issuer_is_expired_whatever_others_say(
    idp: Issuer, own_idp: Issuer, keys: KeySets
) -> None:
    own_idp.go_down()
    verifier = tokens(keys, trusted(own_idp), trusted(idp))
    assert await kind(verifier, idp.token(state="expired")) == "expired_key"


async def test_two_addresses_of_one_issuer_count_alike(idp: Issuer, own_idp: Issuer, keys: KeySets) -> None:
    verifier = tokens(keys, contract.Issuer(key_urls=(own_idp.url, idp.url)))
    for raw in (idp.token({"sub": "u1"}), own_idp.token({"sub": "u1"}, "ES256")):
        assert (await verifier.verify(raw))[1]["sub"] == "u1"


async def test_a_token_that_an_unreachable_issuer_may_have_signed_is_not_refused(
    idp: Issuer, own_idp: Issuer, keys: KeySets
) -> None:
    own_idp.go_down()
    with pytest.raises(IssuerUnavailable):
        await tokens(keys, trusted(idp), trusted(own_idp)).verify(own_idp.token(alg="ES256"))
