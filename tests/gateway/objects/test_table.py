"""The table of endpoints: what needs no model is scoped by an object of the caller's, or makes one."""

import re

from harness.tables import for_each
from modelward.gateway.endpoints import ROUTES
from modelward.gateway.routes import Router

_STATE = {f"{'/'.join(sorted(row.methods))} {row.template}": row for row in ROUTES if row.operation == "state"}
_HOLDING = {name: row for name, row in _STATE.items() if row.holds and "{" in row.template}
_LISTS = {name: row for name, row in _STATE.items() if row.handler == "objects"}


@for_each("name", list(_STATE))
def test_a_route_without_a_model_names_an_object_or_makes_one(name: str) -> None:
    assert _STATE[name].holds or _STATE[name].makes


@for_each("name", list(_HOLDING))
def test_the_first_id_of_a_path_is_that_of_the_object_it_is_scoped_by(name: str) -> None:
    row = _HOLDING[name]
    first = re.findall(r"\{(\w+)\}", row.template)[0]
    assert first == f"{row.holds}_id"


@for_each("name", list(_LISTS))
def test_a_list_has_a_route_for_each_of_its_objects(name: str) -> None:
    one = Router(ROUTES).find("GET", f"{_LISTS[name].template}/x")
    assert one is not None
    assert one.route.holds == _LISTS[name].holds


def test_no_list_of_everybodys_objects_is_asked_of_an_upstream() -> None:
    passed_on = {row.template for row in _STATE.values() if row.methods == {"GET"} and row.handler != "objects"}
    assert all("{" in template for template in passed_on)
