"""What a decision costs: `python -m bench.decisions`; microseconds of CPU at the median, and those of OPA's evaluator.

The question is a chat call of a team's key, as the bench of gateways asks it. It is asked of the embedded engine over
200, 10,000 and 100,000 models, without the memo of decisions and with it, and of OPA's own evaluator by `opa bench`.
"""

import asyncio
import json
import os
import statistics
import subprocess
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path

from bench.processes import opa
from bench.subjects import POLICIES, write_config
from modelward import loading
from modelward.contract import Caller, Decide, Input, Key, Request
from modelward.engine import EmbeddedEngine, Memo, answer

_CHAT = "/v1/chat/completions"
_MODELS = (200, 10_000, 100_000)
_IN_A_ROUND, _ROUNDS = 500, 21


def question(team_id: str, catalog: loading.Loaded) -> Input:
    """A chat call of a team's key."""
    key = Key(token="a" * 64, team_id=team_id, models=["group-1", "group-3", "openai/*"])
    request = Request(
        method="POST",
        path=_CHAT,
        route=_CHAT,
        operation="infer",
        groups=["openai_routes", "llm_api_routes"],
        models=["model-123"],
        time_ns=time.time_ns(),
        segments=[_CHAT.split("/")],
    )
    return Input(request, Caller(kind="key", key=key, team=catalog.sealed.catalog.declared_teams[team_id]))


async def microseconds(decide: Decide, asked: Input) -> float:
    """The CPU time of one decision, the median of many rounds."""
    found = []
    for _ in range(_ROUNDS):
        began = time.process_time()
        for _ in range(_IN_A_ROUND):
            await decide(asked)
        found.append(1e6 * (time.process_time() - began) / _IN_A_ROUND)
    return statistics.median(found)


def of_opa(folder: Path, data: bytes, asked: Input) -> float:
    """The time that OPA's evaluator takes."""
    (folder / "data.json").write_bytes(data)
    (folder / "input.json").write_bytes(answer.question(asked))
    loaded = ["-d", str(POLICIES), "-d", str(folder / "data.json"), "--ignore", "*_test.rego"]
    command = [opa(), "bench", *loaded, "-i", str(folder / "input.json"), "--format", "json"]
    run = subprocess.run([*command, "data.modelward.access.decision"], capture_output=True, check=True)
    median: float = json.loads(run.stdout)["Extra"]["histogram_timer_rego_query_eval_ns_median"]
    return median / 1000


def row(name: str, numbers: Sequence[float]) -> str:
    """One line of the table."""
    return f"{name:20}" + "".join(f"{number:10.1f}" for number in numbers)


def main() -> None:
    """Compile, ask, print."""
    print(f"{'us a decision':20}{'embedded':>10}{'memo':>10}{'OPA':>10}")
    for count in _MODELS:
        with tempfile.TemporaryDirectory() as name, asyncio.Runner() as runner:
            folder = Path(name)
            loaded = loading.load(write_config(folder, 9, models=count), os.environ)
            asked = question("bench", loaded)
            engine = EmbeddedEngine(loaded.wasm, loaded.sealed.data)
            memo = Memo(engine.decide, longest=60.0, clock=time.monotonic, hit=lambda: None, miss=lambda: None)
            decisions = [runner.run(microseconds(decide, asked)) for decide in (engine.decide, memo.decide)]
            engine.close()
            print(row(f"{count} models", [*decisions, of_opa(folder, loaded.sealed.data, asked)]))


if __name__ == "__main__":
    main()
