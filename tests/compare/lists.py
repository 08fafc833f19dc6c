"""The grant lists of a question, by the rule that refuses in their name."""

from collections.abc import Mapping
from typing import Any

from engines.naive_catalog import Found
from engines.naive_grants import Grants

Fields = dict[str, Any]
LISTS = frozenset(
    {
        *("key_model_access", "team_model_access", "member_model_access", "user_model_access"),
        *("customer_model_access", "project_model_access"),
    }
)
"""The rules that refuse in the name of a record's list."""


def lists(key: Fields, team: Fields, user: Fields, question: Fields, records: Fields) -> Mapping[str, list[str]]:
    """The items of each list, with those of unified groups, and of a key's groups in its team's list (G9)."""
    project = _one(records["projects"], "project_id", key.get("project_id"))
    customer = _one(records["customers"], "user_id", (question["body"] or {}).get("user"))
    member = _one(team.get("members_with_roles", []), "user_id", user.get("user_id") or key.get("user_id"))
    return {
        "key_model_access": [*key.get("models", []), *_groups(records, key)],
        "team_model_access": [*team.get("models", []), *_groups(records, team)],
        "member_model_access": member.get("allowed_models", []),
        "user_model_access": user.get("models", []),
        "customer_model_access": customer.get("models", []),
        "project_model_access": project.get("models", []),
    }


def covers(items: list[str], found: Found) -> bool:
    """Whether the list covers what was found, by the rules (section 4); an empty one covers everything (G1)."""
    return not items or Grants(items).leaves(found) is not None


def _groups(records: Fields, record: Fields) -> list[str]:
    named = [_one(records["access_groups"], "access_group_id", one) for one in record.get("access_group_ids", [])]
    return [model for group in named for model in group.get("access_model_names", [])]


def _one(records: list[Fields], identity: str, value: object) -> Fields:
    return next((record for record in records if record[identity] == value), {})
