"""Small configs, compiled: what a gate serves in tests."""

import os
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import yaml

from modelward import loading
from modelward.contract import Decision, Shows, Subject
from modelward.engine import EmbeddedEngine
from modelward.loading import Loaded
from modelward.snapshot import Snapshot

Config = Mapping[str, Any]
Compile = Callable[[Config], Snapshot]

MASTER_KEY = "sk-master"
UPSTREAM_KEY = "sk-upstream-secret"


def served(name: str, *groups: str, **info: object) -> dict[str, Any]:
    """One item of `model_list`, in these access groups."""
    return {
        "model_name": name,
        "litellm_params": {
            "model": f"openai/{name}",
            "api_base": "https://upstream.invalid/v1",
            "api_key": UPSTREAM_KEY,
        },
        "model_info": {"id": f"id-{name}", "access_groups": list(groups), **info},
    }


def config(*models: dict[str, Any], **sections: object) -> dict[str, Any]:
    """A config with these models and the master key; `sections` stand beside `model_list`."""
    general = {"master_key": MASTER_KEY, **dict(sections.pop("general_settings", {}))}  # type: ignore[call-overload]
    return {"model_list": list(models), "general_settings": general, **sections}


PLAIN = config(served("gpt-4", "beta"), served("gpt-4o"), served("claude-3"))


def load(content: Config, folder: Path) -> Loaded:
    """A config, written to `folder` and compiled."""
    path = folder / "config.yaml"
    path.write_text(yaml.safe_dump(content, sort_keys=False))
    return loading.load(path, os.environ)


def engine_of(loaded: Loaded) -> EmbeddedEngine:
    """The embedded engine with the catalogue of a config."""
    return EmbeddedEngine(loaded.wasm, loaded.sealed.data)


def snapshot_of(loaded: Loaded) -> Snapshot:
    """What is served by it, decided by the embedded engine."""
    engine = engine_of(loaded)
    return Snapshot(
        revision=loaded.sealed.revision,
        catalog=loaded.sealed.catalog,
        deployments=loaded.deployments,
        decide=engine.decide,
        list=engine.list,
        reach=engine.reach,
        explain=engine.explain,
        close=engine.close,
        master_key=loaded.config.general_settings.master_key,
        completion_model=loaded.config.general_settings.completion_model,
        model_fields=tuple(loaded.config.modelward_settings.places),
        rules=loaded.sealed.rules,
    )


NOBODY = Subject(team_id=None, user_id=None, role=None, owner=None)
NOTHING = Shows(everything=False, key_hash=None, user_id=None)


def decision(**fields: Any) -> Decision:
    """A yes to a request that names no model, for nobody, but for these fields."""
    plain = {"allow": True, "reasons": [], "grants": {}, "targets": {}, "places": [], "revision": "r"}
    return Decision(**{**plain, "subject": NOBODY, "shows": NOTHING, **fields})
