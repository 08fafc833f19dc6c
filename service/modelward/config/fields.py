"""The kinds of values that settings hold. Each resolves `os.environ/NAME` from the validation context."""

import math
import re
from collections.abc import Iterator
from typing import Annotated, Any, TypeVar, cast

import orjson
from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, ValidationInfo
from pydantic_core import PydanticCustomError

from modelward.config.references import PREFIX, Environment

T = TypeVar("T")

_CONTROL = re.compile(r"[\x00-\x1f\x7f]")
_PLACE = re.compile(r"[\w$-]+(\[\])?(\.[\w$-]+(\[\])?)*(\.\*)?")
_LAID_OUT = "extra_body"


class Section(BaseModel):
    """A part of the config; keys it does not know are reported elsewhere and dropped here."""

    model_config = ConfigDict(extra="ignore", frozen=True, hide_input_in_errors=True)


def environment(info: ValidationInfo) -> Environment:
    """The environment of this validation."""
    return cast(Environment, info.context)


def resolve(value: Any, info: ValidationInfo) -> Any:
    """The value, or what it refers to; a PydanticCustomError says which variable is missing."""
    if isinstance(value, str) and value.startswith(PREFIX):
        return environment(info).value(value)
    return value


def _resolve_upstream(value: Any, info: ValidationInfo) -> Any:
    # What only the upstream needs is not needed to build a bundle, nor by a deployment that answers by itself.
    if isinstance(value, str) and value.startswith(PREFIX):
        found = environment(info).find(value)
        if found is None and (environment(info).keeps_credentials or info.data.get("mock_response") is not None):
            return None if info.field_name != "model" else value
        return environment(info).value(value)
    return value


def _resolve_credential(value: Any, info: ValidationInfo) -> Any:
    if environment(info).keeps_credentials:
        return value
    found = _resolve_upstream(value, info)
    if found == "" and value != "" and info.data.get("mock_response") is None:
        raise PydanticCustomError(
            "empty_variable",
            "the environment variable `{name}` is empty; set it to the key",
            {"name": value.removeprefix(PREFIX)},
        )
    return found


def _resolve_for_service(value: Any, info: ValidationInfo) -> Any:
    return value if environment(info).keeps_credentials else resolve(value, info)


def _resolve_master_key(value: Any, info: ValidationInfo) -> Any:
    if isinstance(value, str) and environment(info).keeps_credentials and environment(info).find(value) is None:
        return None
    return resolve(value, info)


def _check_master_key(value: str | None) -> str | None:
    if value is not None and (value == "" or value.split() != [value] or not value.isprintable()):
        raise PydanticCustomError("bad_master_key", "must be one word of printable characters, such as `sk-...`")
    return value


def check_name(value: str) -> str:
    """A name that a request could name (M3), or a PydanticCustomError."""
    problem = _name_problem(value)
    if problem:
        raise PydanticCustomError("bad_name", "{problem}", {"problem": problem})
    return value


def _name_problem(value: str) -> str:
    if not value:
        return "a name must not be empty"
    if _CONTROL.search(value):
        return "a name must not hold control characters"
    if value[0] == " " or value[-1] == " ":
        return f"the name `{value}` must not begin or end with white space"
    if {".", ".."} & set(value.split("/")):
        return f"the name `{value}` must not hold `.` or `..` between slashes"
    return ""


def _check_place(value: str) -> str:
    if not _PLACE.fullmatch(value):
        message = (
            "`{place}` is no place of a body; write one such as `panel.judges[].model`, `panel.models[]` or `panel.*`"
        )
        raise PydanticCustomError("bad_place", message, {"place": value})
    if value.partition(".")[0] == _LAID_OUT:
        message = "`{place}` names no field of its own: what stands in `extra_body` is laid into the body; leave it out"
        raise PydanticCustomError("bad_place", message, {"place": value})
    return value


