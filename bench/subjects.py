"""What is measured: each subject is a running gateway, the processes it is made of, and a key for it."""

import json
import subprocess
import sys
import urllib.request
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from bench.processes import free_port, opa, python, running, wait_until_ready

MASTER_KEY = "sk-bench-master"
# The OPA server runs with the settings of docker-compose.yml.
AS_IN_COMPOSE = {"GOMAXPROCS": "1", "GOGC": "800"}
POLICIES = Path(__file__).parent.parent / "policies"


@dataclass(frozen=True)
class Subject:
    """One gateway under load; the first one of a run is the baseline."""

    name: str
    port: int
    key: str
    processes: Sequence[subprocess.Popen[bytes]]


@contextmanager
def provider(folder: Path) -> Iterator[int]:
    """The provider behind all subjects; gives its port."""
    port = free_port()
    log = folder / "upstream.log"
    with running(python("bench.upstream", port), log):
        yield port


@contextmanager
def baseline(folder: Path, upstream_port: int) -> Iterator[Subject]:
    """A bare pass-through, FastAPI and httpx."""
    port = free_port()
    log = folder / "baseline.log"
    with running(python("bench.baseline", port, upstream_port), log) as process:
        wait_until_ready(f"http://127.0.0.1:{port}/health/readiness", process, log)
        yield Subject("bare pass-through", port, "sk-none", [process])


@contextmanager
def embedded(folder: Path, config: Path) -> Iterator[Subject]:
    """Modelward with the engine in its own process."""
    with _serving(folder / "embedded.log", config, "--engine", "embedded") as (process, port):
        yield Subject("modelward, embedded", port, _new_key(port), [process])


@contextmanager
def with_opa(folder: Path, config: Path) -> Iterator[Subject]:
    """Modelward that asks an OPA server."""
    with opa_server(folder, config) as (server, url):
        log = folder / "served_by_opa.log"
        with _serving(log, config, "--engine", "opa", "--opa-url", url) as (process, port):
            yield Subject("modelward, opa server", port, _new_key(port), [process, server])


@contextmanager
def opa_server(folder: Path, config: Path) -> Iterator[tuple[subprocess.Popen[bytes], str]]:
    """An OPA server with the bundle of a config, and its URL."""
    bundle = folder / "bundle"
    subprocess.run(python("modelward", "build", config, "-o", bundle, "--tar"), check=True, stdout=subprocess.DEVNULL)
    port = free_port()
    log = folder / "opa.log"
    listening = ["--addr", f"127.0.0.1:{port}", "--log-level", "error"]
    command = [opa(), "run", "-s", "-b", "--ignore", "*_test.rego", str(POLICIES), f"{bundle}.tar.gz", *listening]
    with running(command, log, AS_IN_COMPOSE) as server:
        url = f"http://127.0.0.1:{port}"
        wait_until_ready(f"{url}/health", server, log)
        yield server, url


def write_config(folder: Path, upstream_port: int) -> Path:
    """A config of 200 models, a few wildcard entries, access groups, and one team."""
    base = f"http://127.0.0.1:{upstream_port}/v1"
    names = [f"model-{number:03}" for number in range(200)]
    entries = [_entry(name, "openai/upstream-model", base, f"group-{int(name[-3:]) % 10}") for name in names]
    entries += [_entry(f"{prefix}/*", "openai/*", base, "wild") for prefix in ("openai", "anthropic", "eu/openai")]
    team = {"team_id": "bench", "models": [*(f"group-{number}" for number in range(10)), "wild", "openai/*"]}
    config = {"model_list": entries, "general_settings": {"master_key": MASTER_KEY}, "teams": [team]}
    path = folder / "config.yaml"
    path.write_text(yaml.safe_dump(config, sort_keys=False))
    return path


def _entry(name: str, model: str, base: str, group: str) -> dict[str, Any]:
    params = {"model": model, "api_base": base}
    return {"model_name": name, "litellm_params": params, "model_info": {"access_groups": [group]}}


@contextmanager
def _serving(log: Path, config: Path, *options: str) -> Iterator[tuple[subprocess.Popen[bytes], int]]:
    port = free_port()
    database = f"sqlite:///{log.with_suffix('.db')}"
    command = python("modelward", "serve", config, "--host", "127.0.0.1", "--port", port, "--database-url", database)
    with running([*command, *options], log) as process:
        wait_until_ready(f"http://127.0.0.1:{port}/health/readiness", process, log)
        yield process, port


def _new_key(port: int) -> str:
    """A key of the team that may use a few groups, one of them `model-123`'s."""
    content = json.dumps({"team_id": "bench", "models": ["group-1", "group-3", "openai/*"]}).encode()
    headers = {"authorization": f"Bearer {MASTER_KEY}", "content-type": "application/json"}
    request = urllib.request.Request(f"http://127.0.0.1:{port}/key/generate", content, headers)
    try:
        with urllib.request.urlopen(request, timeout=10) as answer:
            return str(json.load(answer)["key"])
    except urllib.error.HTTPError as error:
        sys.exit(f"no key could be made: {error.read().decode(errors='replace')}")
