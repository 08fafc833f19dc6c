"""How a config writes its values: references to variables, names, patterns, routes, numbers."""

import math
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Annotated, Any, Literal, TypeVar, cast, get_args

import orjson
from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, ValidationInfo

from modelward.contract import RouteGroup
from modelward.contract.facts import CONTROL, key_hash
from modelward.errors import AliasCycle

PREFIX = "os.environ/"

Secrets = Literal["resolve", "keep", "refuse"]

_BROKEN = re.compile("[\ud800-\udfff]")


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

    def find(self, text: str) -> str | None:
        """The text, or what it refers to; `None` if that variable is not set. Raises ValueError if it is no text."""
        if not text.startswith(PREFIX):
            return text
        name = text.removeprefix(PREFIX)
        found = self.variables.get(name)
        if found is not None and _BROKEN.search(found):
            raise ValueError(f"the environment variable `{name}` is not UTF-8; set it to text")
        return found


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
    return f"only `*` is special here, for any run of characters: `{found[0]}` in `{name}` would be taken as it is"


def foreign_route(route: str) -> str | None:
    """What is wrong with an item of a list of routes that is written in another language than ours."""
    found = _FOREIGN_ROUTE.search(route)
    if found is None or route == "*":
        return None
    forms = "a route is a path, `/x/{y}`, or `/x/*` with the `*` as its last part"
    return f"{forms}: `{found[0]}` in `{route}` would be taken as it is"


def final_targets(aliases: Mapping[str, str]) -> dict[str, str]:
    """Every alias with the end of its chain. Raises AliasCycle."""
    ends: dict[str, str] = {}
    for alias in aliases:
        chain: dict[str, None] = {}
        last = alias
        while last in aliases and last not in ends:
            chain[last] = None
            last = aliases[last]
            if last in chain:
                names = list(chain)
                raise AliasCycle([*names[names.index(last) :], last])
        ends.update(dict.fromkeys(chain, ends.get(last, last)))
    return ends


GROUPS = frozenset(get_args(RouteGroup))
_ENCODED = re.compile("%[0-9A-Fa-f]{2}")


def matches_nothing(route: str) -> bool:
    """Whether no request can have this route: it is no path and no group."""
    return not route.startswith("/") and route not in GROUPS


def is_encoded(route: str) -> bool:
    """Whether a route is percent-encoded: paths are compared decoded, so it is not the route that it looks like."""
    return _ENCODED.search(route) is not None


def _route(route: str) -> str:
    word = route.removeprefix("LiteLLMRoutes.")
    if word in GROUPS:
        return word
    if problem := foreign_route(route):
        raise ValueError(problem)
    return route


def _admin_route(route: str) -> str:
    if matches_nothing(route):
        groups = ", ".join(f"`{group}`" for group in sorted(GROUPS))
        raise ValueError(f"`{route}` restricts no route; write a path that begins with `/`, or one of {groups}")
    if is_encoded(route):
        advice = "write it decoded, as paths are compared"
        raise ValueError(f"`{route}` is percent-encoded, and restricts no other spelling; {advice}")
    return route


class Section(BaseModel):
    """A part of the config; keys it does not know are reported elsewhere and dropped here."""

    model_config = ConfigDict(extra="ignore", frozen=True, hide_input_in_errors=True)


def is_reference(value: Any) -> bool:
    """Whether a value refers to a variable."""
    return isinstance(value, str) and value.startswith(PREFIX)


def environment(info: ValidationInfo) -> Environment:
    """The environment of this validation."""
    return cast(Environment, info.context)


def resolve(value: Any, info: ValidationInfo) -> Any:
    """The value, or what it refers to. Raises ValueError if that variable is not set."""
    found = environment(info).find(value) if is_reference(value) else value
    if found is None and value is not None:
        name = value.removeprefix(PREFIX)
        raise ValueError(f"the environment variable `{name}` is not set; set it, or name it in `environment_variables`")
    return found


def _resolve_upstream(value: Any, info: ValidationInfo) -> Any:
    # What only the upstream needs is not needed to build a bundle, nor by a deployment that answers by itself.
    is_needed = not environment(info).keeps_credentials and info.data.get("mock_response") is None
    if is_reference(value) and not is_needed and environment(info).find(value) is None:
        return None if info.field_name != "model" else value
    return resolve(value, info)


def _resolve_for_service(value: Any, info: ValidationInfo) -> Any:
    return value if environment(info).keeps_credentials else _resolve_upstream(value, info)


def _resolve_credential(value: Any, info: ValidationInfo) -> Any:
    found = _resolve_for_service(value, info)
    if found == "" and value != "" and info.data.get("mock_response") is None:
        raise ValueError(f"the environment variable `{value.removeprefix(PREFIX)}` is empty; set it to the key")
    return found


def _master_key(value: str | None) -> str | None:
    if value is not None and (value == "" or value.split() != [value] or not value.isprintable()):
        raise ValueError("must be one word of printable characters, such as `sk-...`")
    return value


def _name(value: str) -> str:
    """A name that a request could name (M3)."""
    if not value:
        raise ValueError("a name must not be empty")
    if CONTROL.search(value):
        raise ValueError("a name must not hold control characters")
    if value[0] == " " or value[-1] == " ":
        raise ValueError(f"the name `{value}` must not begin or end with white space")
    if {".", ".."} & set(value.split("/")):
        raise ValueError(f"the name `{value}` must not hold `.` or `..` between slashes")
    return value


