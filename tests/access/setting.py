"""The config.yaml of a case, with every deployment at the recording provider."""

import json
from pathlib import Path
from typing import Any

import yaml

from access.declared import DECLARED_KEY, DECLARED_KEY_VARIABLE, sections
from access.placeholders import filled
from harness.upstream import Call, Reply, Upstream, chat_answer

_ENV = {"PROVIDER_KEY": "provider-secret", DECLARED_KEY_VARIABLE: DECLARED_KEY}
_FAILING = "error500"


def environment(setting: str, key_url: str) -> dict[str, str]:
    """The variables of a server with that setting; tokens are signed with the keys at `key_url`."""
    given: dict[str, str] = json.loads(setting)["env"]
    return {**_ENV, "JWT_PUBLIC_KEY_URL": key_url, **given}


def write_config(setting: str, provider: Upstream, path: Path, master_key: str) -> None:
    """Write the config of a setting; the provider can tell from the path which deployment it is asked as."""
    wanted = json.loads(filled(setting, DECLARED_KEY))
    config: dict[str, Any] = wanted["config"]
    for index, deployment in enumerate(config["model_list"]):
        label = _FAILING if deployment.pop("x_upstream", None) == _FAILING else "serves"
        base = provider.base(f"/{index}/{label}/v1")
        deployment["litellm_params"] |= {"api_base": base, "api_key": "os.environ/PROVIDER_KEY"}
    config["general_settings"] = {"master_key": master_key, **config["general_settings"]}
    config |= sections(wanted["declared"])
    path.write_text(yaml.safe_dump(config, allow_unicode=True, sort_keys=False))


def provider_script(call: Call) -> Reply:
    """Answer, except as a deployment that always fails."""
    failing = call.path.split("/")[2] == _FAILING
    return Reply(500, b'{"error": {"message": "broken", "type": "server_error"}}') if failing else chat_answer(call)


def deployment_of(call: Call) -> int:
    """The place in the model list of the deployment that was called."""
    return int(call.path.split("/")[1])


def always_fails(deployment: dict[str, Any]) -> bool:
    """Whether the provider answers 500 for this deployment."""
    return deployment.get("x_upstream") == _FAILING
