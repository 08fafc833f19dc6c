"""A Modelward that takes batch files, and what its provider is sent."""

import itertools
import json
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from email.parser import BytesParser
from pathlib import Path
from typing import Any, cast

import orjson
import yaml

from harness.forked import fork
from harness.gateway import Gateway, gateway
from harness.process import Launch
from harness.upstream import Call, Reply, Upstream, upstream
from harness.wire import NO_HEADERS, Answer, exchange
from service.conftest import MASTER_KEY

CHAT, EMBEDDINGS = "/v1/chat/completions", "/v1/embeddings"

_HEAD = b'Content-Disposition: form-data; name="%b"%b\r\n\r\n%b\r\n'
_BOUNDARY = b"----batch"
FORM = f"multipart/form-data; boundary={_BOUNDARY.decode()}"


def line(model: str = "allowed", *, url: str = CHAT, **fields: object) -> dict[str, Any]:
    """A call as a line of a file has it."""
    return {"custom_id": "1", "method": "POST", "url": url, "body": {"model": model, **fields}}


def form(content: bytes, texts: Mapping[str, str]) -> bytes:
    """The body of an upload, whose purpose is `batch` unless `texts` hold another."""
    parts = [_HEAD % (name.encode(), b"", text.encode()) for name, text in {"purpose": "batch", **texts}.items()]
    parts.append(_HEAD % (b"file", b'; filename="batch.jsonl"', content))
    return b"".join(b"--%b\r\n%b" % (_BOUNDARY, part) for part in parts) + b"--%b--\r\n" % _BOUNDARY


def deployment(name: str, upstream_name: str, base: str, **params: str) -> dict[str, Any]:
    """One item of `model_list`, whose id does not change with what it says."""
    litellm = {"model": f"openai/{upstream_name}", "api_base": base, "api_key": "provider-secret", **params}
    return {"model_name": name, "litellm_params": litellm, "model_info": {"id": f"id-{name}"}}


def lines_of(call: Call) -> list[Any]:
    """The lines of the file in a call as the provider reads it."""
    head = f"Content-Type: {call.headers['content-type']}\r\n\r\n".encode()
    parts = cast(list[Any], BytesParser().parsebytes(head + call.body).get_payload())
    (content,) = [part.get_payload(decode=True) for part in parts if part.get_filename()]
    return [json.loads(each) for each in content.splitlines()]


@dataclass
class BatchService:
    """The running service. Models `allowed` and `other` lie in one account, `far` in another."""

    config: Path
    served: Gateway
    provider: Upstream

    def write(self, *, general: dict[str, Any] | None = None, **upstream_names: str) -> None:
        """Write the config with these names at the provider in place of `up-` and the model's own."""
        write_config(self.config, self.provider, general or {}, upstream_names)

    def upload(
        self,
        key: str,
        *lines: object,
        raw: bytes | None = None,
        target: str = "/v1/files",
        headers: Mapping[str, str] = NO_HEADERS,
        texts: Mapping[str, str] = NO_HEADERS,
        seconds: float = 15,
    ) -> Answer:
        """One upload of these lines, or of `raw`."""
        content = raw if raw is not None else b"\n".join(map(orjson.dumps, lines))
        return exchange(
            self.served.port,
            "POST",
            target,
            headers={
                "Authorization": f"Bearer {key}",
                "Content-Type": FORM,
                **headers,
            },
            body=form(content, texts),
            seconds=seconds,
        )

    def uploaded(self, key: str, *lines: object) -> str:
        """The id of a file that is taken."""
        answer = self.upload(key, *lines)
        assert answer.status == 200, answer.text
        return str(answer.json()["id"])

    def run(
        self, key: str, file_id: str, *, endpoint: str = CHAT, target: str = "/v1/batches", **fields: Any
    ) -> Answer:
        """One batch of a file."""
        content = {"input_file_id": file_id, "endpoint": endpoint, "completion_window": "24h", **fields}
        return self.served.call("POST", target, key=key, content=content)

    def sent(self) -> Sequence[Call]:
        """What reached the provider since this was last asked."""
        calls, self.provider.calls = self.provider.calls, []
        return calls

    def logged(self, answer: Answer) -> Any:
        """The decision log's entry of an answer."""
        decision_id = answer.headers["x-modelward-decision-id"]
        for each in self.served.process.output.splitlines():
            if decision_id in each and each.startswith('{"decision"'):
                return json.loads(each)["decision"]
        return None


@dataclass
class Provider:
    """Answers each call with a new object."""

    numbers: Iterator[int] = field(default_factory=lambda: itertools.count(1))

    def __call__(self, call: Call) -> Reply:
        """A new file or batch."""
        kind = call.path.rpartition("/")[2].partition("?")[0]
        body = {"id": f"{kind}-{next(self.numbers)}", "object": kind}
        return Reply(body=json.dumps(body).encode())


@contextmanager
def batch_service(
    folder: Path,
    *,
    launch: Launch = fork,
    general: Mapping[str, Any] = NO_HEADERS,
    env: Mapping[str, str] = NO_HEADERS,
) -> Iterator[BatchService]:
    """The service and its provider, stopped when the block ends; `general` are further general settings."""
    with upstream() as provider:
        provider.script = Provider()
        config = folder / "config.yaml"
        write_config(config, provider, dict(general), {})
        with gateway(config, folder, master_key=MASTER_KEY, launch=launch, env=env) as served:
            yield BatchService(config, served, provider)


def write_config(config: Path, provider: Upstream, general: dict[str, Any], upstream_names: dict[str, str]) -> None:
    """A config of the models of a batch service."""
    near, far = provider.base("/v1"), provider.base("/far/v1")
    names = {"allowed": near, "other": near, "far": far} | dict.fromkeys(upstream_names, near)
    models = [deployment(name, upstream_names.get(name, f"up-{name}"), base) for name, base in names.items()]
    content = {"model_list": models, "general_settings": {"master_key": MASTER_KEY, **general}}
    config.write_text(yaml.safe_dump(content, sort_keys=False))
