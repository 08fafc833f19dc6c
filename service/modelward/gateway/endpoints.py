"""The table of endpoints, as `endpoints.yaml` says: which there are, what each is, and where its models are."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from importlib.resources import files
from typing import Any

import yaml
from pydantic import TypeAdapter

from modelward.gateway.request.places import FALLBACK_FIELDS, flat
from modelward.gateway.routes import NESTED, SOCKET, Handler, Route
from modelward.providers import model_places

_ROW = TypeAdapter(Route)
_table: dict[str, Any] = yaml.safe_load(files(__package__).joinpath("endpoints.yaml").read_text(encoding="utf-8"))

PROVIDERS_PLACES: tuple[str, ...] = tuple(
    dict.fromkeys(where for places in model_places().values() for where in places.named)
)
"""Where further models are at any provider, in bodies of OpenAI's style."""


def _rows(section: Mapping[str, Any]) -> Iterator[Route]:
    """The rows of a section, each under every mount. Raises ValidationError for fields that no route has."""
    dialect = section.get("dialect")
    for row in section["rows"]:
        fields = {"methods": ["POST"], "nested": NESTED, "makes": {}, "shapes": {}, **section["defaults"], **row}
        if "GET" in fields["methods"]:
            fields = {**section.get("of_get", {}), **fields}
        fields.setdefault("reads", "json" if "POST" in fields["methods"] else "none")
        fields |= {name: flat(fields[name]) for name in ("content", "names", "nested") if name in fields}
        if dialect == "openai" and fields["reads"] != "none":
            fields["nested"] = [*fields["nested"], *PROVIDERS_PLACES]
        fields["makes"] = list(fields["makes"].items())
        fields["shapes"] = [{"where": where, **shape} for where, shape in fields["shapes"].items()]
        upstream, per_deployment = fields.pop("upstream", None), fields.pop("per_deployment", False)
        for path in flat([fields.pop("path")]):
            if dialect is not None:
                fields["upstream"] = {"dialect": dialect, "path": upstream or path, "per_deployment": per_deployment}
            for prefix, groups in section["mounts"].items():
                template = f"{prefix}/{section.get('below', '')}{path}"
                yield _ROW.validate_python({**fields, "template": template, "groups": groups})


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

    def places(of_frame: Iterable[str], of_inner: Sequence[str]) -> tuple[str, ...]:
        return (*of_frame, *(f"{inner}.{place}" for inner in INNER for place in of_inner))

    return replace(
        row,
        operation="state",
        names=places(["model"], ["model"]),
        nested=places([*nested, *_frames["of_items"]], [*nested, *_frames["of_inner"]]),
        content=places([*_frames["of_frame"], *said], [*said, *FALLBACK_FIELDS]),
    )


FRAMES: Mapping[Handler, Route] = {
    row.handler: _frame(row) for row in reversed(ROUTES) if SOCKET in row.methods and row.template.startswith("/v1/")
}
"""Where models are in a frame of each kind of socket, of which none is needed. They are no routes."""

_CREATING = replace(FRAMES["responses"], operation="infer")


def row_of(handler: Handler, event: str) -> Route:
    """The row that a frame is read by: a response that a frame creates needs a model, as any call does (M4)."""
    return _CREATING if (handler, event) == ("responses", CREATE) else FRAMES[handler]
