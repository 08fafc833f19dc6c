"""`os.environ/NAME` in a config: which variables there are and what a missing one means."""

import math
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Annotated, Any, Literal, TypeVar, cast

import orjson
from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, ValidationInfo
from pydantic_core import PydanticCustomError

from modelward.contract.facts import CONTROL
from modelward.errors import AliasCycle

PREFIX = "os.environ/"

Secrets = Literal["resolve", "keep", "refuse"]


@dataclass(frozen=True, slots=True)
class Environment:
    """The variables that references are resolved from, and what is done with credentials.

    `resolve`: a credential's reference becomes its value. `keep`: it stays a reference and is not looked up; a
    credential in clear is worth a warning. `refuse`: the same, and a credential in clear is a problem (K4).
    """

    variables: Mapping[str, str] = field(repr=False)
    secrets: Secrets

    @property
    def keeps_credentials(self) -> bool:
        """Whether a credential's reference stays what it is."""
        return self.secrets != "resolve"

    def value(self, text: str) -> str:
        """The text, or what it refers to; a PydanticCustomError says which variable is missing."""
        found = self.find(text)
        if found is None:
            raise PydanticCustomError(
                "missing_variable",
                "the environment variable `{name}` is not set; set it, or name it in `environment_variables`",
                {"name": text.removeprefix(PREFIX)},
            )
        return found

    def find(self, text: str) -> str | None:
        """The text, or what it refers to; `None` if that variable is not set."""
        if not text.startswith(PREFIX):
            return text
        found = self.variables.get(text.removeprefix(PREFIX))
        if found is not None and not _is_unicode(found):
            raise PydanticCustomError(
                "bad_variable",
                "the environment variable `{name}` is not UTF-8; set it to text",
                {"name": text.removeprefix(PREFIX)},
            )
        return found


def _is_unicode(text: str) -> bool:
    return not any("\ud800" <= char <= "\udfff" for char in text)


_FOREIGN = re.compile(
    r"""
      (?i:^(?:re|regex|regexp|glob):)   # a language that is named
    | \\.?                              # an escape
    | \.[*+]                            # any run of characters, in a regular expression
    | \?                                # any one character
    | ^\^ | (?<=.)\$$                   # anchors
    | \|                                # or
    | \[[^\]\s]+\](?=\S)                # a class of characters; not `[approved] gpt-4`, nor `sonnet[1m]`
    | (?<=[-/_.:@])\[[^\]\s]+\]$
    | \([^()]*\)(?=[*+{])               # a repeated group
    | \{[^{}]*\}                        # a list of words, or a count
    | %                                 # any run of characters, in SQL
    | (?:(?<=/)|^)[+\#](?=/|$)          # any segment, of a topic
    | ^!                                # a negation
    """,
    re.VERBOSE,
)
# Bedrock's ids are words with a `.` behind each, so that `bedrock/us.anthropic.*` says the same in either language.
_WORDS_OF_BEDROCK = re.compile(r"^bedrock(?:_converse)?/(?:(?:[a-z*]+|us-gov|ai21)\.){1,2}(?=\*)")
_FOREIGN_ROUTE = re.compile(r"^\^|\$$|\\|\.[*+]|[?|()\[\]]|(?<=/)%(?=/|$)|\+$|^!|^(?:re|regex|glob):|\*(?!$)|(?<!/)\*$")


def foreign_pattern(name: str) -> str | None:
    """What is wrong with a name or pattern of models that is written in another language than ours."""
    found = _FOREIGN.search(_WORDS_OF_BEDROCK.sub("", name))
    if found is None:
        return None
    return f"only `*` is special here, for any run of characters: `{found[0]}` in `{name}` would be taken as it stands"


def foreign_route(route: str) -> str | None:
    """What is wrong with an item of a list of routes that is written in another language than ours."""
    found = _FOREIGN_ROUTE.search(route)
    if found is None or route == "*":
        return None
    forms = "a route is a path, `/x/{y}`, or `/x/*` with the `*` as its last part"
    return f"{forms}: `{found[0]}` in `{route}` would be taken as it stands"


def final_targets(aliases: Mapping[str, str]) -> dict[str, str]:
    """Every alias with the end of its chain. Raises AliasCycle."""
    ends: dict[str, str] = {}
    for alias in aliases:
        chain = _chain(alias, aliases, ends)
        end = ends.get(chain[-1], chain[-1])
        ends.update(dict.fromkeys(chain[:-1], end))
    return ends


def _chain(alias: str, aliases: Mapping[str, str], ends: Mapping[str, str]) -> list[str]:
    chain = {alias: None}
    last = alias
    while last not in ends and (target := aliases.get(last)) is not None:
        if target in chain:
            names = list(chain)
            raise AliasCycle([*names[names.index(target) :], target])
        chain[target] = None
        last = target
    return list(chain)


T = TypeVar("T")
K = TypeVar("K")
V = TypeVar("V")

_PLACE = re.compile(r"[\w$-]+(\[\])?(\.[\w$-]+(\[\])?)*(\.\*)?")
_LAID_OUT = "extra_body"


class Section(BaseModel):
    """A part of the config; keys it does not know are reported elsewhere and dropped here."""

    model_config = ConfigDict(extra="ignore", frozen=True, hide_input_in_errors=True)


S = TypeVar("S", bound=Section)


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
    if CONTROL.search(value):
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


def _absent_as(instead: Any) -> BeforeValidator:
    return BeforeValidator(lambda value: instead if value is None else value)


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


Items = Annotated[list[T], _absent_as([]), Field(default_factory=list)]
Map = Annotated[dict[K, V], _absent_as({}), Field(default_factory=dict)]
# A map of known words in a section, whose words have their defaults where it is absent.
Inner = Annotated[S, _absent_as({}), Field(default_factory=dict, validate_default=True)]
Text = Annotated[str, BeforeValidator(resolve)]
Name = Annotated[str, BeforeValidator(resolve), AfterValidator(check_name)]
Texts = Items[Text]
# Where in a body a field is: `x.y`, with `x[]` for each item of a list, and `x.*` for each field of an object.
BodyPlaces = Items[Annotated[Text, AfterValidator(_check_place)]]
Names = Items[Name]
NameMap = Map[Name, Name]
# What only a running service reads: to build, a reference stays what it is.
ServiceText = Annotated[str, BeforeValidator(_resolve_for_service)]
Switch = Annotated[bool, _absent_as(False), BeforeValidator(resolve)]
SwitchedOn = Annotated[bool, _absent_as(True), BeforeValidator(resolve)]
JsonMap = Annotated[Map[str, Any], AfterValidator(_json_object)]
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
