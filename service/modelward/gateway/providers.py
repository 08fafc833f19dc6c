"""Providers: where a deployment's requests go, and which header carries its key. The table is `providers.yaml`."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cache, lru_cache
from importlib import resources
from typing import Literal
from urllib.parse import quote, urlsplit

import yaml
from pydantic import BaseModel, ConfigDict, TypeAdapter

from modelward.contract import Deployment
from modelward.errors import ModelwardError
from modelward.gateway.headers import Header

UpstreamOperation = Literal["chat/completions", "completions", "embeddings"]


class Unusable(ModelwardError):
    """A deployment cannot be called as it is configured; the message says why, and holds no address or secret."""


class Provider(BaseModel):
    """One row of the table; its fields are explained there."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    api_base: str | None = None
    root: str = ""
    path: str = "{operation}"
    key_header: Literal["authorization", "api-key"] = "authorization"
    api_version: str | None = None


@dataclass(frozen=True, slots=True)
class Endpoint:
    """Where to send one call; `credential` is the header with the deployment's key, if it has one (K4)."""

    url: str
    credential: tuple[Header, ...] = field(repr=False)


@cache
def providers() -> Mapping[str, Provider]:
    """The table, read once."""
    text = resources.files(__package__).joinpath("providers.yaml").read_text(encoding="utf-8")
    return TypeAdapter(dict[str, Provider]).validate_python(yaml.safe_load(text))


def endpoint(deployment: Deployment, model: str, operation: UpstreamOperation) -> Endpoint:
    """The endpoint of `operation` for `model`, the upstream's own name.

    Raises `Unusable` where the provider is unknown and no address is set, or where address, key or name cannot be sent.
    """
    provider = providers().get(deployment.provider) or Provider()
    base = _base(deployment.provider, deployment.api_base)
    path = provider.path.format(model=_segment(model), operation=operation)
    version = deployment.api_version or provider.api_version
    query = f"?api-version={quote(version, safe='')}" if provider.api_version and version else ""
    return Endpoint(f"{base}/{path}{query}", _credential(deployment.api_key, provider))


def check(deployments: Iterable[Deployment]) -> list[str]:
    """What is wrong with the deployments, one message each, sorted; an empty list if all can be called."""
    return sorted({f"`{each.entry}`: {problem}" for each in deployments if (problem := _problem(each))})


def _problem(deployment: Deployment) -> str:
    if deployment.mock_response is not None:
        return ""
    if deployment.model.count("*") > deployment.entry.count("*"):
        return "the upstream model holds more `*` than `model_name`, so nothing fills them; write the model's full name"
    try:
        endpoint(deployment, deployment.model, "chat/completions")
    except Unusable as error:
        return str(error)
    return ""


@lru_cache(maxsize=4096)
def _base(name: str, api_base: str | None) -> str:
    provider = providers().get(name)
    base = api_base or (provider and provider.api_base)
    if not base:
        what = "needs" if provider else "is not one that can be called without"
        raise Unusable(f"provider `{name}` {what} an `api_base`; set it in `litellm_params`")
    if not _is_plain_address(base):
        raise Unusable(
            "`api_base` must be an http or https address with a host, and hold no query, fragment or user name"
        )
    return _with_root(base.rstrip("/"), provider.root if provider else "")


def _is_plain_address(base: str) -> bool:
    try:
        parts = urlsplit(base)
        reachable = parts.scheme in {"http", "https"} and bool(parts.hostname) and parts.port != 0
    except ValueError:
        return False
    return reachable and base.isprintable() and not (set(base) & set(" ?#@\\"))


def _with_root(base: str, root: str) -> str:
    return base if not root or base.endswith("/" + root) else f"{base}/{root}"


def _segment(model: str) -> str:
    """`model` as one segment of a path: nothing in it can leave the deployment's place."""
    if model in {"", ".", ".."}:
        raise Unusable(f"the name `{model}` cannot be part of an address")
    return quote(model, safe="")


def _credential(key: str | None, provider: Provider) -> tuple[Header, ...]:
    if not key:
        return ()
    if not (key.isascii() and key.isprintable()):
        raise Unusable("`api_key` holds a character that no header can carry, such as a line end; set it again")
    if provider.key_header == "api-key":
        return ((b"api-key", key.encode()),)
    return ((b"authorization", b"Bearer " + key.encode()),)
