"""Questions for an engine, and small policies to break it with."""

from pathlib import Path

from harness.opa import opa_command
from modelward import bundle
from modelward.contract import Caller, Input, Key, Request

ANY_KEY = Caller(kind="key", key=Key(token="0" * 64))
CHAT = "/v1/chat/completions"


def asking(*models: str, caller: Caller = ANY_KEY, path: str = CHAT) -> Input:
    """A chat call for these models."""
    groups = ["openai_routes", "llm_api_routes"]
    return Input(Request("POST", path, CHAT, "infer", groups, list(models), time_ns=1_800_000_000_000_000_000), caller)


def listing(caller: Caller = ANY_KEY) -> Input:
    """A question for the models of a caller."""
    groups = ["openai_routes", "llm_api_routes", "info_routes"]
    return Input(
        Request("GET", "/v1/models", "/v1/models", "list", groups, [], time_ns=1_800_000_000_000_000_000), caller
    )


def policy(folder: Path, decision: str, listing_: str = "listing := {}") -> Path:
    """A folder of policies with these rules as entrypoints; other rules may follow each."""
    rules = {"access": decision, "listing": listing_, "reach": "reach := {}", "explain": "explanation := {}"}
    for package, rule in rules.items():
        text = f"package modelward.{package}\n\n# METADATA\n# entrypoint: true\n{rule}\n"
        path = folder / "modelward" / package / f"{package}.rego"
        path.parent.mkdir(parents=True)
        path.write_text(text)
    return folder


def wasm_of(folder: Path) -> bytes:
    """The policies of a folder, compiled."""
    return bundle.compile_wasm(folder, Path(opa_command()))
