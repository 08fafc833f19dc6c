"""Every access case over real HTTP, on both engines."""

from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from pathlib import Path

import pytest

from access.cases import ENGINES, Case, Engine, given_cases, own_cases
from access.expectation import complaints
from access.question import ask
from access.servers import Servers
from access.setting import environment, provider_script, write_config
from access.subjects import presented_key
from harness.forked import fork
from harness.gateway import serve_command
from harness.issuer import Issuer, issuer
from harness.process import running
from harness.upstream import Upstream, upstream
from modelward.config.fields import foreign_pattern

_CASES = (*given_cases(), *own_cases())
_WRONG = [case for case in _CASES if not case.is_started]
_FOREIGN = [case for case in _CASES if case not in _WRONG and any(map(foreign_pattern, case.grants))]
_ASKED = [case for case in _CASES if case not in _WRONG and case not in _FOREIGN]


def _on_both_engines(cases: Sequence[Case]) -> pytest.MarkDecorator:
    """One test for each engine and case; those of one setting follow each other."""
    settings = {setting: place for place, setting in enumerate(dict.fromkeys(case.setting for case in cases))}
    ordered = sorted(cases, key=lambda case: settings[case.setting])
    pairs = [pytest.param(engine, case, id=f"{engine}-{case.id}") for engine in ENGINES for case in ordered]
    return pytest.mark.parametrize(("engine", "case"), pairs)


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
def servers(provider: Upstream, tokens: Issuer, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Servers]:
    """The services that the cases are asked of."""
    with ExitStack() as stack:
        yield Servers(stack, provider, tokens, tmp_path_factory.mktemp)


@_on_both_engines(_ASKED)
def test_access_case(engine: Engine, case: Case, servers: Servers, provider: Upstream, tokens: Issuer) -> None:
    """The answer, and what the provider saw, are what the case expects."""
    serving = servers.serving(engine, case)
    with presented_key(case, serving) as key:
        provider.calls.clear()
        answer = ask(case, serving, key, tokens)
        calls = list(provider.calls)
    assert not complaints(case, answer, calls), case.fields["why"]


@_on_both_engines(_FOREIGN)
def test_a_key_in_another_language_is_not_made(engine: Engine, case: Case, servers: Servers) -> None:
    """A key whose grants would be taken for nothing is refused with the reason, so no call of it is allowed (C2)."""
    gateway = servers.serving(engine, case)
    answer = gateway.call("POST", "/key/generate", key=gateway.master_key, content=case.subjects["key"])
    assert not case.expect["allow"]
    assert answer.status == 400
    assert "only `*` is special here" in answer.json()["error"]["message"]


@_on_both_engines(_WRONG)
def test_a_config_that_is_wrong_is_not_served(
    engine: Engine, case: Case, provider: Upstream, tokens: Issuer, tmp_path: Path
) -> None:
    """The server ends with exit code 2, and says which setting is wrong and where (R10, K3)."""
    config = tmp_path / "config.yaml"
    write_config(case.setting, provider, config, "sk-master")
    opa_url = "http://127.0.0.1:1" if engine == "opa" else None
    command = serve_command(config, 0, database_url=f"sqlite:///{tmp_path / 'modelward.db'}", opa_url=opa_url)
    with running(command, tmp_path / "modelward.log", environment(case.setting, tokens.url), fork) as process:
        code = process.wait(60)
    assert code == 2, process.output
    problems = [line for line in process.output.splitlines() if line.startswith(f"{config}:")]
    assert any(f"`{name}`" in line for line in problems for name in (case.jwt or {})["litellm_jwtauth"]), process.output


def test_no_case_is_lost() -> None:
    """Every line is a case of its own."""
    assert len({case.id for case in _CASES}) == len(_CASES)
    assert len(given_cases()) == 203
