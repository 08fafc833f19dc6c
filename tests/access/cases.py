"""The access cases as data, and which of them wait for a part of the product that is not there yet."""

import json
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, Literal

Engine = Literal["embedded", "opa"]
ENGINES: tuple[Engine, ...] = ("embedded", "opa")

_HERE = Path(__file__).parent


@dataclass(frozen=True)
class Case:
    """One question with its answer; README.md beside this file explains the fields."""

    fields: dict[str, Any]

    @property
    def id(self) -> str:
        """The case's name."""
        return str(self.fields["id"])

    @property
    def subjects(self) -> dict[str, Any]:
        """The records that exist, by kind."""
        return {kind: records for kind, records in self.fields["subjects"].items() if records is not None}

    @property
    def jwt(self) -> dict[str, Any] | None:
        """The token that is sent and what the config makes of it, if the case is about one."""
        return dict(self.fields["jwt"]) if "jwt" in self.fields else None

    @property
    def request(self) -> dict[str, Any]:
        """What is sent."""
        return dict(self.fields["request"])

    @property
    def expect(self) -> dict[str, Any]:
        """What must come of it."""
        return dict(self.fields["expect"])

    @property
    def deployments(self) -> list[dict[str, Any]]:
        """The deployments of the case's config, in file order."""
        return list(self.fields["config"]["model_list"])

    @property
    def is_started(self) -> bool:
        """Whether a server starts at all with the case's config."""
        return not self.expect.get("config_error", False)

    @property
    def is_declared(self) -> bool:
        """Whether the subjects stand in the config: where the case says so, and where the admin API is closed."""
        return bool(self.fields.get("declared") or "allowed_routes" in self._general_settings)

    @property
    def grants(self) -> list[str]:
        """The grant list of the case's key."""
        key = self.subjects.get("key") or {}
        return list(key.get("models") or [])

    @property
    def env(self) -> dict[str, str]:
        """The variables of the server that its setting needs."""
        return dict((self.jwt or {}).get("env", {}))

    @property
    def setting(self) -> str:
        """What a server must be given, as JSON: cases with the same setting can be asked one after another."""
        setting = {
            "config": {**self.fields["config"], "general_settings": self._general_settings},
            "declared": self.subjects if self.is_declared else {},
            "env": self.env,
        }
        return json.dumps(setting, sort_keys=True)

    @property
    def _general_settings(self) -> dict[str, Any]:
        given: dict[str, Any] = self.fields["config"].get("general_settings", {})
        if self.jwt is None:
            return given
        names = self.jwt.keys() & {"litellm_jwtauth", "role_permissions"}
        return {**given, "enable_jwt_auth": True, **{name: self.jwt[name] for name in names}}


@cache
def given_cases() -> tuple[Case, ...]:
    """Every case whose answer was compared with LiteLLM's, in the order of the file."""
    return _cases("access_cases.jsonl")


@cache
def own_cases() -> tuple[Case, ...]:
    """Every case about a rule that no given one shows."""
    return _cases("own_cases.jsonl")


def _cases(name: str) -> tuple[Case, ...]:
    return tuple(Case(json.loads(line)) for line in (_HERE / name).read_text().splitlines())
