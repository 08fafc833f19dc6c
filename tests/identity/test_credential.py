"""Where a credential is found (A1)."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from modelward.errors import Unidentified
from modelward.identity import credential, key_hash
from modelward.identity.callers import HEADERS


def sent(*headers: tuple[str, str], query: str = "", google: bool = False) -> str | None:
    """The credential of a request with these headers."""
    return credential([(name.encode(), value.encode()) for name, value in headers], query.encode(), google)


def test_a_request_without_a_credential_has_none() -> None:
    assert sent(("content-type", "application/json"), query="key=sk-1") is None


@pytest.mark.parametrize("name", [name.decode() for name in HEADERS])
def test_each_header_may_carry_it(name: str) -> None:
    assert sent((name, "sk-1")) == "sk-1"


@pytest.mark.parametrize("name", [name.decode() for name in HEADERS])
@pytest.mark.parametrize("scheme", ["Bearer ", "bearer ", "BEARER   "])
def test_the_word_bearer_is_dropped_in_each(name: str, scheme: str) -> None:
    assert sent((name, f"{scheme}sk-1")) == "sk-1"


@pytest.mark.parametrize("place", range(len(HEADERS) - 1))
def test_the_first_header_decides_alone(place: int) -> None:
    first, second = HEADERS[place].decode(), HEADERS[place + 1].decode()
    assert sent((second, "sk-second"), (first, "sk-first")) == "sk-first"
    assert sent((second, "sk-second"), (first, "")) == ""


def test_another_scheme_is_part_of_the_credential() -> None:
    assert sent(("authorization", "Basic c2stMQ==")) == "Basic c2stMQ=="


def test_a_header_may_be_repeated_with_the_same_value() -> None:
    assert sent(("authorization", "Bearer sk-1"), ("authorization", "Bearer sk-1")) == "sk-1"


def test_two_values_of_one_header_are_refused() -> None:
    with pytest.raises(Unidentified, match="`authorization` is there more than once") as refused:
        sent(("authorization", "Bearer sk-1"), ("Authorization", "Bearer sk-2"))
    assert "sk-" not in str(refused.value)


def test_the_query_counts_on_google_routes_only() -> None:
    assert sent(query="alt=sse&key=sk-1", google=True) == "sk-1"
    assert sent(query="alt=sse&key=sk-1") is None


def test_a_header_comes_before_the_query() -> None:
    assert sent(("x-goog-api-key", "sk-1"), query="key=sk-2", google=True) == "sk-1"


def test_two_keys_in_the_query_are_refused() -> None:
    with pytest.raises(Unidentified, match=r"`\?key=`"):
        sent(query="key=sk-1&key=sk-2", google=True)


def test_parameter_names_are_exact() -> None:
    assert sent(query="KEY=sk-1&api_key=sk-1", google=True) is None


def test_the_query_is_decoded_once() -> None:
    assert sent(query="key=sk%2D1%252D", google=True) == "sk-1%2D"


@given(st.binary(), st.binary(), st.sampled_from(HEADERS), st.booleans())
def test_any_bytes_are_a_credential_that_can_be_hashed(value: bytes, query: bytes, name: bytes, google: bool) -> None:
    found = credential([(name, value)], query, google)
    assert found is not None
    assert len(key_hash(found)) == 64


@given(st.binary())
def test_any_query_can_be_read(query: bytes) -> None:
    found = credential([], b"key=" + query.replace(b"&", b""), True)
    assert found is not None
    assert len(key_hash(found)) == 64
