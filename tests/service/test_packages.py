"""What is installed serves by itself: the wheel in an empty folder, the image as a user with one folder to write."""

import os
import re
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

import pytest

from harness.bundles import REPOSITORY, SAMPLE_CONFIG, SAMPLE_MASTER_KEY
from harness.gateway import Gateway
from harness.ports import free_port
from harness.process import Process, eventually


@pytest.fixture(scope="module")
def installed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder that the wheel is unpacked into."""
    folder = tmp_path_factory.mktemp("wheel")
    _run(sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(folder / "dist"), cwd=REPOSITORY)
    (wheel,) = (folder / "dist").glob("*.whl")
    _run(sys.executable, "-m", "zipfile", "-e", str(wheel), str(folder / "site"), cwd=folder)
    return folder / "site"


@pytest.fixture
def env(installed: Path, tmp_path: Path) -> Mapping[str, str]:
    """An environment in which `modelward` is the wheel's, and there is no opa."""
    (tmp_path / "config.yaml").write_bytes(SAMPLE_CONFIG.read_bytes())
    return {"PYTHONPATH": str(installed), "PATH": "/nowhere"}


def _run(*command: str, cwd: Path, env: Mapping[str, str] | None = None) -> str:
    done = subprocess.run(command, cwd=cwd, env=env, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout


@contextmanager
def _served(command: list[str], folder: Path, env: Mapping[str, str]) -> Iterator[Gateway]:
    port = free_port()
    with (folder / "serve.log").open("wb") as log:
        child = subprocess.Popen(
            [*command, "--port", str(port)], cwd=folder, env=env, stdout=log, stderr=log, start_new_session=True
        )
    process = Process(child, folder / "serve.log")
    try:
        served = Gateway(port, process, SAMPLE_MASTER_KEY)
        eventually(lambda: process.exit_code is not None or served.ready(), 180)
        assert served.ready(), process.output
        yield served
    finally:
        process.stop()


def test_the_wheel_serves_in_an_empty_folder(tmp_path: Path, env: Mapping[str, str]) -> None:
    with _served([sys.executable, "-m", "modelward", "serve", "config.yaml"], tmp_path, env) as served:
        key = served.new_key(models=["gpt-4"])
        assert served.chat("gpt-4", key=key).status == 200
        assert served.chat("gpt-4o", key=key).status == 403
        assert served.call("GET", "/docs/swagger-ui-bundle.js").status == 200


def test_the_wheel_checks_builds_and_explains(tmp_path: Path, env: Mapping[str, str]) -> None:
    modelward = [sys.executable, "-m", "modelward"]
    where = _run(sys.executable, "-c", "import modelward; print(modelward.__file__)", cwd=tmp_path, env=env)
    assert where.startswith(env["PYTHONPATH"])
    assert "no problems" in _run(*modelward, "check", "config.yaml", cwd=tmp_path, env=env)
    assert "sha256:" in _run(*modelward, "build", "config.yaml", cwd=tmp_path, env=env)
    assert [*(tmp_path / "bundle").glob("policies-*.wasm.xz")]
    explained = _run(
        *modelward, "explain", "config.yaml", "--key", SAMPLE_MASTER_KEY, "--model", "gpt-4", cwd=tmp_path, env=env
    )
    assert "allowed" in explained


def test_the_image_starts_as_a_user_who_may_write_its_volume_only(tmp_path: Path) -> None:
    dockerfile = (REPOSITORY / "Dockerfile").read_text()
    (volume,) = re.findall(r"^VOLUME (\S+)$", dockerfile, re.MULTILINE)
    assert f"install -d -o modelward {volume}" in dockerfile
    settings = dict(re.findall(r"^ENV (\w+)=(\S+)$", dockerfile, re.MULTILINE))
    data, app = tmp_path / "data", tmp_path / "app"
    data.mkdir()
    app.mkdir()
    (app / "serve.log").touch()
    env = {**os.environ, **{name: value.replace(volume, str(data)) for name, value in settings.items()}}
    app.chmod(0o555)
    # Root may write everywhere, but not without its capabilities.
    user = ["setpriv", "--bounding-set=-all", "--inh-caps=-all"] if os.geteuid() == 0 else []
    with _served([*user, sys.executable, "-m", "modelward", "serve", str(SAMPLE_CONFIG)], app, env) as served:
        assert served.chat("gpt-4", key=SAMPLE_MASTER_KEY).status == 200
    assert {path.name.partition(".")[0] for path in data.iterdir()} == {"modelward"}
    assert [path.name for path in app.iterdir()] == ["serve.log"]
