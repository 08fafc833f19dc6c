"""Declared teams, users and keys (K2)."""

import hashlib

import pytest

from config.reading import Problems, Read

HASH = "ab" * 32


def declared(text: str) -> str:
    """A config that declares one key with these fields."""
    return f"keys:\n  - {{{text}}}\n"


def test_a_key_is_known_by_its_hash(read_text: Read) -> None:
    config = read_text(declared(f"key_hash: sha256:{HASH.upper()}, key_alias: ci"))
    assert (config.keys[0].token, config.keys[0].key_alias) == (HASH, "ci")


def test_a_key_from_the_environment_leaves_only_its_hash(read_text: Read) -> None:
    config = read_text(declared("key: os.environ/CI_KEY"), {"CI_KEY": "sk-ci"}, secrets="refuse")
    assert config.keys[0].token == hashlib.sha256(b"sk-ci").hexdigest()
    assert "sk-ci" not in repr(config)


@pytest.mark.parametrize("secrets", ["resolve", "refuse"])
def test_a_clear_key_is_refused_and_not_shown(problems: Problems, secrets: str) -> None:
    (problem,) = problems(declared("key: sk-clear"), secrets=secrets)  # type: ignore[arg-type]
    assert "a key must not be here in clear" in problem
    assert "sk-clear" not in problem


def test_a_key_whose_variable_is_unset_is_refused_to_build_too(problems: Problems) -> None:
    (problem,) = problems(declared("key: os.environ/CI_KEY"), secrets="refuse")
    assert problem.startswith("config.yaml:2:11: `key`: the environment variable `CI_KEY` is not set")


def test_a_key_that_nobody_could_present_is_refused_and_not_shown(problems: Problems) -> None:
    assert problems(declared("key: os.environ/CI_KEY"), {"CI_KEY": "hunter2"}) == [
        "config.yaml:2:11: `key`: the key in `CI_KEY` must begin with `sk-`"
    ]


@pytest.mark.parametrize("text", ["key_alias: a", f"key: os.environ/CI_KEY, key_hash: sha256:{HASH}"])
def test_a_key_has_just_one_credential(problems: Problems, text: str) -> None:
    found = problems(declared(text), {"CI_KEY": "sk-ci"})
    assert found == ["config.yaml:2:5: item 1 of `keys`: needs `key_hash` or `key`, and not both"]


@pytest.mark.parametrize("value", ["sha256:abc", f"{HASH}", "4", f"md5:{HASH}", f'"sha256:{HASH}\\n"'])
def test_a_hash_of_another_form_is_refused(problems: Problems, value: str) -> None:
    (problem,) = problems(declared(f"key_hash: {value}"))
    assert problem.startswith("config.yaml:2:16: `key_hash`: must be `sha256:` and the 64 hex digits")


def test_the_master_key_is_no_virtual_key(problems: Problems) -> None:
    text = "general_settings: {master_key: sk-1}\n" + declared("key: os.environ/K")
    assert problems(text, {"K": "sk-1"}) == [
        "config.yaml:3:5: the master key cannot be a virtual key too; declare another key"
    ]


@pytest.mark.parametrize(
    ("text", "nanoseconds"),
    [
        ("1970-01-01T00:00:01Z", 1_000_000_000),
        ("1970-01-01T00:00:01", 1_000_000_000),
        ("1970-01-01 01:00:01+01:00", 1_000_000_000),
        ('"1970-01-01T00:00:01.000001Z"', 1_000_001_000),
        ("1970-01-02", 86_400_000_000_000),
        ("~", None),
    ],
)
def test_an_expiry_is_a_time_without_zone_in_utc(read_text: Read, text: str, nanoseconds: int | None) -> None:
    config = read_text(declared(f"key_hash: sha256:{HASH}, expires: {text}"))
    assert config.keys[0].expires_ns == nanoseconds


