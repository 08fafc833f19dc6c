"""The subjects of a case, made through the admin API."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest

from access.cases import Case
from access.setting import DECLARED_KEY
from harness.gateway import Gateway

_UNKNOWN_KEY = "sk-nobody-knows-this-key"
_BY_API = {"key", "team", "teams"}


@contextmanager
def presented_key(case: Case, gateway: Gateway) -> Iterator[str]:
    """The clear key of the case, its records in place for as long as the block lasts."""
    subjects = {kind: record for kind, record in case.subjects.items() if record is not None}
    if "key" in case.declared & set(subjects):
        yield DECLARED_KEY
        return
    missing = sorted(set(subjects) - case.declared - _BY_API)
    if missing:
        pytest.fail(f"the admin API cannot make {', '.join(missing)} yet", pytrace=False)
    teams = [*([subjects["team"]] if "team" in subjects else []), *subjects.get("teams", [])]
    key = _UNKNOWN_KEY
    try:
        for team in teams:
            gateway.manage("/team/new", team)
        if "key" in subjects:
            key = gateway.new_key(**subjects["key"])
        yield key
    finally:
        _remove(gateway, key, teams)


def _remove(gateway: Gateway, key: str, teams: list[dict[str, Any]]) -> None:
    """Leave nothing behind for the next case; what was never made may answer 404."""
    if key != _UNKNOWN_KEY:
        gateway.call("POST", "/key/delete", key=gateway.master_key, content={"keys": [key]})
    for team in teams:
        gateway.call("POST", "/team/delete", key=gateway.master_key, content={"team_ids": [team["team_id"]]})
