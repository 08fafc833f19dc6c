"""Who may import whom: the parts of the service know each other only where this list says so."""

import ast
from collections.abc import Iterator
from functools import cache
from graphlib import TopologicalSorter
from pathlib import Path

import pytest

from harness.bundles import REPOSITORY
from harness.sources import parsed

PACKAGE = REPOSITORY / "service" / "modelward"

EDGES: dict[str, set[str]] = {
    "contract": set(),
    "errors": set(),
    "hints": set(),
    "options": {"hints"},
    "log_writer": set(),
    "gateway.metrics": set(),
    "providers": set(),
    "gateway.headers": set(),
    "bundle": {"contract", "errors", "hints"},
    "engine": {"contract", "errors"},
    "identity": {"contract", "errors"},
    "snapshot": {"contract", "errors"},
    "config": {"contract", "errors", "hints", "providers"},
    "gateway.errors": {"contract", "errors", "gateway.headers"},
    "explain": {"contract", "errors", "identity", "store"},
    "checking": {"bundle", "config", "errors", "options"},
    "compiler": {"config", "contract"},
    "store": {"config", "contract", "errors"},
    "gateway.health": {"errors", "gateway.errors"},
    "gateway.routes": {"contract", "gateway.errors", "providers"},
    "server": {"errors", "gateway.errors", "gateway.headers"},
    "admin": {"config", "contract", "errors", "hints", "store"},
    "gateway.request": {"contract", "errors", "gateway.headers", "gateway.routes", "providers"},
    "gateway.decision_log": {"contract"},
    "gateway.endpoints": {"gateway.request", "gateway.routes", "providers"},
    "gateway.exchange": {
        "contract",
        "errors",
        "gateway.decision_log",
        "gateway.endpoints",
        "gateway.errors",
        "gateway.headers",
        "gateway.request",
        "gateway.routes",
        "snapshot",
    },
    "gateway.judge": {
        "contract",
        "errors",
        "gateway.decision_log",
        "gateway.errors",
        "gateway.exchange",
        "gateway.metrics",
        "gateway.upstream",
        "snapshot",
    },
    "gateway.upstream": {
        "contract",
        "errors",
        "gateway.errors",
        "gateway.exchange",
        "gateway.headers",
        "gateway.request",
        "gateway.routes",
        "providers",
    },
    "gateway.explanations": {
        "contract",
        "errors",
        "explain",
        "gateway.errors",
        "gateway.exchange",
        "gateway.judge",
        "gateway.request",
        "gateway.routes",
        "snapshot",
    },
    "gateway.listing": {"contract", "errors", "gateway.errors", "gateway.exchange", "gateway.judge", "gateway.request"},
    "gateway.management": {
        "contract",
        "errors",
        "gateway.errors",
        "gateway.exchange",
        "gateway.judge",
        "gateway.metrics",
        "gateway.request",
    },
    "gateway.objects": {
        "contract",
        "errors",
        "gateway.decision_log",
        "gateway.endpoints",
        "gateway.errors",
        "gateway.exchange",
        "gateway.headers",
        "gateway.judge",
        "gateway.request",
        "gateway.routes",
        "gateway.upstream",
        "providers",
        "snapshot",
    },
    "loading": {"bundle", "compiler", "config", "contract", "errors", "gateway.upstream", "options", "snapshot"},
    "gateway.calls": {
        "contract",
        "errors",
        "gateway.exchange",
        "gateway.judge",
        "gateway.objects",
        "gateway.request",
        "gateway.routes",
        "gateway.upstream",
    },
    "gateway.batch": {
        "contract",
        "errors",
        "gateway.calls",
        "gateway.endpoints",
        "gateway.exchange",
        "gateway.judge",
        "gateway.objects",
        "gateway.request",
        "gateway.routes",
    },
    "gateway.sockets": {
        "contract",
        "errors",
        "gateway.decision_log",
        "gateway.endpoints",
        "gateway.errors",
        "gateway.exchange",
        "gateway.headers",
        "gateway.judge",
        "gateway.objects",
        "gateway.request",
        "gateway.routes",
        "gateway.upstream",
    },
    "gateway.gate": {
        "errors",
        "gateway.decision_log",
        "gateway.errors",
        "gateway.exchange",
        "gateway.health",
        "gateway.judge",
        "gateway.metrics",
        "gateway.routes",
        "gateway.sockets",
        "snapshot",
    },
    "compose": {
        "admin",
        "contract",
        "engine",
        "errors",
        "explain",
        "gateway.batch",
        "gateway.calls",
        "gateway.decision_log",
        "gateway.endpoints",
        "gateway.errors",
        "gateway.exchange",
        "gateway.explanations",
        "gateway.gate",
        "gateway.health",
        "gateway.judge",
        "gateway.listing",
        "gateway.management",
        "gateway.metrics",
        "gateway.objects",
        "gateway.routes",
        "gateway.sockets",
        "gateway.upstream",
        "identity",
        "loading",
        "log_writer",
        "options",
        "snapshot",
        "store",
    },
    "explain_command": {
        "bundle",
        "compiler",
        "compose",
        "config",
        "contract",
        "errors",
        "explain",
        "identity",
        "loading",
        "options",
        "store",
    },
    "serve": {"compose", "engine", "loading", "log_writer", "options", "server", "store"},
    "cli": {"bundle", "checking", "compiler", "config", "errors", "explain_command", "options", "serve"},
    "__main__": {"cli"},
}

