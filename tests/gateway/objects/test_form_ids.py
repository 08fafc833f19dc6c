"""Objects that the texts of a form name, as keys or as JSON."""

import pytest

from gateway.objects.gate_setup import ObjectsSetup
from modelward.contract import StateObject

NAMED = {
    "pictures": ("/v1/images/edits", "images", '[{"file_id":"file_1"}]'),
    "pictures behind white space": ("/v1/images/edits", "images", ' \r\n\t[{"file_id":"file_1"}]'),
    "one of several pictures": ("/v1/images/edits", "images[]", '{"file_id":"file_1"}'),
    "a picture by a key": ("/v1/images/edits", "images[0][file_id]", "file_1"),
    "a picture by its other word": ("/v1/images/edits", "image", '{"file_id":"file_1"}'),
    "a mask": ("/v1/images/edits", "mask", '{"file_id":"file_1"}'),
    "a reference": ("/v1/videos", "input_reference", '{"file_id":"file_1"}'),
    "a character": ("/v1/videos", "characters", '[{"video":{"id":"file_1"}}]'),
    "a list of ids": ("/v1/videos", "file_ids", '["file_1"]'),
}


async def _sent(staged: ObjectsSetup, path: str, name: str, text: str) -> int:
    fields = {"model": "gpt-4", name: text}
    parts = [f'--x\r\nContent-Disposition: form-data; name="{key}"\r\n\r\n{each}\r\n' for key, each in fields.items()]
    body = ("".join(parts) + "--x--\r\n").encode()
    answer = await staged.send("POST", path, body, {"content-type": "multipart/form-data; boundary=x"})
    return answer.status


@pytest.mark.parametrize("case", NAMED)
async def test_an_object_of_another_that_a_form_names_is_not_found(staged: ObjectsSetup, case: str) -> None:
    path, name, text = NAMED[case]
    for kind in ("file", "video"):
        await staged.store.bind([StateObject(kind, "file_1", "team:t2", "id-gpt-4")], [])
    assert await _sent(staged, path, name, text) == 404
    assert not staged.upstream.asked


async def test_ones_own_file_travels_as_json_in_a_form(staged: ObjectsSetup) -> None:
    await staged.store.bind([StateObject("file", "file_1", "team:t1", "id-gpt-4")], [])
    assert await _sent(staged, "/v1/images/edits", "images", '[{"file_id": "file_1"}]') == 200
    assert b'[{"file_id":"file_1"}]' in staged.upstream.asked[-1].body


@pytest.mark.parametrize("name", ["images", "mask", "video", "input_reference"])
async def test_what_begins_as_json_under_such_a_name_and_is_none_is_refused(staged: ObjectsSetup, name: str) -> None:
    assert await _sent(staged, "/v1/images/edits", name, '{"file_id":"file_1"') == 400


async def test_a_prompt_is_a_text_however_it_begins(staged: ObjectsSetup) -> None:
    assert await _sent(staged, "/v1/images/edits", "prompt", '{"file_id":"file_1"') == 200
    assert b'{"file_id":"file_1"' in staged.upstream.asked[-1].body
