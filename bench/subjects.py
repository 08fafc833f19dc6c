"""What is measured: each subject is a running gateway, the processes it is made of, and a key for it."""

import json
import subprocess
import sys
import urllib.request
from collections.abc import Iterator, Sequence
from contextlib import AbstractContextManager, ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import yaml

from bench.baseline import BASELINES, POLICY
from bench.processes import free_port, opa, python, running, wait_until_ready

MASTER_KEY = "sk-bench-master"
# The OPA server runs with the settings of docker-compose.yml.
AS_IN_COMPOSE = {"GOMAXPROCS": "1", "GOGC": "800"}
POLICIES = Path(__file__).parent.parent / "policies"
_EMBEDDED, _OPA = "modelward, embedded", "modelward, opa server"
_FIRST = "FastAPI + aiohttp"
_BESIDE = {_OPA: "FastAPI + aiohttp + OPA"}


@dataclass(frozen=True)
class Subject:
    """A server under load; `beside` is the name of the bare one that it is held against."""

    name: str
    port: int
    key: str
    processes: Sequence[subprocess.Popen[bytes]]
    beside: str


def subjects(
    folder: Path, config: Path, upstream_port: int, only: str | None
) -> Iterator[AbstractContextManager[Subject]]:
    """The gateways to measure; with a word, those that have it in their name, and what they are held against."""
    names = {*BASELINES, _EMBEDDED, _OPA}
    wanted = {name for name in names if only is None or only.lower() in name.lower()}
    wanted |= {_BESIDE.get(name, _FIRST) for name in wanted}
    yield from (baseline(folder, name, upstream_port) for name in BASELINES if name in wanted)
    yield from (make(folder, config) for name, make in ((_EMBEDDED, embedded), (_OPA, with_opa)) if name in wanted)


@contextmanager
def provider(folder: Path) -> Iterator[Subject]:
    """The provider behind all of them."""
    port = free_port()
    with running(python("bench.upstream", port), folder / "upstream.log") as process:
        yield Subject("the provider itself", port, "sk-none", [process], "")


@contextmanager
def baseline(folder: Path, name: str, upstream_port: int) -> Iterator[Subject]:
    """A gateway that decides nothing, or asks OPA for a yes."""
    port, log = free_port(), folder / "baseline.log"
    with ExitStack() as stack:
        processes, addresses = [], [upstream_port]
        if "OPA" in name:
            policy = folder / "bench.rego"
            policy.write_text(POLICY)
            server, url = stack.enter_context(running_opa(folder / "opa_of_baseline.log", policy))
            processes.append(server)
            addresses.append(urlsplit(url).port or 0)
        process = stack.enter_context(running(python("bench.baseline", name, port, *addresses), log))
        wait_until_ready(f"http://127.0.0.1:{port}/openapi.json", process, log)
        yield Subject(name, port, "sk-none", [process, *processes], _BESIDE.get(name, _FIRST))


@contextmanager
def embedded(folder: Path, config: Path) -> Iterator[Subject]:
    """Modelward with the engine in its own process."""
    with _serving(folder / "embedded.log", config, "--engine", "embedded") as (process, port):
        yield Subject(_EMBEDDED, port, _new_key(port), [process], _FIRST)


@contextmanager
def with_opa(folder: Path, config: Path) -> Iterator[Subject]:
    """Modelward that asks an OPA server."""
    with opa_server(folder, config) as (server, url):
        log = folder / "served_by_opa.log"
        with _serving(log, config, "--engine", "opa", "--opa-url", url) as (process, port):
            yield Subject(_OPA, port, _new_key(port), [process, server], _BESIDE[_OPA])


@contextmanager
def opa_server(folder: Path, config: Path) -> Iterator[tuple[subprocess.Popen[bytes], str]]:
    """An OPA server with the bundle of a config, and its URL."""
    bundle = folder / "bundle"
    subprocess.run(python("modelward", "build", config, "-o", bundle, "--tar"), check=True, stdout=subprocess.DEVNULL)
    with running_opa(folder / "opa.log", "-b", "--ignore", "*_test.rego", POLICIES, f"{bundle}.tar.gz") as found:
        yield found


@contextmanager
def running_opa(log: Path, *loaded: object) -> Iterator[tuple[subprocess.Popen[bytes], str]]:
    """An OPA server with that loaded, and its URL."""
    port = free_port()
    listening = ["--addr", f"127.0.0.1:{port}", "--log-level", "error"]
    with running([opa(), "run", "-s", *map(str, loaded), *listening], log, AS_IN_COMPOSE) as server:
        url = f"http://127.0.0.1:{port}"
        wait_until_ready(f"{url}/health", server, log)
        yield server, url


def write_config(folder: Path, upstream_port: int, models: int = 200) -> Path:
    """A config of so many models, a few wildcard entries, access groups, and one team."""
    base = f"http://127.0.0.1:{upstream_port}/v1"
    names = [f"model-{number:03}" for number in range(models)]
    entries = [_entry(name, "openai/upstream-model", base, f"group-{int(name[6:]) % 10}") for name in names]
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
