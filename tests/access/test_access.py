"""Every access case over real HTTP, on both engines."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from access.cases import ENGINES, Case, given_cases, own_cases
from access.expectation import complaints
from access.fleet import Berth, Fleet, fleet
from access.question import ask
from access.setting import MASTER_KEY, environment, provider_script, write_config
from access.subjects import presented_key
from harness.bundles import POLICIES, write_bundle
from harness.forked import fork
from harness.gateway import Gateway, gateway, serve_command
from harness.issuer import Issuer, issuer
from harness.opa import opa_server
from harness.process import running
from harness.upstream import Upstream, upstream
from modelward.config.fields import foreign_pattern


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """One test for each engine and case; those of one server stand together."""
    if "berth" not in metafunc.fixturenames:
        return
    chosen = [case for case in (*given_cases(), *own_cases()) if _test_of(case) is metafunc.function]
    pairs = [(Berth(engine, case.setting), case) for engine in ENGINES for case in chosen]
    berths = {berth: place for place, (berth, _) in enumerate(reversed(pairs))}
    pairs.sort(key=lambda pair: -berths[pair[0]])
    metafunc.parametrize(("berth", "case"), pairs, ids=[f"{berth.engine}-{case.id}" for berth, case in pairs])


def _test_of(case: Case) -> object:
    if not case.is_started:
        return test_a_config_that_is_wrong_is_not_served
    return test_a_key_in_another_language_is_not_made if any(map(foreign_pattern, case.grants)) else test_access_case


@pytest.fixture(scope="session")
def provider() -> Iterator[Upstream]:
    """The one provider behind every deployment."""
    with upstream() as answering:
        answering.script = provider_script
        yield answering


@pytest.fixture(scope="session")
def tokens() -> Iterator[Issuer]:
    """The one issuer of every token."""
    with issuer() as issuing:
        yield issuing


@pytest.fixture(scope="session")
def servers(
    request: pytest.FixtureRequest, provider: Upstream, tokens: Issuer, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Fleet]:
    """The servers, in the order in which the collected cases need them."""
    items = [item for item in request.session.items if isinstance(item, pytest.Function) and hasattr(item, "callspec")]
    params = [
        item.callspec.params.get("berth")
        for item in items
        if item.function is not test_a_config_that_is_wrong_is_not_served
    ]
    order = [berth for berth in params if isinstance(berth, Berth)]

    tmp_path_factory.getbasetemp()  # made here once: two threads that make it at the same time undo each other's

    @contextmanager
    def start(berth: Berth) -> Iterator[Gateway]:
        folder = tmp_path_factory.mktemp("case")
        write_config(berth.setting, provider, folder / "config.yaml")
        with _serving(berth.engine == "opa", folder, environment(berth.setting, tokens.url)) as serving:
            yield serving

    with fleet(order, start) as afloat:
        yield afloat


@contextmanager
def _serving(asks_opa: bool, folder: Path, env: dict[str, str]) -> Iterator[Gateway]:
    config = folder / "config.yaml"
    if not asks_opa:
        with gateway(config, folder, master_key=MASTER_KEY, env=env, launch=fork) as serving:
            yield serving
        return
    bundle = folder / "bundle"
    write_bundle(config, bundle, env)
    with (
        opa_server([POLICIES, bundle], folder) as opa,
        gateway(config, folder, master_key=MASTER_KEY, env=env, launch=fork, opa_url=opa.url) as serving,
    ):
        yield serving


def test_access_case(berth: Berth, case: Case, servers: Fleet, provider: Upstream, tokens: Issuer) -> None:
    """The answer, and what the provider saw, are what the case expects."""
    serving = servers.gateway(berth)
    with presented_key(case, serving) as key:
        provider.calls.clear()
        answer = ask(case, serving, key, tokens)
        calls = list(provider.calls)
    assert not complaints(case, answer, calls), case.fields["why"]


def test_a_key_in_another_language_is_not_made(berth: Berth, case: Case, servers: Fleet) -> None:
    """A key whose grants would be taken for nothing is refused with the reason, so no call of it is allowed (C2)."""
    gateway = servers.gateway(berth)
    answer = gateway.call("POST", "/key/generate", key=gateway.master_key, content=case.subjects["key"])
    assert not case.expect["allow"]
    assert answer.status == 400
    assert "only `*` is special here" in answer.json()["error"]["message"]


def test_a_config_that_is_wrong_is_not_served(
    berth: Berth, case: Case, provider: Upstream, tokens: Issuer, tmp_path: Path
) -> None:
    """The server ends with exit code 2, and says which setting is wrong and where (R10, K3)."""
    config = tmp_path / "config.yaml"
    write_config(berth.setting, provider, config)
    opa_url = "http://127.0.0.1:1" if berth.engine == "opa" else None
    command = serve_command(config, 0, database_url=f"sqlite:///{tmp_path / 'modelward.db'}", opa_url=opa_url)
    with running(command, tmp_path / "modelward.log", environment(berth.setting, tokens.url)) as process:
        code = process.wait(60)
    assert code == 2, process.output
    problems = [line for line in process.output.splitlines() if line.startswith(f"{config}:")]
    assert any(f"`{name}`" in line for line in problems for name in (case.jwt or {})["litellm_jwtauth"]), process.output


def test_no_case_is_lost() -> None:
    """Every line is a case of its own."""
    cases = (*given_cases(), *own_cases())
    assert len({case.id for case in cases}) == len(cases)
    assert len(given_cases()) == 203
