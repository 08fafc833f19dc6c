"""What a file asks for is listed once, however many lines ask for it."""

import pytest

from gateway.batch.files import CHAT, groups, line, uploading
from gateway.configs import PLAIN, Compile
from modelward.errors import Invalid
from modelward.gateway.batch.groups import MOST_GROUPS
from modelward.gateway.request.footprint import MOST_MODELS


def _of(model: str, **fields: object) -> bytes:
    return line({"model": model, **fields})


def test_lines_of_one_url_and_customer_are_one_group() -> None:
    (found,) = groups(_of("a"), _of("b"), _of("a"))
    assert (found.group, list(found.models), list(found.travelling)) == (
        (CHAT, None),
        ["a", "b"],
        ["a", "b"],
    )


def test_urls_and_customers_part_groups_in_the_order_of_the_lines() -> None:
    found = groups(_of("a", user="c"), _of("b"), line({"model": "a"}, url="/v1/embeddings"), _of("d", user="c"))
    assert [(*each.group, list(each.models)) for each in found] == [
        (CHAT, "c", ["a", "d"]),
        (CHAT, None, ["b"]),
        ("/v1/embeddings", None, ["a"]),
    ]


def test_a_fallback_is_judged_and_does_not_travel_until_a_line_is_answered_by_it() -> None:
    (found,) = groups(_of("a", fallbacks=["b"]))
    assert (list(found.models), list(found.travelling)) == (["a", "b"], ["a"])
    (found,) = groups(_of("a", fallbacks=["b"]), _of("b"))
    assert (list(found.models), list(found.travelling)) == (["a", "b"], ["a", "b"])


def test_one_line_whose_places_differ_makes_its_group_differ(compile_config: Compile) -> None:
    same, other = groups(_of("a"), _of("a", user="c", extra_body={"model": "b"}))
    upload = uploading(compile_config(PLAIN))
    assert (same.request(upload).differ, other.request(upload).differ) == (False, True)


def test_a_question_is_about_the_call_of_the_lines(compile_config: Compile) -> None:
    (found,) = groups(_of("a"))
    asked = found.request(uploading(compile_config(PLAIN)))
    assert (asked.method, asked.path, asked.route, asked.operation) == ("POST", CHAT, CHAT, "infer")
    assert (asked.models, asked.groups) == (["a"], ["openai_routes", "llm_api_routes"])


def test_a_group_may_name_so_many_models_and_not_one_more() -> None:
    lines = [_of(f"m{place}") for place in range(MOST_MODELS)]
    assert [len(each.models) for each in groups(*lines)] == [MOST_MODELS]
    with pytest.raises(Invalid, match="split the file"):
        groups(*lines, _of("one more"))


def test_a_file_may_have_so_many_groups_and_not_one_more() -> None:
    lines = [_of("a", user=f"c{place}") for place in range(MOST_GROUPS)]
    assert len(list(groups(*lines))) == MOST_GROUPS
    with pytest.raises(Invalid, match="split the file"):
        groups(*lines, _of("a", user="one more"))
