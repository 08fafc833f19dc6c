"""Objects of a body whose fields are all known: any other could name a model where nobody looks for one."""

from dataclasses import replace

from modelward.contract import JsonObject
from modelward.errors import Invalid
from modelward.gateway.client_text import masked, shortened
from modelward.gateway.outgoing import forwarded
from modelward.gateway.routes import Route, Shape
from modelward.gateway.spots import spots


def refuse_other_fields(route: Route, fields: JsonObject) -> None:
    """Raises Invalid where an object has a field that its shape lacks, or lacks one that it must have.

    `fields` are those of a body whose `extra_body`, if any, is an object.
    """
    if not route.shapes:
        return
    body = forwarded(replace(route, within=None), fields)
    for shape in route.shapes:
        if not shape.where:
            _check(body, shape, "the body")
            continue
        for spot in spots(body, shape.where):
            _check(spot.value, shape, f"`{shape.where}`")


def _check(value: object, shape: Shape, place: str) -> None:
    if not isinstance(value, dict):
        raise Invalid(f"{place} must be an object")
    if unknown := sorted(value.keys() - shape.may):
        field = shortened(masked(unknown[0]))
        raise Invalid(f"`{field}` may not stand in {place}, which has {_listed(shape.may)} only; leave it out")
    if missing := shape.must - value.keys():
        raise Invalid(f"{place} must have {_listed(missing)}")


def _listed(names: frozenset[str]) -> str:
    return ", ".join(f"`{each}`" for each in sorted(names))
