"""`modelward explain`: answers one question about a config, and says why."""

import asyncio
import os
import tempfile
from collections.abc import AsyncIterator, Iterable, Sequence
from contextlib import asynccontextmanager
from dataclasses import replace
from pathlib import Path
from time import time_ns

import orjson

from modelward import bundle, compiler, config, explain
from modelward.compose import embedded, explainer
from modelward.contract import Catalog, JsonObject
from modelward.errors import BundleError, Invalid, Unidentified
from modelward.explain import Logged, Question, Report, text
from modelward.identity.tokens import unverified
from modelward.loading import Loaded
from modelward.options import folder, opa_program
from modelward.store import Store, is_missing, open_read_only, open_store

_NO_DATABASE = "the database does not exist, so only subjects that the config declares are known"


def asked(
    token: bytes | None,
    models: Sequence[str],
    route: str,
    decision_id: str | None,
    log: Iterable[bytes] | None,
    **named: str | None,
) -> Question | Logged:
    """What the command line asks: a question, or a decision of the log. `token` is the content of the file with a token
    or its claims, `log` are the lines of a decision log, `named` are the question's `key`, `team_id`, `user_id` and
    `customer_id`. Raises Refused for what makes no sense."""
    said: JsonObject = {name: value for name, value in named.items() if value is not None}
    if token is not None:
        said["claims"] = _claims(token)
    if decision_id is None and log is None:
        return explain.question({**said, "models": list(models), "route": route})
    if decision_id is None or log is None:
        raise Invalid("`--decision-id` and `--log` are given together: the id, and the log that holds it")
    if said or models:
        raise Invalid("`--decision-id` says by itself who asked for what; leave the caller and the models out")
    return explain.find(log, decision_id)


def run(config_path: Path, database_url: str, question: Question | Logged) -> Report:
    """The answer. Raises ConfigError, BundleError, StoreUnavailable, DecisionUnavailable, and Refused for a question
    that makes no sense."""
    read = config.read(config_path, os.environ, secrets="keep")
    policies = folder("policies")
    sealed = bundle.seal(compiler.compile_catalog(read), policies)
    loaded = Loaded(read, sealed, _wasm(policies, opa_program()), deployments={})
    return asyncio.run(_answer(database_url, question, loaded))


def shown(report: Report, *, as_json: bool) -> str:
    """A report for the terminal, or for a program."""
    return f"{report.json(indent=2).decode()}\n" if as_json else text(report)


def _wasm(policies: Path, opa: Path | None) -> bytes:
    """The policies compiled: as the bundle has them, else anew and not kept, as an explanation writes nothing."""
    try:
        return bundle.load_wasm(folder("bundle"), policies)
    except BundleError:
        if opa is None:
            raise
        return bundle.compile_wasm(policies, opa)


def _claims(content: bytes) -> JsonObject:
    sent = content.strip()
    try:
        claims = orjson.loads(sent) if sent.startswith(b"{") else unverified(sent.decode())[1]
    except (ValueError, Unidentified):
        claims = None
    if not isinstance(claims, dict):
        raise Invalid("the file of `--jwt` holds neither a token nor the JSON object of its claims")
    return claims


async def _answer(url: str, question: Question | Logged, loaded: Loaded) -> Report:
    snapshot = embedded(loaded)
    try:
        async with _subjects(url, snapshot.catalog) as (store, notes):
            made = explainer(store, snapshot)
            now = made.compare(question) if isinstance(question, Logged) else made.answer(question, time_ns())
            report = await now
    finally:
        snapshot.close()
    return replace(report, notes=[*notes, *report.notes])


@asynccontextmanager
async def _subjects(url: str, catalog: Catalog) -> AsyncIterator[tuple[Store, list[str]]]:
    """The subjects as they are: a database that is not there is not made, an empty one stands in for it."""
    if not is_missing(url):
        async with open_read_only(url, declared=lambda: catalog) as store:
            yield store, []
        return
    with tempfile.TemporaryDirectory() as temporary:
        async with open_store(f"sqlite:///{temporary}/empty.db", declared=lambda: catalog) as store:
            yield store, [_NO_DATABASE]
