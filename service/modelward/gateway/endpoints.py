"""The table of endpoints, as `endpoints.yaml` says: which there are, what each is, and where its models are."""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from importlib.resources import files
from typing import Any

import yaml
from pydantic import TypeAdapter

from modelward.gateway.request.places import FALLBACK_FIELDS, flat
from modelward.gateway.routes import SOCKET, Handler, Route
from modelward.providers import model_places

_ROW = TypeAdapter(Route)
_FLAT = ("content", "names", "nested")
_UPSTREAM = frozenset({"dialect", "per_deployment", "upstream"})
_table: dict[str, Any] = yaml.safe_load(files(__package__).joinpath("endpoints.yaml").read_text(encoding="utf-8"))


def _rows(section: Mapping[str, Any]) -> Iterator[Route]:
    """The rows of a section, each under every mount."""
    for row in section["rows"]:
        fields = {"methods": ["POST"], **section["defaults"], **row}
        if "GET" in fields["methods"]:
            fields = {**section.get("of_get", {}), **fields}
        for path in flat([fields.pop("path")]):
            for prefix, groups in section["mounts"].items():
                template = f"{prefix}/{section.get('below', '')}{path}"
                yield _row({**fields, "template": template, "groups": groups}, section.get("dialect"), path)


def _row(fields: dict[str, Any], dialect: str | None, path: str) -> Route:
    made: dict[str, Any] = {"reads": "json" if "POST" in fields["methods"] else "none"}
    made |= {name: value for name, value in fields.items() if name not in _UPSTREAM}
    made |= {name: flat(made[name]) for name in _FLAT if name in made}
    made["makes"] = list(fields.get("makes", {}).items())
    made["shapes"] = [{"where": where, **shape} for where, shape in fields.get("shapes", {}).items()]
    if dialect is not None:
        per_deployment = fields.get("per_deployment", False)
        made["upstream"] = {"dialect": dialect, "path": fields.get("upstream", path), "per_deployment": per_deployment}
    if unknown := made.keys() - Route.__dataclass_fields__:
        raise TypeError(f"`{fields['template']}` in endpoints.yaml has fields that no route has: {sorted(unknown)}")
    return _with_providers_places(_ROW.validate_python(made))


PROVIDERS_PLACES: tuple[str, ...] = tuple(
    dict.fromkeys(where for places in model_places().values() for where in places.named)
)
"""Where further models are at any provider, in bodies of OpenAI's style."""


def _with_providers_places(row: Route) -> Route:
    if row.upstream is None or row.upstream.dialect != "openai" or row.reads == "none":
        return row
    return replace(row, nested=(*row.nested, *PROVIDERS_PLACES))


ROUTES: tuple[Route, ...] = tuple(row for section in _table["sections"] for row in _rows(section))
"""All rows, in the order in which a path is held against them."""

CALLS: tuple[str, ...] = tuple(row.template for row in ROUTES if row.operation == "infer")
"""The templates of the routes that call models."""

BATCHED = frozenset(prefix + path for prefix in ("/v1/", "/") for path in _table["batched"])
"""The paths that the lines of a batch file may call."""

CREATE = "response.create"
"""The event that starts a response."""

_frames: dict[str, Any] = _table["frames"]

INNER: tuple[str, ...] = tuple(_frames["inner"])
"""The fields of a frame that hold what a body of a call does."""

EVENTS: Mapping[Handler, frozenset[str]] = {kind: frozenset(events) for kind, events in _frames["events"].items()}
"""What a client may send on each kind of socket."""


def _frame(row: Route) -> Route:
    """Where models are in a frame. Fallbacks in a session or a response are judged as such, and do not travel."""
    nested, said = flat(_frames["nested"]), _frames["content"]
    return replace(
        row,
        operation="state",
        names=("model", *(f"{inner}.model" for inner in INNER)),
        nested=(
            *(*nested, *_frames["of_items"]),
            *(f"{inner}.{place}" for inner in INNER for place in (*nested, *_frames["of_inner"])),
        ),
        content=(
            *(*_frames["of_frame"], *said),
            *(f"{inner}.{place}" for inner in INNER for place in (*said, *FALLBACK_FIELDS)),
        ),
    )


FRAMES: Mapping[Handler, Route] = {
    row.handler: _frame(row) for row in reversed(ROUTES) if SOCKET in row.methods and row.template.startswith("/v1/")
}
"""Where models are in a frame of each kind of socket, of which none is needed. They are no routes."""

_CREATING = replace(FRAMES["responses"], operation="infer")


def row_of(handler: Handler, event: str) -> Route:
    """The row that a frame is read by: a response that a frame creates needs a model, as any call does (M4)."""
    return _CREATING if (handler, event) == ("responses", CREATE) else FRAMES[handler]
