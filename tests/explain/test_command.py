"""`modelward explain` on the command line."""

import asyncio
import base64
import json
import os
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from explain.test_past import line
from explain.world import GENERAL, HASH, KEY, MODELS
from harness.opa import opa_command
from modelward.cli import main
from modelward.contract import Catalog
from modelward.store import open_store
from modelward.store.database import database_url
from modelward.store.migrate import migrate
from store.databases import OTHER, key

CONFIG = MODELS + GENERAL + f"keys: [{{key_hash: 'sha256:{HASH}', key_alias: ci, models: [gpt-4]}}]\n"
JWT = MODELS + GENERAL + "  enable_jwt_auth: true\n  litellm_jwtauth: {user_id_jwt_field: sub, user_id_upsert: true}\n"


@pytest.fixture(autouse=True)
def _here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A folder with a config, and an environment that says nothing else."""
    monkeypatch.chdir(tmp_path)
    for name in ("MODELWARD_CONFIG", "MODELWARD_DATABASE_URL", "JWT_PUBLIC_KEY_URL"):
        monkeypatch.delenv(name, raising=False)
    Path("config.yaml").write_text(CONFIG)


def explain(*options: str, env: dict[str, str] | None = None, stdin: bytes | None = None) -> Result:
    """The command, run in this process."""
    return CliRunner().invoke(main, ["explain", *options], env=env, input=stdin)


def asked(*options: str) -> Result:
    """The same about the key and `gpt-4o`."""
    return explain("config.yaml", "--key", KEY, "--model", "gpt-4o", *options)


def test_a_refusal_is_a_report_for_people_and_no_failure() -> None:
    done = asked()
    assert done.exit_code == 0
    first, *_ = done.stdout.splitlines()
    assert first.startswith("refused: key_model_access: this key may not call model `gpt-4o`")
    assert "to allow it:\n  1. add `gpt-4o` to `models` of key `ci`  [config.yaml:6:" in done.stdout
    assert "key    key_model_access  denies   config.yaml:6:" in done.stdout
    assert KEY not in done.output


def test_what_is_allowed_is_said_in_one_word() -> None:
    done = explain("config.yaml", "--key", "ci", "--model", "gpt-4")
    assert (done.exit_code, done.stdout.splitlines()[0]) == (0, "allowed")
    assert "to allow it" not in done.stdout


def test_the_same_is_to_be_had_as_json() -> None:
    report = json.loads(asked("--json").stdout)
    assert (report["allow"], report["verified"]) == (False, True)
    assert report["changes"][0]["place"].startswith("config.yaml:6:")


@pytest.mark.parametrize("options", [["--config", "config.yaml"], []])
def test_the_config_is_an_option_or_a_variable_too(options: list[str]) -> None:
    env = {} if options else {"MODELWARD_CONFIG": "config.yaml"}
    done = explain(*options, "--key", "ci", "--model", "gpt-4", env=env)
    assert (done.exit_code, done.stdout.splitlines()[0]) == (0, "allowed")


def test_the_option_counts_before_the_variable() -> None:
    env = {"MODELWARD_CONFIG": "gone.yaml"}
    assert explain("--config", "config.yaml", "--key", "ci", "--model", "gpt-4", env=env).exit_code == 0


def test_no_database_is_made_and_its_absence_is_noted() -> None:
    before = list(Path().iterdir())
    assert "the database does not exist" in asked().stdout
    assert list(Path().iterdir()) == before


async def _store_a_key(url: str) -> None:
    async with open_store(url, declared=Catalog) as store:
        await store.keys.add(key(OTHER, models=["gpt-4o"], key_alias="stored"))


def test_keys_of_the_database_are_found() -> None:
    asyncio.run(_store_a_key("sqlite:///other.db"))
    done = explain("config.yaml", "--key", "stored", "--model", "gpt-4o", "--database-url", "sqlite:///other.db")
    assert done.stdout.splitlines()[0] == "allowed"
    assert "database does not exist" not in done.stdout


def test_a_database_of_an_older_version_is_a_failure() -> None:
    asyncio.run(migrate(database_url("sqlite:///modelward.db"), "0001"))
    done = asked()
    assert done.exit_code == 1
    assert done.stderr.startswith("error: the schema of the database is `0001`")


@pytest.mark.parametrize(
    ("options", "message"),
    [
        (["config.yaml", "--model", "gpt-4"], "name one caller"),
        (["config.yaml", "--key", KEY, "--team", "red"], "name one caller"),
        (["--key", KEY], "Missing argument 'CONFIG'"),
        (["config.yaml", "--config", "config.yaml", "--key", KEY], "name the config once"),
        (["config.yaml", "--key", KEY, "--route", "/nowhere"], "route `POST /nowhere` is not served here"),
        (["config.yaml", "--decision-id", "a"], "`--decision-id` and `--log` are given together"),
        (["config.yaml", "--jwt", "config.yaml"], "holds neither a token nor the JSON object of its claims"),
    ],
)
def test_a_question_that_makes_no_sense_is_an_error_of_usage(options: list[str], message: str) -> None:
    done = explain(*options)
    assert done.exit_code == 2
    assert message in done.stderr
    assert KEY not in done.output


def test_a_broken_config_is_an_error_with_its_place() -> None:
    Path("config.yaml").write_text("model_list: 1\n")
    done = asked()
    assert (done.exit_code, done.stderr.split(" ")[0]) == (2, "config.yaml:1:13:")


def test_a_token_is_read_from_a_file_without_any_address_of_keys() -> None:
    Path("config.yaml").write_text(JWT)
    claims = base64.urlsafe_b64encode(b'{"sub": "u"}').rstrip(b"=").decode()
    header = base64.urlsafe_b64encode(b'{"alg": "RS256", "typ": "JWT"}').rstrip(b"=").decode()
    Path("token").write_text(f"{header}.{claims}.c2lnbmF0dXJl\n")
    Path("claims.json").write_text('{"sub": "u"}')
    said = {explain("config.yaml", "--jwt", file, "--model", "gpt-4o").stdout for file in ("token", "claims.json")}
    (report,) = said
    assert report.startswith("allowed\n")
    assert "a token, user u, role internal_user" in report
    assert "the token's signature, issuer and audience are not verified here" in report


def test_policies_that_the_bundle_was_not_compiled_from_are_compiled_and_not_kept(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    bundle = tmp_path / "bundle"
    bundle.mkdir()
    stale = bundle / "policies-0123456789ab.wasm.xz"
    stale.write_bytes(b"stale")
    monkeypatch.setenv("MODELWARD_BUNDLE", str(bundle))
    monkeypatch.setenv("PATH", str(Path(opa_command()).parent), prepend=os.pathsep)
    assert asked().exit_code == 0
    assert [path.read_bytes() for path in bundle.iterdir()] == [b"stale"]


def test_a_team_beside_a_token_is_the_one_that_its_header_asks_for() -> None:
    Path("config.yaml").write_text(JWT + "teams: [{team_id: red, models: [gpt-4]}]\n")
    Path("claims.json").write_text('{"sub": "u"}')
    done = explain("config.yaml", "--jwt", "claims.json", "--team", "red", "--model", "gpt-4o")
    assert (done.exit_code, done.stdout.split(":")[1]) == (0, " token_team_header")


def test_a_decision_of_the_log_is_shown_and_asked_anew() -> None:
    Path("log").write_bytes(b"INFO ready\n" + line())
    done = explain("config.yaml", "--decision-id", "0123abcd", "--log", "log")
    assert "then      refused: key_model_access: this key may not call model `gpt-4o`" in done.stdout
    assert "now       the answer is the same" in done.stdout


def test_a_decision_of_the_log_is_to_be_had_as_json_without_what_is_shown_beside_it() -> None:
    Path("log").write_bytes(line(caller={"kind": "key", "key": None, "team": "red"}))
    done = explain("config.yaml", "--decision-id", "0123abcd", "--log", "log", "--json")
    past = json.loads(done.stdout)["past"]
    assert (past["id"], past["allow"], past["differs"]) == ("0123abcd", False, True)
    assert past["caller"] == {"kind": "key", "team": "red"}
    assert not {"method", "path", "customer"} & past.keys()


def test_a_log_may_come_by_the_standard_input() -> None:
    done = explain("config.yaml", "--decision-id", "0123abcd", "--log", "-", stdin=line(allow=True, reasons=[]))
    assert "now       the answer differs" in done.stdout
