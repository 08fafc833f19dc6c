"""The deployments of a config: their ids, their credentials, and where calls go, never to a default address (E5)."""

import hashlib
import json
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from modelward.config.fields import Environment, is_reference
from modelward.config.model_names import published_names
from modelward.config.report import ConfigReport
from modelward.config.sections import LiteLLMParams, ModelItem, Sections
from modelward.config.source import NodePath
from modelward.config.words import is_secret
from modelward.contract import OutOfService
from modelward.hints import hint
from modelward.providers import Provider, providers


@dataclass(frozen=True, slots=True)
class Model:
    """One item of `model_list`, with the settings of the credential that it names.

    `id` is its deployment's, unique in the config. `provider` and `upstream_model`, the provider's own name for the
    model, say where its calls go, `address` is what the file says of that, and `out_of_service` why it takes no calls,
    if it takes none.
    """

    id: str
    item: ModelItem
    provider: str
    upstream_model: str
    address: str
    out_of_service: OutOfService | None = None

    @property
    def public_name(self) -> str:
        """The name that callers use for the deployment (C6)."""
        return self.item.public_name


def models(
    sections: Sections, document: Mapping[str, Any], environment: Environment, report: ConfigReport
) -> Iterator[Model]:
    """Every deployment. An id that two have, and a provider that does not exist, are problems.

    Where no id is given it is 32 hex digits, and `-2`, `-3` ... for items that say the same. It is made from the text
    of the file, not from the environment, and not from credentials or access groups: the bundle built in one place and
    the service that runs in another agree on it, and no secret has a part in it.
    """
    seen: Counter[str] = Counter()
    taken: set[str] = set()
    for index, item, text in _with_credentials(sections, document, environment, report):
        made = _fingerprint(document["model_list"][index])
        seen[made] += 1
        id_ = item.model_info.id or (made if seen[made] == 1 else f"{made}-{seen[made]}")
        if id_ in taken:
            report.problem(("model_list", index, "model_info", "id"), f"the `id` `{id_}` is given to two deployments")
        taken.add(id_)
        yield _model(id_, index, item, text, environment, report)


def _fingerprint(item: Mapping[str, Any]) -> str:
    params = {name: value for name, value in item["litellm_params"].items() if not is_secret(name)}
    said = [item.get("model_name"), (item.get("model_info") or {}).get("team_id"), params]
    return hashlib.sha256(json.dumps(said, sort_keys=True).encode()).hexdigest()[:32]


def _with_credentials(
    sections: Sections, document: Mapping[str, Any], environment: Environment, report: ConfigReport
) -> Iterator[tuple[int, ModelItem, Mapping[str, Any]]]:
    """The items of `model_list` with their places and the text of their settings, in which references are not resolved.

    Each has the settings of the credential that it names, its own before those, as in LiteLLM. A name that no
    credential has is a problem.
    """
    named = {
        credential.credential_name: document["credential_list"][index].get("credential_values") or {}
        for index, credential in sections.credential_list.items()
    }
    for index, item in sections.model_list.items():
        params = document["model_list"][index]["litellm_params"]
        own = {name: value for name, value in params.items() if value is not None}
        name = item.litellm_params.litellm_credential_name
        if name is None:
            yield index, item, own
            continue
        if name not in named:
            where = ("model_list", index, "litellm_params", "litellm_credential_name")
            advice = hint(name, named, "declare it there")
            report.problem(where, f"`{name}` is no credential of `credential_list`{advice}")
        values = named.get(name, {})
        # Of the two names of an address one counts, the deployment's own before the credential's.
        unused = {"api_base", "base_url"} if own.get("api_base") or own.get("base_url") else set()
        unused |= {"base_url"} if values.get("api_base") else set()
        text = {name: value for name, value in values.items() if name not in unused} | own
        joined = LiteLLMParams.model_validate(text, context=environment)
        yield index, item.model_copy(update={"litellm_params": joined}), text


_COMPATIBLE = "openai"
"""The provider of a bare name at an address of its own: a server that speaks OpenAI's API."""

_PORTS = {"http": 80, "https": 443}
_NO_CALLS = "this deployment takes no calls"
_SAY_API_BASE = "say `api_base`, the address of a server that speaks OpenAI's API"


