"""A few running services for all cases: each takes one setting after another, as a changed config is taken (K3)."""

import json
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import dataclass, replace
from pathlib import Path

from access.cases import Case, Engine
from access.setting import environment, write_config
from harness.bundles import POLICIES
from harness.gateway import Gateway, gateway
from harness.issuer import Issuer
from harness.opa import Opa, opa_server
from harness.process import eventually
from harness.upstream import Upstream
from harness.wire import exchange
from modelward import bundle
from modelward.compiler import compile_catalog
from modelward.config import read

NewFolder = Callable[[str], Path]


@dataclass
class _Server:
    """A running service and the setting that it has; `opa` decides for it, or its embedded engine."""

    gateway: Gateway
    config: Path
    env: dict[str, str]
    setting: str
    opa: Opa | None


class Servers:
    """One service for each engine and environment, started when a case first needs it and closed with `stack`."""

    def __init__(self, stack: ExitStack, provider: Upstream, tokens: Issuer, new_folder: NewFolder) -> None:
        self._stack = stack
        self._provider = provider
        self._tokens = tokens
        self._new_folder = new_folder
        self._running: dict[tuple[Engine, str], _Server] = {}
        self._settings = 0

    def serving(self, engine: Engine, case: Case) -> Gateway:
        """A service that decides by that engine and has the setting of the case in force."""
        place = engine, json.dumps(case.env, sort_keys=True)
        if place not in self._running:
            self._running[place] = self._start(engine, case)
        server = self._running[place]
        if server.setting != case.setting:
            self._change(server, case.setting)
        return server.gateway

    def _start(self, engine: Engine, case: Case) -> _Server:
        folder, env = self._new_folder("access"), environment(case.setting, self._tokens.url)
        config, master_key = folder / "config.yaml", self._write(case.setting, folder / "config.yaml")
        opa = None
        if engine == "opa":
            opa = self._stack.enter_context(opa_server([POLICIES], folder))
            _give_catalog(opa, config, env)
        url = None if opa is None else opa.url
        running = gateway(config, folder, master_key=master_key, env=env, opa_url=url)
        return _Server(self._stack.enter_context(running), config, env, case.setting, opa)

    def _change(self, server: _Server, setting: str) -> None:
        new = server.config.with_suffix(".new")
        master_key = self._write(setting, new)
        if server.opa is not None:
            _give_catalog(server.opa, new, server.env)
        new.replace(server.config)
        server.gateway, server.setting = replace(server.gateway, master_key=master_key), setting
        assert eventually(lambda: _is_in_force(server.gateway), 60), server.gateway.process.output

    def _write(self, setting: str, path: Path) -> str:
        """Each setting has a master key of its own, which tells when the setting is in force."""
        self._settings += 1
        master_key = f"sk-master-{self._settings}"
        write_config(setting, self._provider, path, master_key)
        return master_key


def _give_catalog(opa: Opa, config: Path, env: dict[str, str]) -> None:
    sealed = bundle.seal(compile_catalog(read(config, env)), POLICIES)
    headers = {"Content-Type": "application/json"}
    body = sealed.catalog.model_dump_json().encode()
    assert exchange(opa.port, "PUT", "/v1/data/catalog", headers=headers, body=body).status == 204


def _is_in_force(gateway: Gateway) -> bool:
    return gateway.call("GET", "/v1/models", key=gateway.master_key).status not in {401, 503}