LIBRARIES: dict[str, set[str]] = {
    "aiohttp": {
        "engine/server.py",
        "gateway/upstream/client.py",
        "gateway/upstream/reply.py",
        "gateway/upstream/short_calls.py",
    },
    "alembic": {"store"},
    "asyncpg": {"store"},
    "click": {"cli.py"},
    "fastapi": {"admin"},
    "httpx": {"gateway/upstream/client.py", "identity/key_sets.py"},
    "jwt": {"identity"},
    "opa_client": {"engine/server.py"},
    "python_multipart": {"gateway/request/form_parts.py"},
    "prometheus_client": {"gateway/metrics.py"},
    "sqlalchemy": {"store"},
    "sqlite3": {"store"},
    "uvicorn": {"serve.py", "server"},
    "websockets": {"server/sockets.py"},
    "wasmtime": {"engine/embedded.py"},
    "yaml": {
        "bundle/rules.py",
        "config",
        "gateway/endpoints.py",
        "gateway/errors.py",
        "gateway/objects/id_words.py",
        "gateway/upstream/failures.py",
        "gateway/upstream/mocks.py",
        "gateway/request/places.py",
        "providers.py",
    },
}

BARE = {"errors.py": set[str](), "contract": {"pydantic"}}
STANDARD = {"collections", "dataclasses", "datetime", "functools", "hashlib", "http", "pathlib", "re", "typing"}


def files() -> Iterator[Path]:
    """Every module of the package."""
    return (path.relative_to(PACKAGE) for path in sorted(PACKAGE.rglob("*.py")))


@cache
def imported(path: Path) -> frozenset[str]:
    """What a module imports, as absolute dotted names; each name of a `from` counts as if it were a module."""
    return frozenset(_imported(path))


def _imported(path: Path) -> Iterator[str]:
    package = ("modelward", *path.parent.parts)
    for node in ast.walk(parsed(PACKAGE / path)):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            above = package[: len(package) - node.level + 1] if node.level else ()
            base = ".".join([*above, *([node.module] if node.module else [])])
            yield from (f"{base}.{alias.name}" for alias in node.names)


def part(dotted: str) -> str:
    """The part of the service that an absolute name belongs to; empty for the package itself and for libraries.

    The gateway is the largest, and its own parts are told apart.
    """
    root, *names = dotted.split(".")
    first = ".".join(names[: 2 if names[:1] == ["gateway"] else 1])
    place = PACKAGE.joinpath(*first.split("."))
    exists = place.is_dir() or place.with_suffix(".py").is_file()
    return first if root == "modelward" and first and exists and not first.endswith("__init__") else ""


@cache
def edges() -> dict[str, set[str]]:
    """The parts that each part imports."""
    found: dict[str, set[str]] = {}
    for path in files():
        own = part(".".join(("modelward", *path.with_suffix("").parts)))
        if own:
            found.setdefault(own, set()).update({part(name) for name in imported(path)} - {own, ""})
    return found


def modules() -> dict[str, set[str]]:
    """The modules that each module imports."""
    names = {".".join(("modelward", *path.with_suffix("").parts)).removesuffix(".__init__"): path for path in files()}
    parents = {dotted: {dotted, dotted.rpartition(".")[0]} for path in names.values() for dotted in imported(path)}
    return {
        name: {at for dotted in imported(path) for at in parents[dotted] & set(names)} for name, path in names.items()
    }


@pytest.mark.parametrize("importer", list(EDGES))
def test_a_part_imports_what_the_list_allows_and_no_edge_is_unused(importer: str) -> None:
    assert edges()[importer] == EDGES[importer]


def test_every_part_is_in_the_list() -> None:
    assert set(edges()) == set(EDGES)


def test_the_parts_form_no_circle() -> None:
    TopologicalSorter(EDGES).prepare()


def test_the_modules_form_no_circle() -> None:
    found = modules()
    inside = {name: {other for other in others if other != "modelward"} for name, others in found.items()}
    packages = {path.parent.parts[0] for path in files() if path.name == "__init__.py" and path.parent.parts}
    fronts = {f"modelward.{name}" for name in packages}
    TopologicalSorter({name: others - fronts for name, others in inside.items() if name not in fronts}).prepare()


@pytest.mark.parametrize("library", list(LIBRARIES))
def test_a_library_is_imported_where_the_list_allows_and_nowhere_else(library: str) -> None:
    users = {path for path in files() if library in {name.partition(".")[0] for name in imported(path)}}
    places = {place: {path for path in users if path.is_relative_to(place)} for place in LIBRARIES[library]}
    assert not users - set().union(*places.values())
    assert not [place for place, found in places.items() if not found]


@pytest.mark.parametrize("name", list(BARE))
def test_the_shared_words_need_almost_nothing(name: str) -> None:
    place = PACKAGE / name
    files = place.glob("*.py") if place.is_dir() else [place]
    names = {dotted for file in files for dotted in imported(file.relative_to(PACKAGE))}
    roots = {dotted.partition(".")[0] for dotted in names if part(dotted) != name}
    assert roots - STANDARD == BARE[name]


def test_relative_and_absolute_imports_are_both_seen() -> None:
    assert part("modelward.gateway.gate.Gate") == "gateway.gate"
    assert part("modelward.gateway.sockets.frames.Frames") == "gateway.sockets"
    assert part("modelward.store.keys.Keys") == "store"
    assert part("modelward.__version__") == ""
    assert part("httpx.Request") == ""
    assert "modelward.errors.NotFound" in set(imported(Path("store/record_table.py")))
