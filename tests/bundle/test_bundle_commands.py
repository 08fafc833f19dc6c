"""`modelward build` and `modelward check`."""

import shutil
import tarfile
from collections.abc import Callable
from pathlib import Path

import orjson
import pytest
from click.testing import CliRunner, Result

from harness.bundles import POLICIES, SAMPLE_BUNDLE, SAMPLE_CONFIG
from modelward.cli import main

Run = Callable[..., Result]

CONFIG = """\
general_settings: {master_key: sk-1}
model_list:
  - {model_name: a, litellm_params: {model: openai/a, api_key: os.environ/UNSET, temperature: 1}}
"""


@pytest.fixture
def run(policies: Path) -> Run:
    """Runs `modelward` with the tiny policies."""

    def run_one(*arguments: object) -> Result:
        environ = {"MODELWARD_POLICIES": str(policies)}
        return CliRunner().invoke(main, [str(argument) for argument in arguments], env=environ)

    return run_one


def written(folder: Path, text: str) -> Path:
    """A config file with this text."""
    path = folder / "config.yaml"
    path.write_text(text)
    return path


def test_build_writes_a_bundle_and_says_its_revision(run: Run, tmp_path: Path) -> None:
    result = run("build", written(tmp_path, CONFIG), "-o", tmp_path / "out", "--tar")
    assert result.exit_code == 0
    with tarfile.open(tmp_path / "out.tar.gz") as archive:
        manifest = archive.extractfile(".manifest")
        assert manifest
        revision = orjson.loads(manifest.read())["revision"]
    assert result.stdout == f"{tmp_path / 'out'}: {revision}\n"
    assert (tmp_path / "out" / "data.json").is_file()


def test_build_refuses_a_secret_in_clear_and_writes_nothing(run: Run, tmp_path: Path) -> None:
    path = written(tmp_path, CONFIG.replace("os.environ/UNSET", "hunter2"))
    result = run("build", path, "-o", tmp_path / "out")
    assert result.exit_code == 2
    assert f"{path}:3:64: error: `api_key` is a secret in clear" in result.stderr
    assert "hunter2" not in result.output
    assert not (tmp_path / "out").exists()


def test_build_reports_policies_that_do_not_compile(run: Run, tmp_path: Path, policies: Path) -> None:
    (policies / "modelward" / "access" / "broken.rego").write_text("package broken\n\nallow if\n")
    result = run("build", written(tmp_path, CONFIG), "-o", tmp_path / "out")
    assert result.exit_code == 2
    assert "modelward/access/broken.rego:4:1: error: this is not Rego: " in result.stderr
    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize("command", ["build", "check"])
def test_a_rule_that_denies_nothing_is_refused(run: Run, tmp_path: Path, policies: Path, command: str) -> None:
    folder = policies / "modelward" / "rules" / "office_hours"
    folder.mkdir(parents=True)
    (folder / "office_hours.rego").write_text('package modelward.rules.office_hours\n\ndenny contains "no"\n')
    out = ("-o", tmp_path / "out") if command == "build" else ()
    result = run(command, written(tmp_path, CONFIG), *out)
    assert result.exit_code == 2
    assert "office_hours.rego:3:1: error: nobody reads `denny`; did you mean `deny`?" in result.stderr
    assert not (tmp_path / "out").exists()


def test_check_says_what_has_no_bearing(run: Run, tmp_path: Path) -> None:
    path = written(tmp_path, CONFIG)
    result = run("check", path)
    assert result.exit_code == 0
    assert result.stdout == f"{path}: 1 deployment, no problems\n"
    assert f"{path}:3:82: note: `model_list.litellm_params.temperature` has no bearing here\n" == result.stderr


def test_check_prints_every_problem_and_exits_with_two(run: Run, tmp_path: Path) -> None:
    path = written(tmp_path, "model_lst: []\nteams: 1\n")
    result = run("check", path)
    assert (result.exit_code, result.stdout) == (2, "")
    assert result.stderr.splitlines() == [
        f"{path}:1:1: error: `model_lst` is unknown; did you mean `model_list`?",
        f"{path}:2:8: error: `teams` must be a list",
    ]


def test_check_only_warns_of_a_secret_in_clear(run: Run, tmp_path: Path) -> None:
    path = written(tmp_path, CONFIG.replace("os.environ/UNSET", "hunter2"))
    result = run("check", path)
    assert result.exit_code == 0
    assert f"{path}:3:64: warning: `api_key` is a secret in clear" in result.stderr
    assert "hunter2" not in result.output


def test_check_says_what_is_wrong_with_config_and_policies_at_once(run: Run, tmp_path: Path, policies: Path) -> None:
    (policies / "modelward" / "access" / "broken.rego").write_text("package modelward.access\n\nallow if\n")
    result = run("check", written(tmp_path, "model_lst: []\n"))
    assert result.exit_code == 2
    assert "config.yaml:1:1: error: `model_lst` is unknown" in result.stderr
    assert "broken.rego:4:1: error: this is not Rego" in result.stderr