_PLACE = re.compile(r"[\w$-]+(\[\])?(\.[\w$-]+(\[\])?)*(\.\*)?")


def _place(value: str) -> str:
    if not _PLACE.fullmatch(value):
        examples = "`panel.judges[].model`, `panel.models[]` or `panel.*`"
        raise ValueError(f"`{value}` is no place of a body; write one such as {examples}")
    if value.partition(".")[0] == "extra_body":
        why = "what stands in `extra_body` is laid into the body"
        raise ValueError(f"`{value}` names no field of its own: {why}; leave it out")
    return value


def _no_boolean(value: Any) -> Any:
    if isinstance(value, bool):
        raise ValueError("must be a number, not a boolean")
    return value


def _url(value: str | None) -> str | None:
    if value is not None and not value.startswith(("http://", "https://")):
        raise ValueError("must be an address that begins with `https://` or `http://`")
    return value


_HASH = re.compile(r"(sha256:)?([0-9a-fA-F]{64})")


def _key_hash(value: Any) -> Any:
    found = _HASH.fullmatch(value) if isinstance(value, str) else None
    if found is None or not found[1]:
        raise ValueError("must be `sha256:` and the 64 hex digits of the key's SHA-256")
    return found[2].lower()


def _key_id(value: Any) -> Any:
    found = _HASH.fullmatch(value) if isinstance(value, str) else None
    if found is None:
        raise ValueError("must be the 64 hex digits of a key's SHA-256, with or without `sha256:`")
    return found[2].lower()


def _hash_of_key(value: Any, info: ValidationInfo) -> Any:
    if not is_reference(value):
        raise ValueError("a key must not be here in clear; write `key: os.environ/NAME` or `key_hash: sha256:...`")
    key = resolve(value, info)
    if not key.startswith("sk-"):
        raise ValueError(f"the key in `{value.removeprefix(PREFIX)}` must begin with `sk-`")
    return key_hash(key)


def _json_object(value: dict[str, Any]) -> dict[str, Any]:
    for leaf in _leaves(value):
        if isinstance(leaf, float) and not math.isfinite(leaf):
            raise ValueError("holds a number that is not finite; JSON has no form for it")
        if is_reference(leaf):
            advice = "write the value itself, or leave it out"
            raise ValueError(f"holds `{leaf}`, and no secret may enter a bundle; {advice}")
    try:
        orjson.dumps(value)
    except orjson.JSONEncodeError:
        raise ValueError("holds what JSON has no form for, such as too long a number") from None
    return value


def _leaves(value: Any) -> Iterator[Any]:
    if isinstance(value, dict | list):
        for item in value.values() if isinstance(value, dict) else value:
            yield from _leaves(item)
    else:
        yield value


def _absent_as(instead: Any) -> BeforeValidator:
    return BeforeValidator(lambda value: instead if value is None else value)


T = TypeVar("T")
K = TypeVar("K")
V = TypeVar("V")
S = TypeVar("S", bound=Section)

Items = Annotated[list[T], _absent_as([]), Field(default_factory=list)]
Map = Annotated[dict[K, V], _absent_as({}), Field(default_factory=dict)]
# A map of known words in a section, whose words have their defaults where it is absent.
Inner = Annotated[S, _absent_as({}), Field(default_factory=dict, validate_default=True)]
Text = Annotated[str, BeforeValidator(resolve)]
Name = Annotated[str, BeforeValidator(resolve), AfterValidator(_name)]
RouteText = Annotated[Text, AfterValidator(_route)]
AdminRouteText = Annotated[RouteText, AfterValidator(_admin_route)]
KeyHash = Annotated[str, BeforeValidator(_key_hash), BeforeValidator(resolve)]
KeyId = Annotated[str, BeforeValidator(_key_id), BeforeValidator(resolve)]
KeyInVariable = Annotated[str | None, BeforeValidator(_hash_of_key), Field(repr=False)]
# Where in a body a field is: `x.y`, with `x[]` for each item of a list, and `x.*` for each field of an object.
BodyPlace = Annotated[Text, AfterValidator(_place)]
# What only a running service reads: to build, a reference stays what it is.
ServiceText = Annotated[str, BeforeValidator(_resolve_for_service)]
Switch = Annotated[bool, _absent_as(False), BeforeValidator(resolve)]
SwitchedOn = Annotated[bool, _absent_as(True), BeforeValidator(resolve)]
JsonMap = Annotated[Map[str, Any], AfterValidator(_json_object)]
Credential = Annotated[str | None, BeforeValidator(_resolve_credential), Field(repr=False)]
MasterKey = Annotated[str | None, BeforeValidator(_resolve_upstream), AfterValidator(_master_key), Field(repr=False)]
UpstreamName = Annotated[str, BeforeValidator(_resolve_upstream), AfterValidator(_name)]
UpstreamText = Annotated[str | None, BeforeValidator(_resolve_upstream)]
UpstreamUrl = Annotated[UpstreamText, AfterValidator(_url)]
Number = Annotated[T, BeforeValidator(_no_boolean), BeforeValidator(_resolve_upstream)]
Weight = Number[Annotated[float, Field(ge=0, allow_inf_nan=False)] | None]
Seconds = Number[Annotated[float, Field(gt=0, allow_inf_nan=False)] | None]
