"""How long the worst inputs and a large config take: `python -m bench.worst_inputs`. Prints milliseconds."""

import os
import re
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from modelward import bundle, config, paths
from modelward.compiler import compile_catalog
from modelward.gateway.endpoints import ROUTES
from modelward.gateway.request.places import spots
from modelward.gateway.routes import Route, Router

_PATH_BYTES = 65_536
_ROUNDS = 5


def milliseconds(work: Callable[[], object]) -> float:
    """The shortest of some runs."""
    runs = []
    for _ in range(_ROUNDS):
        began = time.perf_counter()
        work()
        runs.append(time.perf_counter() - began)
    return min(runs) * 1000


def longest_path() -> float:
    """The slowest path to route: each is almost one of a row, and repeats a piece of it up to the longest head."""
    router = Router(ROUTES)
    paths = {
        head + piece * (_PATH_BYTES // len(piece)) + "\n"
        for head in {row.template.partition("{")[0] for row in ROUTES if "{" in row.template}
        for row in ROUTES
        if row.template.startswith(head)
        for piece in _pieces(row)
    }
    return max(milliseconds(lambda path=path: router.find("POST", path)) for path in paths)  # type: ignore[misc]


def long_key() -> float:
    """A key of two million characters above sixty thousand objects, looked through for models."""
    body = {"x": {"k" * 2_000_000: [{"y": 1}] * 60_000}}
    return milliseconds(lambda: list(spots(body, "x.**.model")))


def large_config() -> float:
    """A config of ten thousand models, from the file to the bundle's bytes."""
    item = "  - {{model_name: m-{0}, litellm_params: {{model: openai/m-{0}, api_key: k}}}}\n"
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "config.yaml")
        path.write_text("model_list:\n" + "".join(map(item.format, range(10_000))))
        policies = paths.policies(os.environ)
        return milliseconds(lambda: bundle.seal(compile_catalog(config.read(path, {})), policies))


def _pieces(row: Route) -> set[str]:
    return {"a/", "a", "/", *(f"a{text}" for text in re.split(r"\{\w+\}", row.template))}


def main() -> None:
    """Measure, and print."""
    works = {"longest path": longest_path, "long key in a body": long_key, "large config": large_config}
    for name, work in works.items():
        print(f"{name:20}{work():10.1f} ms")


if __name__ == "__main__":
    main()
