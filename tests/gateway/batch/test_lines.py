"""A line of a batch file is read as the call that it is."""

import orjson
import pytest

from gateway.batch.files import CHAT, line, read
from modelward.errors import Invalid

SHAPES = {
    "no JSON": b"{",
    "no object": b"[]",
    "no UTF-8": b'{"custom_id":"\xff"}',
    "an empty object": b"{}",
    "no body": orjson.dumps({"custom_id": "1", "method": "POST", "url": CHAT}),
    "a body that is a list": line([]),
    "a custom_id that is a number": line(custom_id=1),
    "one field more": line(model="gpt-4o"),
    "another method": line(method="GET"),
    "a method in other letters": line(method="post"),
    "an unknown url": line(url="/v1/nothing"),
    "a url that is a list": line(url=[CHAT]),
    "a url with a query": line(url=f"{CHAT}?model=gpt-4o"),
    "a url with a host": line(url=f"https://api.example{CHAT}"),
    "a url with a slash at its end": line(url=f"{CHAT}/"),
    "a url in other letters": line(url="/v1/Chat/Completions"),
    "a url with a model in it": line(url="/openai/deployments/gpt-4/chat/completions"),
    "a url with an id in it": line(url="/v1/threads/t/runs"),
    "a url of a state route": line(url="/v1/files"),
    "a url of a batch": line(url="/v1/batches"),
    "a url that takes a form": line(url="/v1/audio/transcriptions"),
    "a url of a call that makes what runs": line(url="/v1/fine_tuning/jobs"),
    "a url of a call that mints a secret": line(url="/v1/realtime/client_secrets"),
    "a url that no batch has": line(url="/v1/rerank"),
    "a url of a pass-through": line(url="/openai/v1/chat/completions"),
    "a url of another style": line(url="/v1/messages"),
    "no model": line({}),
    "a model that is no name": line({"model": " gpt-4"}),
    "a redirect": line({"model": "gpt-4", "api_base": "http://other"}),
    "a redirect in extra_body": line({"model": "gpt-4", "extra_body": {"base_url": "http://other"}}),
    "an extra_body within another": line({"model": "gpt-4", "extra_body": {"extra_body": {"model": "gpt-4"}}}),
    "an extra_body that is a text": line({"model": "gpt-4", "extra_body": '{"model": "gpt-4o"}'}),
    "two values of one field": line({"model": "gpt-4", "stream": False, "extra_body": {"stream": True}}),
    "a field of extra_body that says model": line({"model": "gpt-4", "extra_body": {"x": {"model_id": "gpt-4o"}}}),
    "fallbacks of no known shape": line({"model": "gpt-4", "fallbacks": 1}),
    "two customers": line({"model": "gpt-4", "user": "a", "extra_body": {"user": "b"}}),
    "a customer that is a number": line({"model": "gpt-4", "user": 1}),
    "an integer that would change": b'{"custom_id":"1","method":"POST","url":"/v1/chat/completions",'
    b'"body":{"model":"gpt-4","n":123456789012345678901234}}',
}


@pytest.mark.parametrize("shape", SHAPES)
def test_a_line_that_is_no_call_is_refused_by_its_number(shape: str) -> None:
    with pytest.raises(Invalid, match=r"^line 1 of the file: "):
        read(SHAPES[shape])


def test_a_line_says_what_is_called_and_by_which_models() -> None:
    found = read(line({"model": "gpt-4", "fallbacks": ["gpt-4o"], "user": "c"}))
    assert (found.group, found.footprint.models) == ((CHAT, "c"), ["gpt-4", "gpt-4o"])


@pytest.mark.parametrize(
    "url",
    [
        prefix + path
        for prefix in ("/v1", "")
        for path in (
            *("/chat/completions", "/completions", "/embeddings", "/responses", "/moderations"),
            *("/images/generations", "/images/edits"),
        )
    ],
)
def test_every_call_that_openai_runs_in_a_batch_may_stand_in_a_file(url: str) -> None:
    assert read(line(url=url)).group == (url, None)


def test_of_two_equal_keys_the_last_one_counts() -> None:
    raw = b'{"custom_id":"1","method":"POST","url":"/v1/embeddings","body":{},"body":{"model":"b","model":"c"}}'
    found = read(raw)
    assert found.footprint.models == ["c"]
    assert found.written(str.upper)["body"] == {"model": "C"}


def test_a_carriage_return_before_the_end_of_a_line_is_white_space() -> None:
    assert read(line() + b"\r").footprint.models == ["gpt-4"]


def test_the_completion_model_answers_a_chat_line_and_travels_in_it() -> None:
    found = read(line({"model": "gpt-4"}), completion_model="main")
    assert found.footprint.models == ["main", "gpt-4"]
    assert found.written(lambda name: f"up-{name}")["body"] == {"model": "up-main"}
    assert found.travelling() == ["main"]


def test_the_customer_of_the_upload_is_that_of_lines_that_name_none() -> None:
    assert read(line(), customer="c").customer == "c"
    assert read(line({"model": "gpt-4", "user": "c"}), customer="c").customer == "c"


def test_a_line_may_not_name_another_customer_than_the_upload() -> None:
    with pytest.raises(Invalid, match="line 1 of the file: it names another customer"):
        read(line({"model": "gpt-4", "user": "d"}), customer="c")


def test_nested_models_travel_and_fallbacks_do_not() -> None:
    found = read(line({"model": "a", "tools": [{"model": "b"}], "fallbacks": ["c"]}, url="/v1/responses"))
    assert found.footprint.models == ["a", "b", "c"]
    assert sorted(found.travelling()) == ["a", "b"]
    assert found.written(str.upper) == {
        "custom_id": "1",
        "method": "POST",
        "url": "/v1/responses",
        "body": {"model": "A", "tools": [{"model": "B"}]},
    }
