"""Where a deployment's requests go, under which name of the model, and which header carries its key."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from urllib.parse import quote, urlencode, urlsplit

from modelward.contract import Deployment
from modelward.contract.deployment import publisher_and_model
from modelward.errors import OtherStyle, Unusable
from modelward.gateway.headers import Header
from modelward.gateway.routes import UpstreamCall
from modelward.gateway.upstream.withheld import NO_SECRETS, WithheldSecrets, secrets_of
from modelward.providers import NOTHING, Dialect, Provider, Style, providers

Account = tuple[str, str | None, str | None, str | None]


def account(deployment: Deployment) -> Account:
    """What tells the account of a deployment from others; it holds the secret, so it is never shown."""
    row = providers().spoken.get(deployment.provider)
    address = deployment.api_base or (row.api_base if row else None)
    return deployment.provider, address.rstrip("/") if address else None, deployment.api_key, deployment.organization


def beside(deployment: Deployment, others: Iterable[Deployment]) -> list[Deployment]:
    """Those of `others` that share the account of `deployment`."""
    own = account(deployment)
    return [other for other in others if account(other) == own]


def keeps_objects(provider: str) -> bool:
    """Whether a provider keeps files, batches and the like in OpenAI's manner."""
    row = providers().spoken.get(provider)
    return row is not None and row.objects


def upstream_model(deployment: Deployment, asked: str) -> str:
    """The name to send for `asked`: what each `*` of the entry stands for fills the `*` of the model, in order.

    `openai/*` served by the model `*` sends `gpt-4o` for `openai/gpt-4o`, and for the bare `gpt-4o` too (C3). A name
    that the entry does not match is what its first `*` stands for.
    """
    if "*" not in deployment.model:
        return deployment.model
    runs = match(deployment.entry, asked)
    if runs is None:
        runs = match(deployment.entry, f"{deployment.entry.partition('/')[0]}/{asked}")
    return fill(deployment.model, [asked] if runs is None else runs)


def match(pattern: str, name: str) -> list[str] | None:
    """What each `*` of `pattern` stands for in `name`, the shortest run first; `None` if it does not match (C2)."""
    found = _matcher(pattern).fullmatch(name)
    return None if found is None else list(found.groups())


@lru_cache(maxsize=4096)
def _matcher(pattern: str) -> re.Pattern[str]:
    first, *middle = map(re.escape, pattern.split("*"))
    last = f"(.*){middle.pop()}" if middle else ""
    # Each run is taken once: going back for a longer one finds nothing, and may take long.
    return re.compile(first + "".join(f"(?>(.*?){literal})" for literal in middle) + last, re.DOTALL)


def fill(model: str, runs: list[str]) -> str:
    """`model` with each `*` replaced by the next of `runs`; a `*` without one is left out."""
    first, *rest = model.split("*")
    runs = runs + [""] * len(rest)
    return first + "".join(run + literal for run, literal in zip(runs, rest, strict=False))


_PLAIN = Style()
_UNKNOWN = Provider()
_PUBLISHER = "publisher"
_AS_IT_IS = "{path}"


@dataclass(frozen=True, slots=True)
class Endpoint:
    """Where to send one call; `credential` is the header with the deployment's key, if it has one (K4). `defaults` are
    headers to send where the client sends none of their names, `secrets` what no answer may repeat; `timeout` bounds
    each silence, in seconds."""

    url: str
    credential: tuple[Header, ...] = field(default=(), repr=False)
    defaults: tuple[Header, ...] = ()
    secrets: WithheldSecrets = field(default=NO_SECRETS, repr=False)
    timeout: float | None = None


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
    style, base = _base_of(deployment, call.dialect)
    path = call.path
    if call.dialect == "vertex":
        publisher, model = publisher_and_model(model)
        if variables.get(_PUBLISHER) != publisher:
            raise OtherStyle(f"the model is not of the publisher that the path names, but of `{publisher}`")
    if "{" in path:
        path = _filled(path, model, variables)
    template = style.model_path if call.per_deployment and style.model_path else style.path
    if template != _AS_IT_IS:
        path = _filled(template, model, {"path": path})
    version = deployment.api_version or style.api_version
    pairs = [*query, ("api-version", version)] if style.api_version and version else query
    url = f"{base.url}/{path}?{urlencode(pairs)}" if pairs else f"{base.url}/{path}"
    return Endpoint(url, base.credential, base.defaults, base.secrets, base.timeout)


