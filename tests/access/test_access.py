"""Every access case over real HTTP, on both engines."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from access.cases import ENGINES, Case, all_cases, gated, later
from access.expectation import complaints
from access.fleet import Berth, Fleet, fleet
from access.question import ask
from access.setting import ENV, MASTER_KEY, provider_script, write_config
from access.subjects import presented_key
from harness.bundles import POLICIES, write_bundle
from harness.forked import fork
from harness.gateway import Gateway, gateway
from harness.opa import opa_server
from harness.upstream import Upstream, upstream

_FIRST_AREAS = {"key", "team", "access_group", "wildcard", "special", "lifecycle", "models_list"}


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """One test for each engine and case; those of one server stand together."""
    if metafunc.function is not test_access_case:
        return
    chosen = all_cases() if metafunc.config.getoption("all_cases") else gated()
    pairs = [(Berth(engine, case.setting), case) for engine in ENGINES for case in chosen]
    berths = {berth: place for place, (berth, _) in enumerate(reversed(pairs))}
    pairs.sort(key=lambda pair: -berths[pair[0]])
    metafunc.parametrize(("berth", "case"), pairs, ids=[f"{berth.engine}-{case.id}" for berth, case in pairs])


@pytest.fixture(scope="session")
def provider() -> Iterator[Upstream]:
    """The one provider behind every deployment."""
    with upstream() as running:
        running.script = provider_script
        yield running


@pytest.fixture(scope="session")
def servers(
    request: pytest.FixtureRequest, provider: Upstream, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Fleet]:
    """The servers, in the order in which the collected cases need them."""
    items = [item for item in request.session.items if isinstance(item, pytest.Function) and hasattr(item, "callspec")]
    params = [item.callspec.params.get("berth") for item in items]
    order = [berth for berth in params if isinstance(berth, Berth)]

    tmp_path_factory.getbasetemp()  # made here once: two threads that make it at the same time undo each other's

    @contextmanager
    def start(berth: Berth) -> Iterator[Gateway]:
        with _serving(berth, provider, tmp_path_factory.mktemp("case")) as running:
            yield running

    with fleet(order, start) as running:
        yield running


@contextmanager
def _serving(berth: Berth, provider: Upstream, folder: Path) -> Iterator[Gateway]:
    config = folder / "config.yaml"
    write_config(berth.setting, provider, config)
    if berth.engine == "embedded":
        with gateway(config, folder, master_key=MASTER_KEY, env=ENV, launch=fork) as running:
            yield running
        return
    bundle = folder / "bundle"
    write_bundle(config, bundle, ENV)
    with (
        opa_server([POLICIES, bundle], folder) as opa,
        gateway(config, folder, master_key=MASTER_KEY, env=ENV, launch=fork, opa_url=opa.url) as running,
    ):
        yield running


def test_access_case(berth: Berth, case: Case, servers: Fleet, provider: Upstream) -> None:
    """The answer, and what the provider saw, are what the case expects."""
    if "jwt" in case.fields:
        pytest.skip("tokens are not judged yet")
    running = servers.gateway(berth)
    with presented_key(case, running) as key:
        provider.calls.clear()
        answer = ask(case, running, key)
        calls = list(provider.calls)
    assert not complaints(case, answer, calls), case.fields["why"]


def test_every_waiting_case_exists_and_says_why() -> None:
    """No case is lost: what is not demanded is named, with its reason."""
    assert set(later()) <= {case.id for case in all_cases()}
    assert all(later().values())
    assert len(gated()) + len(later()) == len(all_cases()) == 203


def test_the_core_of_the_first_areas_does_not_wait() -> None:
    """Keys, teams, groups, wildcards, special names, life and listings are demanded now."""
    core = {case.id for case in all_cases() if case.fields["area"] in _FIRST_AREAS and case.fields["tier"] == "core"}
    assert not core & set(later())
