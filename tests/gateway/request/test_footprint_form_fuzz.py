"""Whatever a form holds: it is refused, or every name that an upstream could read in what is written was told (M1)."""

from contextlib import aclosing

from hypothesis import given
from hypothesis import strategies as st

from gateway.asgi import chunks
from gateway.form_bytes import LIMIT, TYPE, body_of, file, sent, text, whole
from gateway.table_bodies import FALLBACKS, match_of, texts_at
from modelward.errors import Refused
from modelward.gateway.endpoints import ROUTES
from modelward.gateway.request.footprint import footprint
from modelward.gateway.request.forms import read_form
from modelward.gateway.request.outgoing import Outgoing
from modelward.gateway.routes import Match

NAMES = [
    *(
        "model",
        "session",
        "session[model]",
        "svg[model]",
        "moderation[model]",
        "tools[][model]",
        "tools[0][svg][model]",
    ),
    *("extra_body", "extra_body[model]", "extra_body[svg][model]", "model[]", "tools", "prompt", "target_model_names"),
    *("session[audio][input][transcription][model]", "metadata[user_api_key]", "litellm_params[model]", *FALLBACKS),
]
VALUES = [
    *("gpt-4", "a,b", "*", "", " x", "x\n", '{"model": "a"}', '["a", {"model": "b"}]', '[{"model": "c"}]', "{"),
    *('{"svg": {"model": "d"}, "model": "gpt-4"}', '[{"svg": {"model": "e"}}]', '{"tools": [{"model": "f"}]}'),
]
rows = st.sampled_from([row for row in ROUTES if row.reads in {"form", "either"}])
parts = st.builds(text, st.sampled_from(NAMES), st.sampled_from(VALUES)) | st.just(file("file", b"model"))
forms = st.lists(parts, min_size=1, max_size=5).map(lambda found: whole(*found))
matches = st.builds(match_of, rows)


@given(matches, forms)
async def test_a_form_carries_no_name_that_was_not_told(match: Match, body: bytes) -> None:
    route = match.route
    try:
        form = await read_form(route, [(b"content-type", TYPE)], chunks([body]), LIMIT)
    except Refused:
        return
    async with aclosing(form):
        try:
            told = footprint(match, b"", form.fields)
        except Refused:
            return
        if not told.models:
            return
        names = {f"up:{name}" for name in told.models}
        travels = Outgoing(route, form.fields).named(f"up:{told.models[0]}", lambda name: f"up:{name}")
        try:
            written = form.written(travels)
        except Refused:
            return
        parts = await sent(written)
        assert not {*FALLBACKS, "extra_body", "target_model_names"} & {part.name.partition("[")[0] for part in parts}
        again = await read_form(
            route, [(b"content-type", written.content_type)], chunks([await body_of(written)]), LIMIT
        )
        async with aclosing(again):
            assert set(texts_at(route, again.fields)) <= names