@lru_cache(maxsize=4096)
def _base_of(deployment: Deployment, dialect: Dialect) -> tuple[Style, Endpoint]:
    """How a deployment answers calls of one style, and what is the same for all of them."""
    provider = providers().spoken.get(deployment.provider, _UNKNOWN)
    style = provider.style(dialect)
    if style is None and not provider.may_speak(dialect, deployment.api_base):
        raise OtherStyle(f"provider `{deployment.provider}` does not answer calls of {dialect}'s style")
    style = style or _PLAIN
    base = Endpoint(
        _address(deployment, style.root),
        _credential(deployment, style),
        tuple((name.encode(), value.encode()) for name, value in style.headers.items()),
        secrets_of(deployment.api_key, deployment.organization),
        deployment.timeout,
    )
    return style, base


def check(deployments: Iterable[Deployment]) -> list[str]:
    """What is wrong with the deployments, one message each, sorted; an empty list if all can be called."""
    return sorted({f"`{each.entry}`: {problem}" for each in deployments if (problem := _problem(each))})


def _problem(deployment: Deployment) -> str:
    if deployment.mock_response is not None:
        return ""
    if deployment.model.count("*") > deployment.entry.count("*"):
        return "the upstream model holds more `*` than `model_name`, so nothing fills them; write the model's full name"
    try:
        _address(deployment, "")
        _segment(deployment.model)
        _credential(deployment, _PLAIN)
    except Unusable as error:
        return str(error)
    return ""


def _address(deployment: Deployment, root: str) -> str:
    """Where a deployment is, with `root` at the end, in place of another root of its provider."""
    provider = providers().spoken.get(deployment.provider)
    base = deployment.api_base or (provider and provider.api_base)
    if not base:
        what = "needs" if provider else "is not one that can be called without"
        example = f" such as `{provider.example}`" if provider and provider.example else ""
        raise Unusable(f"provider `{deployment.provider}` {what} an `api_base`{example}; set it in `litellm_params`")
    if not _is_plain(base):
        raise Unusable(
            "`api_base` must be an http or https address with a host, and hold no query, fragment or user name"
        )
    base = base.rstrip("/")
    if not root or base.endswith("/" + root):
        return base
    other = next((each for each in (provider.roots if provider else ()) if base.endswith("/" + each)), None)
    return f"{base.removesuffix('/' + other) if other else base}/{root}"


def _is_plain(base: str) -> bool:
    try:
        parts = urlsplit(base)
        reachable = parts.scheme in {"http", "https"} and bool(parts.hostname) and parts.port != 0
    except ValueError:
        return False
    return reachable and base.isprintable() and not (set(base) & set(" ?#@\\"))


def _filled(path: str, model: str, variables: Mapping[str, str]) -> str:
    """`path` with its places filled: the model and what a client sent as one segment each."""
    parts = {name: value if name == "path" else _segment(value) for name, value in variables.items()}
    if "{model}" in path:
        parts["model"] = _segment(model)
    return path.format_map(parts)


def _segment(model: str) -> str:
    """`model` as one segment of a path: nothing in it can leave the deployment's place."""
    if model in {"", ".", ".."}:
        raise Unusable(f"the name `{model}` cannot be part of an address")
    return quote(model, safe="")


def _credential(deployment: Deployment, style: Style) -> tuple[Header, ...]:
    prefix = "Bearer " if style.key_header == "authorization" else ""
    sent = (
        (style.key_header, "api_key", prefix, deployment.api_key),
        ("openai-organization", "organization", "", deployment.organization),
    )
    headers = []
    for name, setting, before, value in sent:
        if value and not (value.isascii() and value.isprintable()):
            raise Unusable(f"`{setting}` holds a character that no header can carry, such as a line end; set it again")
        if value:
            headers.append((name.encode(), f"{before}{value}".encode()))
    return tuple(headers)
