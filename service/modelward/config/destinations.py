"""Where the calls of a deployment go, and with which account: nothing is sent to a default destination (E5)."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from modelward.config.fields import PREFIX, Credential, Inner, Name, Section, UpstreamText, UpstreamUrl
from modelward.config.model_list import LiteLLMParams, ModelItem
from modelward.config.model_names import published_names
from modelward.config.report import ConfigReport
from modelward.config.source import NodePath
from modelward.contract import OutOfService
from modelward.hints import hint
from modelward.providers import Provider, providers


class CredentialValues(Section):
    """`credential_values`: where an account is, and its key."""

    api_key: Credential = None
    api_base: UpstreamUrl = None
    base_url: UpstreamUrl = None
    api_version: UpstreamText = None
    organization: UpstreamText = None


class CredentialItem(Section):
    """One item of `credential_list`."""

    credential_name: Name
    credential_values: Inner[CredentialValues]


def with_credentials(
    models: Mapping[int, ModelItem], credentials: Mapping[int, CredentialItem], report: ConfigReport
) -> dict[int, ModelItem]:
    """The deployments with the settings of the credential that each names; its own count before those, as in LiteLLM.

    A name that no credential has is a problem.
    """
    named = {item.credential_name: item.credential_values for item in credentials.values()}
    found = {}
    for index, item in models.items():
        name = item.litellm_params.litellm_credential_name
        values = named.get(name) if name is not None else None
        if name is not None and values is None:
            where = ("model_list", index, "litellm_params", "litellm_credential_name")
            advice = hint(name, named, "declare it there")
            report.problem(where, f"`{name}` is no credential of `credential_list`{advice}")
        found[index] = item if values is None else _joined(item, values)
    return found


def said(document: Mapping[str, Any], index: int) -> dict[str, Any]:
    """The text of a deployment's settings, with those of the credential that it names; references are not resolved."""
    params = document["model_list"][index]["litellm_params"]
    own = {name: value for name, value in params.items() if value is not None}
    name = own.get("litellm_credential_name")
    values = [
        item.get("credential_values") or {}
        for item in document.get("credential_list") or []
        if name is not None and isinstance(item, dict) and item.get("credential_name") == name
    ]
    return _without_address(values[0], own) | own if values else own


def _joined(item: ModelItem, values: CredentialValues) -> ModelItem:
    params = item.litellm_params
    added = _without_address(dict(values), {name: value for name, value in params if value is not None})
    update = {name: value for name, value in added.items() if getattr(params, name) is None}
    return item.model_copy(update={"litellm_params": params.model_copy(update=update)})


def _without_address(values: Mapping[str, Any], own: Mapping[str, Any]) -> dict[str, Any]:
    """The values of a credential beside a deployment's own address, which has two names."""
    addresses = {"api_base", "base_url"} if own.get("api_base") or own.get("base_url") else set()
    return {name: value for name, value in values.items() if name not in addresses}


_COMPATIBLE = "openai"
"""The provider of a bare name at an address of its own: a server that speaks OpenAI's API."""

_PORTS = {"http": 80, "https": 443}
_NO_CALLS = "this deployment takes no calls"
_SAY_API_BASE = "say `api_base`, the address of a server that speaks OpenAI's API"


@dataclass(frozen=True, slots=True)
class Destination:
    """A deployment's provider, the upstream's own name for the model, and why it takes no calls, if it takes none."""

    provider: str
    model: str
    out_of_service: OutOfService | None = None


