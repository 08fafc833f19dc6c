"""Lists of routes: paths, templates, `prefix/*`, and groups of routes (A3)."""

from typing import Annotated, get_args

from pydantic import AfterValidator
from pydantic_core import PydanticCustomError

from modelward.config.fields import Items, Text
from modelward.contract import RouteGroup

GROUPS = frozenset(get_args(RouteGroup))

_ENUM = "LiteLLMRoutes."


def matches_nothing(route: str) -> bool:
    """Whether no request can have this route: it is no path and no group."""
    return not route.startswith("/") and route not in GROUPS


def _own_word(route: str) -> str:
    word = route.removeprefix(_ENUM)
    return word if word in GROUPS else route


def _must_match(route: str) -> str:
    if matches_nothing(route):
        raise PydanticCustomError(
            "bad_route",
            "`{route}` restricts no route; write a path that begins with `/`, or one of {groups}",
            {"route": route, "groups": ", ".join(f"`{group}`" for group in sorted(GROUPS))},
        )
    return route


Route = Annotated[Text, AfterValidator(_own_word)]
AdminRoute = Annotated[Route, AfterValidator(_must_match)]
Routes = Items[Route]
AdminRoutes = Items[AdminRoute]
