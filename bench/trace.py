"""Print what of the service one warm chat call passes: `python -m bench.trace [--list]`.

The service runs in this process over the embedded engine, with a provider behind HTTP that asks for a key; the call
comes in as the server hands it on, by ASGI. Counted are named functions of the service (no comprehensions, no lambdas)
and their files, each once, and how often the call goes on in another file.
"""

import argparse
import asyncio
import logging
import os
import sys
import tempfile
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager, closing
from dataclasses import dataclass, field
from itertools import pairwise
from pathlib import Path
from types import CodeType, FrameType

import httpx
import yaml
from starlette.types import Message

import modelward
from bench.processes import free_port
from bench.subjects import MASTER_KEY, provider, write_config
from modelward.compose import Service
from modelward.log_writer import log_to_stderr
from modelward.options import ServeOptions

_SERVICE = str(Path(modelward.__file__).parent)
_ASKED = "Upstream.send"
_CHAT = "/v1/chat/completions"
_WARM = 3


@dataclass
class Passed:
    """The functions called, in order; the first `until_asked` of them before the upstream was asked."""

    calls: list[CodeType] = field(default_factory=list)
    until_asked: int = 0

    def note(self, frame: FrameType, event: str, _: object) -> None:
        """Takes one event, as `sys.setprofile` gives it."""
        code = frame.f_code
        if event != "call" or not code.co_filename.startswith(_SERVICE) or code.co_name.startswith("<"):
            return
        self.calls.append(code)
        if code.co_qualname == _ASKED:
            self.until_asked = len(self.calls)


def summary(name: str, calls: Sequence[CodeType]) -> str:
    """One line of numbers."""
    files = [code.co_filename for code in calls]
    changes = sum(one != other for one, other in pairwise(files))
    return f"{name:28}{len(set(files)):6}{len(set(calls)):11}{changes:17}"


def listed(calls: Sequence[CodeType]) -> str:
    """Each function once, in the order of first calls, file by file."""
    functions: dict[str, dict[str, None]] = {}
    for code in calls:
        functions.setdefault(str(Path(code.co_filename).relative_to(_SERVICE)), {})[code.co_qualname] = None
    return "\n".join(f"{file}: {', '.join(names)}" for file, names in functions.items())


@asynccontextmanager
async def _serving(service: Service) -> AsyncIterator[None]:
    """The service between its startup and its shutdown."""
    received, sent = asyncio.Queue[Message](), asyncio.Queue[Message]()
    life = asyncio.create_task(service({"type": "lifespan"}, received.get, sent.put))
    await received.put({"type": "lifespan.startup"})
    if (said := await sent.get())["type"] != "lifespan.startup.complete":
        sys.exit(str(said))
    yield
    await received.put({"type": "lifespan.shutdown"})
    await life


async def _call(client: httpx.AsyncClient, path: str, key: str, body: Mapping[str, object]) -> httpx.Response:
    answer = await client.post(path, headers={"authorization": f"Bearer {key}"}, json=body)
    if answer.status_code != httpx.codes.OK:
        sys.exit(f"{path}: {answer.status_code} {answer.text}")
    return answer


def with_keys(config: Path) -> Path:
    """The config, its deployments called with a key: answers are looked through for it."""
    written = yaml.safe_load(config.read_text())
    for entry in written["model_list"]:
        entry["litellm_params"]["api_key"] = "sk-of-the-provider"
    config.write_text(yaml.safe_dump(written))
    return config


async def traced(service: Service) -> Passed:
    """What a chat call of a team's key passes, once the same was called before."""
    chat = {"model": "model-123", "messages": [{"role": "user", "content": "hello"}]}
    passed = Passed()
    transport = httpx.ASGITransport(service)
    async with _serving(service), httpx.AsyncClient(transport=transport, base_url="http://gateway") as client:
        wanted = {"team_id": "bench", "models": ["group-1", "group-3", "openai/*"]}
        key = (await _call(client, "/key/generate", MASTER_KEY, wanted)).json()["key"]
        for _ in range(_WARM):
            await _call(client, _CHAT, key, chat)
        sys.setprofile(passed.note)
        await _call(client, _CHAT, key, chat)
        sys.setprofile(None)
    return passed


def main() -> None:
    """Start everything, call, print."""
    parser = argparse.ArgumentParser(prog="bench.trace", description="Count what one warm chat call passes.")
    parser.add_argument("--list", action="store_true", help="print the functions, file by file")
    options = parser.parse_args()
    logging.getLogger("httpx").setLevel(logging.WARNING)
    with tempfile.TemporaryDirectory() as name, provider(Path(name)) as upstream, closing(log_to_stderr()) as writer:
        folder = Path(name)
        serve = ServeOptions(
            config=with_keys(write_config(folder, upstream.port)),
            host="127.0.0.1",
            port=free_port(),
            engine="embedded",
            opa_url="",
            database_url=f"sqlite:///{folder / 'trace.db'}",
            workers=1,
        )
        passed = asyncio.run(traced(Service(serve, os.environ, writer)))
    print(f"{'':28}{'files':>6}{'functions':>11}{'changes of file':>17}")
    print(summary("until the upstream is asked", passed.calls[: passed.until_asked]))
    print(summary("the whole call", passed.calls))
    if options.list:
        print(listed(passed.calls))


if __name__ == "__main__":
    main()
