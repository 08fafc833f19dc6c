"""Query strings that say one thing, and only where they are read: nothing that was sent is dropped in silence."""

from fastapi import Request

from modelward.errors import Invalid


async def plain_query(request: Request) -> None:
    """Refuse a parameter that is given twice, and any beside a body. Raises Invalid."""
    if request.method != "GET":
        await no_query(request)
    names = [_shown(name) for name, _ in request.query_params.multi_items()]
    for name in names:
        if names.count(name) > 1:
            raise Invalid(f"the parameter `{name}` is given twice: send it once")


async def no_query(request: Request) -> None:
    """Refuse every parameter. Raises Invalid."""
    for name in request.query_params:
        raise Invalid(f"unknown parameter `{_shown(name)}`: leave it out")


def _shown(name: str) -> str:
    return name[:50].encode("ascii", "backslashreplace").decode()