@dataclass(frozen=True, slots=True)
class Destinations:
    """Finds the destination of each deployment of a config.

    What takes a deployment out of service is said by the text of the file and never by the environment: a bundle that
    is built elsewhere leaves out the same ones.
    """

    document: Mapping[str, Any]
    variables: Mapping[str, str]
    report: ConfigReport

    def of(self, index: int, params: LiteLLMParams) -> Destination:
        """The destination of an item of `model_list`. A provider that does not exist is a problem, one that cannot be
        called a warning."""
        texts = said(self.document, index)
        if _is_unset(params, texts):
            return Destination("", params.model)
        path = ("model_list", index, "litellm_params")
        where = (*path, "custom_llm_provider" if params.custom_llm_provider else "model")
        answers = params.mock_response is not None
        has_address = answers or bool(texts.get("api_base") or texts.get("base_url"))
        provider, model = split_provider(params.model, params.custom_llm_provider, has_address=has_address)
        if problem := _unknown(provider, model, params):
            self.report.problem(where, problem)
        found = Destination(provider or "", _without_manner(provider or "", model))
        return found if problem or has_address else self._at_its_own_address(found, texts, where)

    def _at_its_own_address(self, found: Destination, texts: Mapping[str, Any], where: NodePath) -> Destination:
        row = providers().spoken.get(found.provider)
        if row is None:
            problem = f"provider `{found.provider}` is not spoken here: {_NO_CALLS}; {_SAY_API_BASE}"
            return self._out_of_service(found, "provider_not_spoken", problem, texts, where)
        if missing := _missing(found.provider, row, has_key=bool(texts.get("api_key"))):
            return self._out_of_service(found, "provider_not_configured", f"{missing}: {_NO_CALLS}", texts, where)
        for name in row.base_variables:
            if self.variables.get(name):
                advice = f"write `api_base: os.environ/{name}`, or unset it"
                self.report.problem(where, f"`{name}` is set, which gives LiteLLM another address; {advice}")
        return found

    def _out_of_service(
        self, found: Destination, why: OutOfService, problem: str, texts: Mapping[str, Any], where: NodePath
    ) -> Destination:
        is_in_text = not any(str(texts.get(name)).startswith(PREFIX) for name in ("model", "custom_llm_provider"))
        (self.report.warning if is_in_text else self.report.problem)(where, problem)
        return Destination(found.provider, found.model, why)


def one_address(provider: str, texts: Mapping[str, Any]) -> str:
    """The address that a deployment's text says, or its provider's own, in one spelling; a reference as it is."""
    row = providers().spoken.get(provider, Provider())
    text = str(texts.get("api_base") or texts.get("base_url") or row.api_base or "")
    if text.startswith(PREFIX):
        return text
    try:
        parts = urlsplit(text)
        port = "" if parts.port in {None, _PORTS.get(parts.scheme)} else f":{parts.port}"
    except ValueError:
        return text
    path = parts.path.rstrip("/")
    root = next((root for root in row.roots if path.endswith(f"/{root}")), "")
    return f"{parts.scheme}://{parts.hostname}{port}{path.removesuffix(f'/{root}')}"


def split_provider(model: str, declared: str | None, *, has_address: bool) -> tuple[str | None, str]:
    """The provider of a `litellm_params.model`, and the upstream's own name for the model.

    The provider is the one declared, else the word before the first `/`, else that of the published name (C4). At an
    address of its own any word is one, and a bare name needs none. `None` where nothing tells it.
    """
    first, slash, rest = model.partition("/")
    if declared:
        known = has_address or declared in providers().words
        return declared if known else None, rest if slash and first == declared else model
    if slash:
        return first if first and (has_address or first in providers().words) else None, rest
    name = None if "*" in model else next(iter(published_names().of(model)), None)
    return name or (_COMPATIBLE if has_address else None), model


def _is_unset(params: LiteLLMParams, texts: Mapping[str, Any]) -> bool:
    """Whether a variable tells the provider, and is not set where a bundle is built."""
    declared = params.custom_llm_provider
    return params.model.startswith(PREFIX) or (not declared and bool(texts.get("custom_llm_provider")))


def _unknown(provider: str | None, model: str, params: LiteLLMParams) -> str:
    if provider is not None:
        return "" if model else f"`{params.model}` names no model; write it behind the `/`"
    word, slash, _ = params.model.partition("/")
    if params.custom_llm_provider:
        word, slash = params.custom_llm_provider, "/"
    if not slash:
        return f"`{word}` tells no provider; write `PROVIDER/{word}`, or set `api_base`"
    return f"`{word}` is no provider{hint(word, providers().words, _SAY_API_BASE)}"


def _missing(name: str, row: Provider, *, has_key: bool) -> str:
    if row.api_base is None:
        example = f" such as `{row.example}`" if row.example else ""
        return f"provider `{name}` needs an `api_base`{example}"
    if row.key is not None and not has_key:
        return f"no `api_key` is set, such as `api_key: os.environ/{row.key}`"
    return ""


def _without_manner(provider: str, model: str) -> str:
    """The upstream's own name, without the word that tells LiteLLM in which manner to call it."""
    manner = next((word for word in providers().rows.get(provider, Provider()).manners if model.startswith(word)), "")
    return model.removeprefix(manner) or model
