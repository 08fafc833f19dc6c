"""Which models stand in for one that fails (F2): four lists, each under `router_settings` or `litellm_settings`."""

from typing import Annotated

from pydantic import AfterValidator
from pydantic_core import PydanticCustomError

from modelward.config.fields import Items, Name, Section


def _one_model(name: str) -> str:
    if "*" in name:
        raise PydanticCustomError(
            "pattern_target", "a fallback must lead to one model, not to the pattern `{name}`", {"name": name}
        )
    return name


FallbackTarget = Annotated[Name, AfterValidator(_one_model)]
FallbackMaps = Items[dict[Name, list[FallbackTarget]]]


class FallbackSettings(Section):
    """The lists of maps from a model's name, or `*`, to its targets; `default_fallbacks` are the targets of `*`."""

    fallbacks: FallbackMaps
    context_window_fallbacks: FallbackMaps
    content_policy_fallbacks: FallbackMaps
    default_fallbacks: Items[FallbackTarget]
