"""Which form of error a path's clients read (E1)."""

import pytest

from modelward.gateway.errors import form_of, id_headers

FORMS = {
    "/v1/messages": "anthropic",
    "/v1/messages/count_tokens": "anthropic",
    "/v1/messages/nowhere": "anthropic",
    "/v1/messagesx": "openai",
    "/v1/Messages": "openai",
    "//v1/messages": "openai",
    "/anthropic/v1/messages": "anthropic",
    "/anthropic": "anthropic",
    "/anthropical/v1": "openai",
    "/v1beta/models/gemini-pro:generateContent": "google",
    "/v1beta/openai/chat/completions": "openai",
    "/v1beta/openaix": "google",
    "/v1beta2/models/m:generateContent": "openai",
    "/v1beta%2Fmodels": "openai",
    "/vertex_ai/publishers/google/models/m:predict": "google",
    "/vertex_aix/": "openai",
    "/v1/chat/completions": "openai",
    "/openai/deployments/gpt-4/chat/completions": "openai",
    "/bedrock/model/m/converse": "openai",
    "/watsonx/ml/v1/text/chat": "openai",
    "/nowhere": "openai",
    "": "openai",
}


@pytest.mark.parametrize(("path", "form"), FORMS.items())
def test_the_form_goes_by_the_paths_first_segments(path: str, form: str) -> None:
    assert form_of(path) == form


def test_only_anthropics_clients_get_a_third_header_with_the_decisions_id() -> None:
    names = {b"x-request-id", b"x-modelward-decision-id"}
    assert {name for name, _ in id_headers("d1", "google")} == names
    assert {name for name, _ in id_headers("d1", "anthropic")} == names | {b"request-id"}
    assert {value for _, value in id_headers("d1", "anthropic")} == {b"d1"}