def _number(value: Any) -> Any:
    if isinstance(value, bool):
        raise PydanticCustomError("not_a_number", "must be a number, not a boolean")
    return value


def _url(value: str | None) -> str | None:
    if value is not None and not value.startswith(("http://", "https://")):
        raise PydanticCustomError("bad_url", "must be an address that begins with `https://` or `http://`")
    return value


def _absent_as_empty_list(value: Any) -> Any:
    return [] if value is None else value


def _absent_as_empty_map(value: Any) -> Any:
    return {} if value is None else value


def _json_object(value: dict[str, Any]) -> dict[str, Any]:
    for leaf in _leaves(value):
        _check_leaf(leaf)
    try:
        orjson.dumps(value)
    except orjson.JSONEncodeError:
        raise PydanticCustomError("not_json", "holds what JSON has no form for, such as too long a number") from None
    return value


def _leaves(value: Any) -> Iterator[Any]:
    if isinstance(value, dict | list):
        for item in value.values() if isinstance(value, dict) else value:
            yield from _leaves(item)
    else:
        yield value


def _check_leaf(value: Any) -> None:
    if isinstance(value, float) and not math.isfinite(value):
        raise PydanticCustomError("not_finite", "holds a number that is not finite; JSON has no form for it")
    if isinstance(value, str) and value.startswith(PREFIX):
        message = "holds `{text}`, and no secret may enter a bundle; write the value itself, or leave it out"
        raise PydanticCustomError("kept_reference", message, {"text": value})


def _absent_as_no(value: Any) -> Any:
    return False if value is None else value


def _absent_as_yes(value: Any) -> Any:
    return True if value is None else value


Items = Annotated[list[T], BeforeValidator(_absent_as_empty_list), Field(default_factory=list)]
Text = Annotated[str, BeforeValidator(resolve)]
Name = Annotated[str, BeforeValidator(resolve), AfterValidator(check_name)]
Texts = Items[Text]
# Where in a body a field stands: `x.y`, with `x[]` for each item of a list, and `x.*` for each field of an object.
BodyPlaces = Items[Annotated[Text, AfterValidator(_check_place)]]
Names = Items[Name]
NameMap = Annotated[dict[Name, Name], BeforeValidator(_absent_as_empty_map), Field(default_factory=dict)]
# What only a running service reads: to build, a reference stays what it is.
ServiceText = Annotated[str, BeforeValidator(_resolve_for_service)]
Switch = Annotated[bool, BeforeValidator(_absent_as_no), BeforeValidator(resolve)]
SwitchedOn = Annotated[bool, BeforeValidator(_absent_as_yes), BeforeValidator(resolve)]
JsonMap = Annotated[
    dict[str, Any],
    BeforeValidator(_absent_as_empty_map),
    AfterValidator(_json_object),
    Field(default_factory=dict),
]
Credential = Annotated[str | None, BeforeValidator(_resolve_credential), Field(repr=False)]
MasterKey = Annotated[
    str | None, BeforeValidator(_resolve_master_key), AfterValidator(_check_master_key), Field(repr=False)
]
UpstreamName = Annotated[str, BeforeValidator(_resolve_upstream), AfterValidator(check_name)]
UpstreamText = Annotated[str | None, BeforeValidator(_resolve_upstream)]
UpstreamUrl = Annotated[str | None, BeforeValidator(_resolve_upstream), AfterValidator(_url)]
AtLeastZero = Annotated[float, Field(ge=0, allow_inf_nan=False)]
MoreThanZero = Annotated[float, Field(gt=0, allow_inf_nan=False)]
Order = Annotated[int | None, BeforeValidator(_number), BeforeValidator(_resolve_upstream)]
Weight = Annotated[AtLeastZero | None, BeforeValidator(_number), BeforeValidator(_resolve_upstream)]
Seconds = Annotated[MoreThanZero | None, BeforeValidator(_number), BeforeValidator(_resolve_upstream)]