def _model(
    id_: str, index: int, item: ModelItem, text: Mapping[str, Any], environment: Environment, report: ConfigReport
) -> Model:
    params = item.litellm_params
    declared = params.custom_llm_provider
    if is_reference(params.model) or (not declared and text.get("custom_llm_provider")):
        # A variable says where calls go, and is not needed to build.
        return Model(id_, item, "", params.model, _address("", text))
    where = ("model_list", index, "litellm_params", "custom_llm_provider" if declared else "model")
    has_address = params.mock_response is not None or bool(text.get("api_base") or text.get("base_url"))
    provider, model = split_provider(params.model, declared)
    is_bare = not declared and "/" not in params.model
    if is_bare and has_address:
        provider = provider or _COMPATIBLE
    why = None
    if not provider and is_bare:
        report.problem(where, f"`{model}` tells no provider; write `PROVIDER/{model}`, or set `api_base`")
    elif not provider or not (has_address or is_bare or provider in providers().words):
        report.problem(where, f"`{provider}` is no provider{hint(provider, providers().words, _SAY_API_BASE)}")
    elif not model:
        report.problem(where, f"`{params.model}` names no model; write it behind the `/`")
    elif not has_address:
        why = _out_of_service(provider, text, where, environment, report)
    # The word that tells LiteLLM in which manner to call a model is no part of the upstream's own name.
    manners = providers().rows.get(provider, Provider()).manners
    manner = next((word for word in manners if model.startswith(word)), "")
    return Model(id_, item, provider, model.removeprefix(manner) or model, _address(provider, text), why)


def _out_of_service(
    provider: str, text: Mapping[str, Any], where: NodePath, environment: Environment, report: ConfigReport
) -> OutOfService | None:
    """Why a deployment at its provider's own address takes no calls, which is worth a warning.

    It is said by the text of the file and never by the environment: a bundle that is built elsewhere leaves out the
    same ones.
    """
    row = providers().spoken.get(provider)
    why: OutOfService = "provider_not_configured"
    if row is None:
        why = "provider_not_spoken"
        problem = f"provider `{provider}` is not spoken here: {_NO_CALLS}; {_SAY_API_BASE}"
    elif row.api_base is None:
        example = f" such as `{row.example}`" if row.example else ""
        problem = f"provider `{provider}` needs an `api_base`{example}: {_NO_CALLS}"
    elif row.key is not None and not text.get("api_key"):
        problem = f"no `api_key` is set, such as `api_key: os.environ/{row.key}`: {_NO_CALLS}"
    else:
        for name in filter(environment.variables.get, row.base_variables):
            advice = f"write `api_base: os.environ/{name}`, or unset it"
            report.problem(where, f"`{name}` is set, which gives LiteLLM another address; {advice}")
        return None
    is_in_text = not any(is_reference(text.get(name)) for name in ("model", "custom_llm_provider"))
    (report.warning if is_in_text else report.problem)(where, problem)
    return why


def _address(provider: str, text: Mapping[str, Any]) -> str:
    """The address that a deployment's text says, or its provider's own, in one spelling; a reference as it is."""
    row = providers().spoken.get(provider, Provider())
    address = str(text.get("api_base") or text.get("base_url") or row.api_base or "")
    if is_reference(address):
        return address
    try:
        parts = urlsplit(address)
        port = "" if parts.port in {None, _PORTS.get(parts.scheme)} else f":{parts.port}"
    except ValueError:
        return address
    path = parts.path.rstrip("/")
    root = next((root for root in row.roots if path.endswith(f"/{root}")), "")
    return f"{parts.scheme}://{parts.hostname}{port}{path.removesuffix(f'/{root}')}"


def split_provider(model: str, declared: str | None) -> tuple[str, str]:
    """The provider of a `litellm_params.model`, and the upstream's own name for the model.

    The provider is the one declared, else the word before the first `/`, else that of the published name (C4); empty
    where nothing tells it.
    """
    first, slash, rest = model.partition("/")
    if declared:
        return declared, rest if slash and first == declared else model
    if slash:
        return first, rest
    return "" if "*" in model else next(iter(published_names().of(model)), ""), model
