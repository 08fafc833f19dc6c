"""Route lists, as A3 puts them."""

from collections.abc import Sequence

from modelward.contract import Request


def on_the_list(items: Sequence[str], request: Request) -> bool:
    """Whether one of the items names the request's route."""
    return any(_names(item, request) for item in items)


def _names(item: str, request: Request) -> bool:
    if item in request.groups:
        return True
    if item.endswith("/*"):
        return request.path.startswith(item[:-1])
    return _same_shape(item.split("/"), request.path.split("/"))


def _same_shape(item: list[str], path: list[str]) -> bool:
    """Segment by segment, `{y}` being any one segment."""
    if len(item) != len(path):
        return False
    return all(
        part == segment or (part[:1] == "{" and part[-1:] == "}") for part, segment in zip(item, path, strict=True)
    )
