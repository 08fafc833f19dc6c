"""The subjects of a case as sections of a config.yaml (K2)."""

from collections.abc import Iterator
from typing import Any

DECLARED_KEY = "sk-declared-in-the-config"
DECLARED_KEY_VARIABLE = "DECLARED_KEY"


def sections(subjects: dict[str, Any]) -> dict[str, list[dict[str, Any]]]:
    """The sections, without those that would be empty."""
    found = {
        "organizations": _one(subjects, "org"),
        "projects": _one(subjects, "project"),
        "customers": _one(subjects, "end_user"),
        "access_groups": subjects.get("access_groups", []),
        "users": _one(subjects, "user"),
        "teams": [*_teams(subjects)],
        "keys": [{"key": f"os.environ/{DECLARED_KEY_VARIABLE}", **key} for key in _one(subjects, "key")],
    }
    return {section: records for section, records in found.items() if records}


def _one(subjects: dict[str, Any], kind: str) -> list[dict[str, Any]]:
    return [subjects[kind]] if kind in subjects else []


def _teams(subjects: dict[str, Any]) -> Iterator[dict[str, Any]]:
    members = _one(subjects, "team_member")
    for team in [*_one(subjects, "team"), *subjects.get("teams", [])]:
        scoped = [{"role": "user", **member} for member in members if member["team_id"] == team["team_id"]]
        for member in scoped:
            del member["team_id"]
        others = [member for member in team.get("members_with_roles", []) if member["user_id"] not in _ids(scoped)]
        yield {**team, "members_with_roles": [*others, *scoped]} if others or scoped else team


def _ids(members: list[dict[str, Any]]) -> set[str]:
    return {member["user_id"] for member in members}
