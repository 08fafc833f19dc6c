"""Lists of routes: paths, templates, `prefix/*`, and groups of routes (A3)."""

import re
from typing import Annotated, get_args

from pydantic import AfterValidator
from pydantic_core import PydanticCustomError

from modelward.config.fields import Items, Text, foreign_route
from modelward.contract import RouteGroup

GROUPS = frozenset(get_args(RouteGroup))

_ENUM = "LiteLLMRoutes."
_ENCODED = re.compile("%[0-9A-Fa-f]{2}")


def matches_nothing(route: str) -> bool:
    """Whether no request can have this route: it is no path and no group."""
    return not route.startswith("/") and route not in GROUPS


def is_encoded(route: str) -> bool:
    """Whether a route is percent-encoded: paths are compared decoded, so it is not the route that it looks like."""
    return _ENCODED.search(route) is not None


def _own_word(route: str) -> str:
    word = route.removeprefix(_ENUM)
    return word if word in GROUPS else route


def _of_this_language(route: str) -> str:
    if problem := foreign_route(route):
        raise PydanticCustomError("foreign_route", "{problem}", {"problem": problem})
    return route


def _must_match(route: str) -> str:
    if matches_nothing(route):
        raise PydanticCustomError(
            "bad_route",
            "`{route}` restricts no route; write a path that begins with `/`, or one of {groups}",
            {"route": route, "groups": ", ".join(f"`{group}`" for group in sorted(GROUPS))},
        )
    if is_encoded(route):
        raise PydanticCustomError(
            "encoded_route",
            "`{route}` is percent-encoded, and restricts no other spelling; write it decoded, as paths are compared",
            {"route": route},
        )
    return route


RouteText = Annotated[Text, AfterValidator(_own_word), AfterValidator(_of_this_language)]
AdminRouteText = Annotated[RouteText, AfterValidator(_must_match)]
Routes = Items[RouteText]
AdminRoutes = Items[AdminRouteText]
