"""Route lists, as A3 puts them; the model's part of a path is compared decoded (M4)."""

from collections.abc import Iterator, Sequence
from urllib.parse import unquote

from modelward.contract import Request


def on_the_list(items: Sequence[str], request: Request) -> bool:
    """Whether a list that permits names the request's route: every model's, where a comma list names several."""
    return all(any(_names(item, path, request) for item in items) for path in _paths(request))


def touched_by_the_list(items: Sequence[str], request: Request) -> bool:
    """Whether a list that forbids names the request's route, for one of its models at least."""
    return any(_names(item, path, request) for item in items for path in _paths(request))


def may_be_called_as(item: str, template: str) -> bool:
    """Whether a call of that template may have the path that the item is."""
    return _same_shape(template.split("/"), item.split("/"))


def _paths(request: Request) -> Iterator[str]:
    before, variable, after = request.route.partition("{model}")
    if not variable:
        yield request.path
        return
    sent = request.path[len(before) : len(request.path) - len(after)]
    for model in unquote(sent).split(","):
        yield before + model.strip(" ") + after


def _names(item: str, path: str, request: Request) -> bool:
    if item in request.groups or item == request.path:
        return True
    routes = [path, *([request.route] if "{" in item else [])]
    return any(_leads_to(item.split("/"), route.split("/")) for route in routes)


def _leads_to(item: list[str], path: list[str]) -> bool:
    if item[-1] == "*" and len(path) >= len(item) and _same_shape(item[:-1], path[: len(item) - 1]):
        return True
    return _same_shape(item, path)


def _same_shape(item: list[str], path: list[str]) -> bool:
    """Segment by segment, `{y}` being any one segment."""
    if len(item) != len(path):
        return False
    return all(
        part == segment or (part[:1] == "{" and part[-1:] == "}" and segment)
        for part, segment in zip(item, path, strict=True)
    )