@pytest.mark.parametrize("text", ["soon", "5", "2030-13-01", "[]"])
def test_an_expiry_that_is_no_time_is_refused(problems: Problems, text: str) -> None:
    (problem,) = problems(declared(f"key_hash: sha256:{HASH}, expires: {text}"))
    assert "`expires`: must be a time such as" in problem


def test_a_lifetime_without_a_beginning_is_refused(problems: Problems) -> None:
    assert "`duration` is not supported" in problems(declared(f"key_hash: sha256:{HASH}, duration: 30d"))[0]


@pytest.mark.parametrize(
    ("text", "field"),
    [
        ("keys:\n  - {key_hash: 'sha256:%s', key_alias: a}\n  - {key_hash: 'sha256:%s', key_alias: a}\n", "key_alias"),
        ("teams: [{team_id: t}, {team_id: t}]\n", "team_id"),
        ("users: [{user_id: u}, {user_id: u}]\n", "user_id"),
    ],
)
def test_an_identifier_declared_twice_is_refused(problems: Problems, text: str, field: str) -> None:
    (problem,) = problems(text % ("a" * 64, "b" * 64) if "%" in text else text)
    assert problem.endswith(f": this `{field}` is declared twice; keep one")


def test_a_key_declared_twice_is_refused(problems: Problems) -> None:
    found = problems(f"keys: [{{key_hash: 'sha256:{HASH}'}}, {{key_hash: 'sha256:{HASH}'}}]\n")
    assert found[0].endswith(": this `key_hash` is declared twice; keep one")


def test_aliases_of_keys_and_teams_lead_to_their_end(read_text: Read) -> None:
    text = f"""
        keys: [{{key_hash: "sha256:{HASH}", aliases: {{a: b, b: gpt-4}}}}]
        teams: [{{team_id: t, model_aliases: {{c: d, d: gpt-4}}}}]
        """
    config = read_text(text)
    assert config.keys[0].aliases == {"a": "gpt-4", "b": "gpt-4"}
    assert config.teams[0].model_aliases == {"c": "gpt-4", "d": "gpt-4"}


def test_alias_cycles_of_keys_and_teams_are_problems(problems: Problems) -> None:
    found = problems(f"""\
        keys: [{{key_hash: "sha256:{HASH}", aliases: {{a: b, b: a}}}}]
        teams: [{{team_id: t, model_aliases: {{c: c}}}}]
        """)
    assert [problem.split(": ", 1)[1] for problem in found] == [
        "aliases lead in a circle: `a` -> `b` -> `a`; break it",
        "aliases lead in a circle: `c` -> `c`; break it",
    ]


def test_absent_and_null_lists_are_empty(read_text: Read) -> None:
    config = read_text(declared(f"key_hash: sha256:{HASH}, models: ~, aliases: ~, metadata: ~, blocked: ~"))
    key = config.keys[0]
    assert (key.models, key.aliases, key.metadata, key.blocked, key.allowed_routes) == ([], {}, {}, False, [])


def test_a_list_of_one_empty_text_is_not_empty(read_text: Read) -> None:
    assert read_text(declared(f'key_hash: sha256:{HASH}, models: [""]')).keys[0].models == [""]


@pytest.mark.parametrize("metadata", ["{scim_active: os.environ/X}", "{a: [{b: os.environ/X}]}"])
def test_metadata_holds_no_references(problems: Problems, metadata: str) -> None:
    found = problems(f"users: [{{user_id: u, metadata: {metadata}}}]\n", {"X": "false"})
    advice = "no secret may enter a bundle; write the value itself, or leave it out"
    assert found == [f"config.yaml:1:32: `metadata`: holds `os.environ/X`, and {advice}"]


@pytest.mark.parametrize("number", [".inf", "-.inf", ".nan"])
def test_metadata_holds_finite_numbers_only(problems: Problems, number: str) -> None:
    (problem,) = problems(f"teams: [{{team_id: t, metadata: {{a: [{number}]}}}}]\n")
    assert problem.startswith("config.yaml:1:32: `metadata`: holds a number that is not finite")
