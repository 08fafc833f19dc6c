"""Providers: where a deployment's requests go, and which header carries its key. The table is `providers.yaml`."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache, lru_cache
from importlib import resources
from typing import Any
from urllib.parse import quote, urlencode

import yaml
from pydantic import TypeAdapter

from modelward.contract import Deployment
from modelward.errors import ModelwardError
from modelward.gateway.addresses import is_plain_address, with_root
from modelward.gateway.headers import Header
from modelward.gateway.provider import NOTHING, ModelPlaces, Provider, Style
from modelward.gateway.publishers import publisher_and_model
from modelward.gateway.routes import Dialect, UpstreamCall


class Unusable(ModelwardError):
    """A deployment cannot be called as it is configured; the message says why, and holds no address or secret."""


class OtherStyle(Unusable):
    """A deployment's provider does not speak the call's style."""


class Apart(Unusable):
    """A deployment cannot take a call, as another model that the call names is served elsewhere."""


_PLAIN = Style()
_UNKNOWN = Provider()
_PUBLISHER = "publisher"
_MODEL_PLACES = "models_at"


@dataclass(frozen=True, slots=True)
class Endpoint:
    """Where to send one call; `credential` is the header with the deployment's key, if it has one (K4). `defaults` are
    headers to send where the client sends none of their names."""

    url: str
    credential: tuple[Header, ...] = field(repr=False)
    defaults: tuple[Header, ...] = ()


@cache
def providers() -> Mapping[str, Provider]:
    """The table, read once."""
    rows = {name: row for name, row in _table().items() if name != _MODEL_PLACES}
    return TypeAdapter(dict[str, Provider]).validate_python(rows)


@cache
def model_places() -> Mapping[str, ModelPlaces]:
    """Where each provider reads the names of further models (M7)."""
    return TypeAdapter(dict[str, ModelPlaces]).validate_python(_table()[_MODEL_PLACES])


@cache
def kinds_that_run_models() -> Mapping[str, tuple[str, ...]]:
    """Kinds of tools and plugins, and where in one of them stand the models that it runs; `family:*` is for all others
    of a family."""
    return {kind: needed for places in model_places().values() for kind, needed in places.runs.items()}


@cache
def _table() -> dict[str, Any]:
    text = resources.files(__package__).joinpath("providers.yaml").read_text(encoding="utf-8")
    table: dict[str, Any] = yaml.safe_load(text)
    return table


def endpoint(
    deployment: Deployment,
    model: str,
    call: UpstreamCall,
    variables: Mapping[str, str] = NOTHING,
    query: Sequence[tuple[str, str]] = (),
) -> Endpoint:
    """The endpoint of `call` for `model`, the upstream's own name; `variables` fill the other places of its path.

    Raises `OtherStyle` where the provider does not speak the call's style or the path names another publisher than the
    model's, `Unusable` where the provider is unknown and has no address, or where address, key or name cannot be sent.
    """
    style = _style(deployment, call.dialect)
    if call.dialect == "vertex":
        publisher, model = publisher_and_model(model)
        if variables.get(_PUBLISHER) != publisher:
            raise OtherStyle(f"the model is not of the publisher that the path names, but of `{publisher}`")
    base = _base(deployment.provider, deployment.api_base, style.root)
    path = _filled(call.path, model, variables)
    if call.per_deployment and style.model_path:
        path = _filled(style.model_path, model, {"path": path})
    else:
        path = _filled(style.path, model, {"path": path})
    version = deployment.api_version or style.api_version
    pairs = [*query, ("api-version", version)] if style.api_version and version else query
    address = f"{base}/{path}?{urlencode(pairs)}" if pairs else f"{base}/{path}"
    defaults = tuple((name.encode(), value.encode()) for name, value in style.headers.items())
    return Endpoint(address, _credential(deployment.api_key, style), defaults)


def keeps_objects(provider: str) -> bool:
    """Whether a provider keeps files, batches and the like in OpenAI's manner."""
    row = providers().get(provider)
    return row is not None and row.objects


def check(deployments: Iterable[Deployment]) -> list[str]:
    """What is wrong with the deployments, one message each, sorted; an empty list if all can be called."""
    return sorted({f"`{each.entry}`: {problem}" for each in deployments if (problem := _problem(each))})


def _problem(deployment: Deployment) -> str:
    if deployment.mock_response is not None:
        return ""
    if deployment.model.count("*") > deployment.entry.count("*"):
        return "the upstream model holds more `*` than `model_name`, so nothing fills them; write the model's full name"
    try:
        _base(deployment.provider, deployment.api_base, "")
        _segment(deployment.model)
        _credential(deployment.api_key, _PLAIN)
    except Unusable as error:
        return str(error)
    return ""


def _style(deployment: Deployment, dialect: Dialect) -> Style:
    provider = providers().get(deployment.provider, _UNKNOWN)
    style = provider.style(dialect)
    if style is None and not provider.may_speak(dialect, deployment.api_base):
        raise OtherStyle(f"provider `{deployment.provider}` does not answer calls of {dialect}'s style")
    return style or _PLAIN


@lru_cache(maxsize=4096)
def _base(name: str, api_base: str | None, root: str) -> str:
    provider = providers().get(name)
    base = api_base or (provider and provider.api_base)
    if not base:
        what = "needs" if provider else "is not one that can be called without"
        example = f" such as `{provider.example}`" if provider and provider.example else ""
        raise Unusable(f"provider `{name}` {what} an `api_base`{example}; set it in `litellm_params`")
    if not is_plain_address(base):
        raise Unusable(
            "`api_base` must be an http or https address with a host, and hold no query, fragment or user name"
        )
    return with_root(base.rstrip("/"), root, provider.roots if provider else [])


def _filled(path: str, model: str, variables: Mapping[str, str]) -> str:
    """`path` with its places filled: the model and what a client sent as one segment each."""
    if "{" not in path:
        return path
    parts = {name: value if name == "path" else _segment(value) for name, value in variables.items()}
    if "{model}" in path:
        parts["model"] = _segment(model)
    return path.format_map(parts)


def _segment(model: str) -> str:
    """`model` as one segment of a path: nothing in it can leave the deployment's place."""
    if model in {"", ".", ".."}:
        raise Unusable(f"the name `{model}` cannot be part of an address")
    return quote(model, safe="")


def _credential(key: str | None, style: Style) -> tuple[Header, ...]:
    if not key:
        return ()
    if not (key.isascii() and key.isprintable()):
        raise Unusable("`api_key` holds a character that no header can carry, such as a line end; set it again")
    if style.key_header == "authorization":
        return ((b"authorization", b"Bearer " + key.encode()),)
    return ((style.key_header.encode(), key.encode()),)
