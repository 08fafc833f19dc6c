"""`credential_list`: accounts by name, which deployments take from `litellm_credential_name`."""

import difflib
from collections.abc import Mapping
from typing import Annotated, Any

from pydantic import BeforeValidator, Field

from modelward.config.fields import Credential, Name, Section, UpstreamText, UpstreamUrl
from modelward.config.model_list import ModelItem
from modelward.config.report import Report

_CLOSE = 0.6


class CredentialValues(Section):
    """`credential_values`: where an account is, and its key."""

    api_key: Credential = None
    api_base: UpstreamUrl = None
    base_url: UpstreamUrl = None
    api_version: UpstreamText = None
    organization: UpstreamText = None


def _absent_as_empty(value: Any) -> Any:
    return {} if value is None else value


class CredentialItem(Section):
    """One item of `credential_list`."""

    credential_name: Name
    credential_values: Annotated[
        CredentialValues, BeforeValidator(_absent_as_empty), Field(default_factory=dict, validate_default=True)
    ]


def with_credentials(
    models: Mapping[int, ModelItem], credentials: Mapping[int, CredentialItem], report: Report
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
            close = difflib.get_close_matches(name, list(named), n=1, cutoff=_CLOSE)
            advice = f"did you mean `{close[0]}`?" if close else "declare it there"
            where = ("model_list", index, "litellm_params", "litellm_credential_name")
            report.problem(where, f"`{name}` is no credential of `credential_list`; {advice}")
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
