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
        return dict(self.fields["subjects"])

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
    def setting(self) -> str:
        """What a server must be started with, as JSON: cases with the same setting share a server."""
        declared = {kind: self.subjects[kind] for kind in self.declared if self.subjects.get(kind)}
        return json.dumps({"config": self.fields["config"], "declared": declared}, sort_keys=True)

    @property
    def declared(self) -> set[str]:
        """The kinds of subjects that stand in the config: users, and where the admin API is closed to all, keys."""
        closed = "allowed_routes" in self.fields["config"].get("general_settings", {})
        return {"user", "key"} if closed else {"user"}


@cache
def all_cases() -> tuple[Case, ...]:
    """Every case, in the order of the file."""
    lines = (_HERE / "access_cases.jsonl").read_text().splitlines()
    return tuple(Case(json.loads(line)) for line in lines)


@cache
def later() -> dict[str, str]:
    """Why a case is not demanded yet, by its id."""
    lines = (line for line in (_HERE / "later.txt").read_text().splitlines() if line and not line.startswith("#"))
    return {identifier: reason.strip() for identifier, reason in (line.split(maxsplit=1) for line in lines)}


def gated() -> tuple[Case, ...]:
    """The cases that must hold on every engine."""
    return tuple(case for case in all_cases() if case.id not in later())