def test_a_strict_check_fails_on_a_warning(run: Run, tmp_path: Path) -> None:
    path = written(tmp_path, "model_list: []\n")
    assert run("check", path).exit_code == 0
    assert run("check", "--strict", path).exit_code == 1


def test_a_strict_check_lets_notes_pass(run: Run, tmp_path: Path) -> None:
    assert run("check", "--strict", written(tmp_path, CONFIG)).exit_code == 0


def test_check_prints_json(run: Run, tmp_path: Path) -> None:
    path = written(tmp_path, CONFIG.replace("sk-1", "sk-1, master_kye: x"))
    found = orjson.loads(run("check", "--json", path).stdout)
    assert found == [
        {
            "file": str(path),
            "line": 1,
            "column": 38,
            "severity": "error",
            "message": "`master_kye` is unknown; did you mean `master_key`?",
        }
    ]
    warned = run("check", "--json", "--strict", written(tmp_path, "model_list: []\n"))
    assert warned.exit_code == 1
    assert {each["severity"] for each in orjson.loads(warned.stdout)} == {"warning"}
    assert orjson.loads(run("check", "--json", written(tmp_path, CONFIG)).stdout)[0]["severity"] == "note"


def test_check_without_opa_says_that_the_rules_could_not_be_checked(tmp_path: Path, policies: Path) -> None:
    environ = {"MODELWARD_POLICIES": str(policies), "PATH": str(tmp_path)}
    for strict, code in (((), 0), (("--strict",), 1)):
        result = CliRunner().invoke(main, ["check", *strict, str(written(tmp_path, CONFIG))], env=environ)
        assert result.exit_code == code
        assert f"{policies}:1:1: warning: the rules could not be checked: put `opa` on the PATH" in result.stderr


def test_check_warns_of_a_misspelt_variable(tmp_path: Path, policies: Path) -> None:
    environ = {"MODELWARD_POLICIES": str(policies), "MODELWARD_WORKRES": "2", "MODELWARD_X": "1"}
    result = CliRunner().invoke(main, ["check", "--strict", str(written(tmp_path, CONFIG))], env=environ)
    assert result.exit_code == 1
    assert "`MODELWARD_WORKRES` is no variable of Modelward; did you mean `MODELWARD_WORKERS`?" in result.stderr
    assert "`MODELWARD_X` is no variable of Modelward\n" in result.stderr


def test_check_prints_warnings(run: Run, tmp_path: Path) -> None:
    result = run("check", written(tmp_path, "model_list: []\n"))
    assert "1:1: warning: `general_settings.master_key` is not set" in result.stderr


def test_the_config_may_be_named_by_the_environment(tmp_path: Path) -> None:
    result = CliRunner().invoke(main, ["check"], env={"MODELWARD_CONFIG": str(written(tmp_path, CONFIG))})
    assert result.exit_code == 0


def test_the_sample_config_has_nothing_to_complain_of() -> None:
    result = CliRunner().invoke(main, ["check", str(SAMPLE_CONFIG)])
    assert (result.exit_code, result.stderr) == (0, "")


def test_the_committed_bundle_is_what_build_writes(tmp_path: Path) -> None:
    environ = {"MODELWARD_POLICIES": str(POLICIES)}
    (tmp_path / "bundle").mkdir()
    for wasm in SAMPLE_BUNDLE.glob("*.wasm.xz"):  # another version of xz writes the same in other bytes
        shutil.copy(wasm, tmp_path / "bundle")
    result = CliRunner().invoke(main, ["build", str(SAMPLE_CONFIG), "-o", str(tmp_path / "bundle")], env=environ)
    assert result.exit_code == 0
    names = sorted(path.relative_to(tmp_path / "bundle") for path in (tmp_path / "bundle").rglob("*"))
    assert names == sorted(path.relative_to(SAMPLE_BUNDLE) for path in SAMPLE_BUNDLE.rglob("*"))
    for name in names:
        if (SAMPLE_BUNDLE / name).is_file():
            assert (tmp_path / "bundle" / name).read_bytes() == (SAMPLE_BUNDLE / name).read_bytes(), name


@pytest.mark.parametrize("name", ["ENGINE", "PORT", "WORKERS"])
def test_every_option_of_serve_may_be_a_variable(tmp_path: Path, name: str) -> None:
    environ = {f"MODELWARD_{name}": "nonsense"}
    result = CliRunner().invoke(main, ["serve", str(written(tmp_path, CONFIG))], env=environ)
    assert result.exit_code == 2
    assert f"Invalid value for '--{name.lower()}'" in result.stderr


def test_serve_reports_a_bad_config_and_exits_with_two(tmp_path: Path) -> None:
    result = CliRunner().invoke(main, ["serve", str(written(tmp_path, "model_lst: []\n"))])
    assert result.exit_code == 2
    assert "config.yaml:1:1: error: `model_lst` is unknown; did you mean `model_list`?" in result.stderr
