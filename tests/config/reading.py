"""What the fixtures of these tests are."""

from collections.abc import Mapping
from pathlib import Path
from textwrap import dedent
from typing import Protocol

from modelward.config import Config, read
from modelward.config.fields import Secrets

TOKEN_ENVIRON = {"JWT_PUBLIC_KEY_URL": "https://id.example/keys", "JWT_AUDIENCE": "gateway"}


class Read(Protocol):
    """Reads a config given as text; `files` are further files beside it."""

    def __call__(
        self,
        text: str,
        environ: Mapping[str, str] | None = None,
        secrets: Secrets = "resolve",
        files: Mapping[str, str] | None = None,
    ) -> Config: ...


class Problems(Protocol):
    """What is wrong with a config given as text, as `file:line:column: message` without the folder."""

    def __call__(
        self,
        text: str,
        environ: Mapping[str, str] | None = None,
        secrets: Secrets = "resolve",
        files: Mapping[str, str] | None = None,
    ) -> list[str]: ...


def write_and_read(
    folder: Path, text: str, environ: Mapping[str, str] | None, secrets: Secrets, files: Mapping[str, str] | None
) -> Config:
    """Write the texts into the folder and read its `config.yaml`."""
    for name, content in {"config.yaml": text, **(files or {})}.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(dedent(content))
    return read(folder / "config.yaml", environ or {}, secrets=secrets)


def with_deployment(text: str) -> str:
    """A config whose first deployment also has `text`."""
    return "model_list:\n  - model_name: a\n    litellm_params: {model: openai/a}\n    " + text + "\n"


def with_auth(settings: str, *others: str) -> str:
    """A config with JWT auth on and these `litellm_jwtauth` settings."""
    lines = ["general_settings:", "  master_key: sk-1", "  enable_jwt_auth: true"]
    lines += [f"  litellm_jwtauth: {{{settings}}}", *others]
    return "\n".join(lines) + "\nmodel_list: [{model_name: a, litellm_params: {model: openai/a, mock_response: hi}}]\n"
