"""Which published keys are of use (R1)."""

from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric import ec, ed448, rsa
from hypothesis import given
from hypothesis import strategies as st
from jwt.algorithms import OKPAlgorithm

from harness.issuer import new_key, public_key
from modelward.identity.key_sets import ALGORITHMS, signing_key

RSA_JWK = public_key(rsa.generate_private_key(public_exponent=65537, key_size=2048), "k", None)
EC_JWK = public_key(new_key("ES256"), "k", None)
OF_RSA = {"RS256", "RS384", "RS512", "PS256", "PS384", "PS512"}


def algorithms(jwk: object) -> set[str] | None:
    """What that key may verify, `None` if it is of no use."""
    key = signing_key(jwk)
    return None if key is None else set(key.algorithms)


def test_an_rsa_key_verifies_all_rsa_signatures() -> None:
    assert algorithms(RSA_JWK) == OF_RSA


def test_a_key_with_an_algorithm_verifies_that_one_alone() -> None:
    assert algorithms({**RSA_JWK, "alg": "PS384"}) == {"PS384"}


@pytest.mark.parametrize(
    ("curve", "alg"), [(ec.SECP256R1(), "ES256"), (ec.SECP384R1(), "ES384"), (ec.SECP521R1(), "ES512")]
)
def test_the_curve_of_a_key_decides_its_algorithm(curve: ec.EllipticCurve, alg: str) -> None:
    assert algorithms(public_key(ec.generate_private_key(curve), "k", None)) == {alg}


def test_edwards_curves_verify_eddsa() -> None:
    jwk = OKPAlgorithm.to_jwk(ed448.Ed448PrivateKey.generate().public_key(), as_dict=True)
    assert algorithms(jwk) == algorithms(public_key(new_key("EdDSA"), None, None)) == {"EdDSA"}


def test_no_symmetric_algorithm_is_ever_accepted() -> None:
    assert not [alg for alg in ALGORITHMS if alg.startswith("HS") or alg == "none"]


@pytest.mark.parametrize(
    "jwk",
    [
        None,
        "text",
        [],
        {},
        {"kty": "oct", "k": "c2VjcmV0", "kid": "k"},
        {"kty": "oct", "k": "c2VjcmV0", "kid": "k", "alg": "RS256"},
        {**RSA_JWK, "k": "c2VjcmV0"},
        {**RSA_JWK, "d": RSA_JWK["e"]},
        {**RSA_JWK, "use": "enc"},
        {**RSA_JWK, "key_ops": ["encrypt"]},
        {**RSA_JWK, "key_ops": "verify"},
        {**RSA_JWK, "alg": "HS256"},
        {**RSA_JWK, "alg": "ES256"},
        {**RSA_JWK, "kid": 5},
        {**RSA_JWK, "n": 5},
        {**EC_JWK, "alg": "RS256"},
        {**EC_JWK, "crv": "P-384"},
        {**EC_JWK, "crv": "secp256k1"},
        {**EC_JWK, "x": EC_JWK["y"]},
        {name: value for name, value in EC_JWK.items() if name != "y"},
    ],
)
def test_what_is_no_fit_public_signing_key_is_left_out(jwk: object) -> None:
    assert signing_key(jwk) is None


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=4), inner, max_size=3),
    max_leaves=6,
)
MEMBERS = ["kty", "crv", "alg", "use", "key_ops", "kid", "n", "e", "x", "y"]


@given(st.sampled_from([RSA_JWK, EC_JWK]), st.dictionaries(st.sampled_from(MEMBERS), JSON))
def test_any_key_can_be_read(jwk: dict[str, Any], changes: dict[str, Any]) -> None:
    found = algorithms({**jwk, **changes})
    assert found is None or found <= ALGORITHMS
