"""Whatever the file holds, reading ends in a config or in problems with places."""

import re
import tempfile
from pathlib import Path
from typing import Any

import yaml
from hypothesis import given
from hypothesis import strategies as st

from modelward.compiler import compile_catalog, deployments
from modelward.config import read
from modelward.config.words import words_of_maps
from modelward.errors import ConfigError

KNOWN = {place: sorted(words.known) for place, words in words_of_maps().items()}
WORDS = sorted({word for known in KNOWN.values() for word in known})
SCALARS = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(),
    st.floats(),
    st.text(max_size=8),
    st.sampled_from(["gpt-4", "openai/*", "os.environ/A", "os.environ/B", "*", "2030-01-01", "sha256:" + "a" * 64]),
)
VALUES = st.recursive(
    SCALARS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(WORDS), inner, max_size=4),
    max_leaves=8,
)


def item(*words: str) -> st.SearchStrategy[Any]:
    """A list of maps, each with some of these keys, or anything at all."""
    return st.lists(st.dictionaries(st.sampled_from(words), VALUES, max_size=5), max_size=3) | VALUES


CONFIGS = st.fixed_dictionaries(
    {},
    optional={
        **{place.removesuffix("[]"): item(*KNOWN[place], "x") for place in KNOWN if re.fullmatch(r"\w+\[\]", place)},
        "environment_variables": VALUES,
        "include": st.none() | st.lists(st.text(alphabet="ab./", max_size=3), max_size=2),
        **{
            section: VALUES | st.dictionaries(st.sampled_from(known), VALUES, max_size=4)
            for section, known in KNOWN.items()
            if re.fullmatch(r"\w+_settings", section)
        },
    },
)


def reads_or_reports(content: bytes) -> None:
    """Read a file with this content; anything but a config or placed problems is an error of ours."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "config.yaml")
        path.write_bytes(content)
        try:
            config = read(path, {"A": "value", "B": "sk-b", "JWT_PUBLIC_KEY_URL": "https://keys.example"})
        except ConfigError as error:
            assert error.problems
            assert all(problem.line >= 1 and problem.column >= 1 for problem in error.problems)
            assert all("\n" not in problem.message for problem in error.problems)
            return
    compile_catalog(config).model_dump_json()
    assert len({each.id for each in deployments(config)}) == len(config.models)


@given(CONFIGS)
def test_any_values_are_read_or_reported(values: dict[str, Any]) -> None:
    reads_or_reports(yaml.safe_dump(values, allow_unicode=True).encode(errors="replace"))


@given(st.text(alphabet="ab:-*&<[]{}#|>'\"!?, \n\t%@\\", max_size=60))
def test_any_text_is_read_or_reported(text: str) -> None:
    reads_or_reports(text.encode())


@given(st.binary(max_size=40))
def test_any_bytes_are_read_or_reported(content: bytes) -> None:
    reads_or_reports(content)


TOKEN_SETTINGS = st.fixed_dictionaries(
    {"enable_jwt_auth": st.just(True)},
    optional={
        "litellm_jwtauth": st.dictionaries(
            st.sampled_from(KNOWN["general_settings.litellm_jwtauth"]),
            VALUES | st.text(max_size=4).map(lambda text: f"https://{text}"),
            max_size=5,
        ),
        "role_permissions": item("role", "models", "routes"),
    },
)


@given(TOKEN_SETTINGS)
def test_any_settings_for_tokens_are_read_or_reported(general: dict[str, Any]) -> None:
    reads_or_reports(yaml.safe_dump({"general_settings": general}, allow_unicode=True).encode(errors="replace"))
