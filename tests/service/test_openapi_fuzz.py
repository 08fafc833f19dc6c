"""The running service answers as its own description says, whatever an administrator sends.

`make test` draws the same few requests for each operation on every run, `make test-long` many new ones; a failure
prints the line that draws it again.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from schemathesis import Case, GenerationMode
from schemathesis.checks import not_a_server_error
from schemathesis.openapi import from_url
from schemathesis.schemas import BaseSchema
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from admin.routes import ROUTES
from harness.bundles import SAMPLE_CONFIG, SAMPLE_MASTER_KEY
from harness.gateway import Gateway, gateway

pytestmark = pytest.mark.hypothesis

_EXAMPLES = settings().max_examples // 10
_CHECKS = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
]
_IDS: dict[str, object] = {"team_id": "red", "user_id": "alice", "organization_id": "acme", "project_id": "search"}
_LISTS: dict[str, object] = {"team_ids": ["red"], "user_ids": ["alice"], "organization_ids": ["acme"]}
_OPERATIONS = [(path, method) for path, methods in ROUTES.items() for method in sorted(methods)]


@dataclass(frozen=True)
class Described:
    """A service with a record of each kind, its description, and the names by which its records are asked for."""

    served: Gateway
    schema: BaseSchema
    records: dict[str, object]

    def requests(self, path: str, method: str) -> st.SearchStrategy[Case[Any]]:
        """Requests that the description allows, and such that it does not, about half of them for records there are."""
        operation = self.schema[path][method]
        fits, faulty = (operation.as_strategy(generation_mode=mode) for mode in GenerationMode)
        return st.builds(self._about_records, fits, st.booleans()) | faulty

    def _about_records(self, case: Case[Any], there: bool) -> Case[Any]:
        holders: list[Any] = [case.path_parameters, case.query, case.body]
        for holder in holders if there else ():
            if isinstance(holder, dict):
                holder.update({name: value for name, value in self.records.items() if name in holder})
        return case


@pytest.fixture(scope="module")
def described(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Described]:
    """One service for all operations."""
    with gateway(SAMPLE_CONFIG, tmp_path_factory.mktemp("described"), master_key=SAMPLE_MASTER_KEY) as served:
        served.manage("/organization/new", {"organization_id": "acme", "organization_alias": "acme"})
        served.manage("/team/new", {"team_id": "red", "organization_id": "acme"})
        served.manage("/project/new", {"project_id": "search", "team_id": "red"})
        served.manage("/user/new", {"user_id": "alice", "auto_create_key": False})
        served.manage("/customer/new", {"user_id": "alice"})
        group = served.manage("/v1/access_group", {"access_group_name": "beta", "access_model_names": ["gpt-4"]})
        key = served.new_key(team_id="red", user_id="alice")
        records = _IDS | _LISTS | {"key": key, "keys": [key], "access_group_id": group["access_group_id"]}
        yield Described(served, from_url(f"{served.url}/openapi.json"), records)


@pytest.mark.parametrize(("path", "method"), _OPERATIONS)
def test_an_operation_answers_as_it_is_described(described: Described, path: str, method: str) -> None:
    """No error of the server, and no status, type, header or body that the description does not tell of."""

    @settings(
        max_examples=_EXAMPLES,
        suppress_health_check=[HealthCheck.filter_too_much, HealthCheck.too_slow],
    )
    @given(case=described.requests(path, method))
    def ask(case: Case[Any]) -> None:
        case.call_and_validate(headers={"Authorization": f"Bearer {described.served.master_key}"}, checks=_CHECKS)

    ask()
    assert described.served.ready()
