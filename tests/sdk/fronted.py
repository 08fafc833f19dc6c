"""A Modelward whose models are served by one provider, each in the API of another vendor."""

from collections.abc import Iterator
from contextlib import contextmanager
from hashlib import sha256
from pathlib import Path
from uuid import uuid4

import orjson
import yaml

from harness.gateway import Gateway, gateway
from harness.process import eventually
from harness.upstream import Upstream

MASTER_KEY = "sk-master-1234"
FORBIDDEN = "forbidden"

_ENV = {"PROVIDER_KEY": "provider-secret", "ANOTHER_KEY": "another-secret"}

# model_name: (litellm_params.model, what follows the provider's address, further litellm_params)
_MODELS: dict[str, tuple[str, str, dict[str, str]]] = {
    "gpt": ("openai/real-gpt", "/v1", {}),
    "painter": ("openai/real-painter", "/v1", {}),
    "of-another-account": ("openai/real-other", "/v1", {"api_key": "os.environ/ANOTHER_KEY"}),
    "claude": ("anthropic/real-claude", "", {}),
    "gemini": ("gemini/real-gemini", "", {}),
    "vertex": ("vertex_ai/real-vertex", "/v1/projects/p/locations/l", {}),
    "nova": ("bedrock/arn:aws:bedrock:us-east-1:1:inference-profile/real-nova", "", {}),
    "azure-gpt": ("azure/real-azure", "", {"api_version": "2025-01-01-preview"}),
    "team/azure-gpt": ("azure/real-team", "", {}),
    FORBIDDEN: ("openai/real-forbidden", "/v1", {}),
}
ALLOWED = [name for name in _MODELS if name != FORBIDDEN]


def write_config(provider: Upstream, folder: Path) -> Path:
    """A config with `ALLOWED` and `FORBIDDEN`, all with one account's key but for one model."""
    rows = [
        {
            "model_name": name,
            "litellm_params": {"model": model, "api_key": "os.environ/PROVIDER_KEY", "api_base": provider.base(path)}
            | others,
        }
        for name, (model, path, others) in _MODELS.items()
    ]
    config = folder / "config.yaml"
    content = {"model_list": rows, "general_settings": {"master_key": MASTER_KEY}}
    config.write_text(yaml.safe_dump(content, sort_keys=False))
    return config


@contextmanager
def fronted(provider: Upstream, folder: Path, opa_url: str | None = None) -> Iterator[Gateway]:
    """Serves that config; with `opa_url` it asks that server."""
    config = write_config(provider, folder)
    with gateway(config, folder, master_key=MASTER_KEY, opa_url=opa_url, env=_ENV) as running:
        yield running


def decisions(front: Gateway, key: str) -> list[dict[str, object]]:
    """What Modelward was asked with that key so far: a line of its log for each request that reached it."""
    last = f"/v1/models/{uuid4().hex}"
    front.call("GET", last, key=key)
    hashed = sha256(key.encode()).hexdigest()
    lines = list[dict[str, object]]()

    def is_written() -> bool:
        read = [line for line in front.process.output.splitlines() if line.startswith('{"decision":')]
        lines[:] = [orjson.loads(line)["decision"] for line in read if hashed in line]
        return bool(lines) and lines[-1]["path"] == last

    assert eventually(is_written, 30)
    return [line for line in lines if not str(line["path"]).startswith("/v1/models/")]
