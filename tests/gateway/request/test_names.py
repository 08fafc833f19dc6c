"""What is a model name, and what is not (M3)."""

import pytest

from modelward.errors import Invalid
from modelward.gateway.request.footprint import names

GOOD = ["gpt-4", "openai/gpt-4", "a b", "модель", "gpt\u00a04", "a/.../b", ".", "..", "*", "GPT-4", "a%2Fb", "..a/b"]


@pytest.mark.parametrize("name", GOOD)
def test_a_name_is_taken_byte_for_byte(name: str) -> None:
    assert names(name, "model") == (name,)


BAD = ["", " gpt-4", "gpt-4 ", "\tgpt-4", "gpt-4\n", "gpt\x004", "gpt\x7f4", "a/../b", "a/.", "./a", "a/..", "\ud800"]


@pytest.mark.parametrize("name", BAD)
def test_what_is_no_name_is_refused(name: str) -> None:
    with pytest.raises(Invalid, match="`model`"):
        names(name, "model")


@pytest.mark.parametrize("value", [None, 1, 1.5, True, ["gpt-4"], {"model": "gpt-4"}])
def test_what_is_no_text_is_refused(value: object) -> None:
    with pytest.raises(Invalid, match="`model` must be a model name"):
        names(value, "model")


@pytest.mark.parametrize("value", ["a,b", "a, b", "a ,b", "a  ,  b"])
def test_a_comma_list_names_each_part_in_order(value: str) -> None:
    assert names(value, "model") == ("a", "b")


@pytest.mark.parametrize("value", [",", "a,", ",a", "a,,b", "a, ,b", " a,b", "a,b ", "a,\tb", "a,../b"])
def test_a_comma_list_with_a_part_that_is_no_name_is_refused(value: str) -> None:
    with pytest.raises(Invalid):
        names(value, "model")


def test_the_message_does_not_repeat_what_was_sent() -> None:
    with pytest.raises(Invalid) as refused:
        names("sk-secret\n", "model")
    assert "secret" not in str(refused.value)


def test_a_name_longer_than_any_models_is_refused() -> None:
    assert names("m" * 1000, "model") == ("m" * 1000,)
    with pytest.raises(Invalid, match="longer than 1000 characters"):
        names("m" * 1001, "model")


def test_a_long_comma_list_is_refused_before_it_is_taken_apart() -> None:
    with pytest.raises(Invalid, match="more than 100 models"):
        names("a," * 10_000_000, "model")
