"""What a model name may look like, and how a client's own text is shown in messages and logs (M3)."""

from modelward.contract.facts import UNPRINTABLE
from modelward.errors import Invalid

_LONGEST = 100
_KEY = "sk-"
_MASKED = "sk-..."


def shortened(text: str, longest: int = _LONGEST) -> str:
    """At most `longest` characters of it, those left out told by dots."""
    kept = text if len(text) <= longest else f"{text[: longest - 3]}..."
    return UNPRINTABLE.sub("?", kept).replace("`", "?")


def masked(name: str) -> str:
    """A name without what looks like a key in it: any part between slashes that begins as keys do."""
    if _KEY not in name:
        return name
    return "/".join(_MASKED if part.startswith(_KEY) else part for part in name.split("/"))


# All names of a request are judged in one decision; so many, of such a length, take a few milliseconds.
MOST_MODELS = 100
LONGEST_NAME = 1000

_SPACE = " \t\n\r\v\f"


def names(value: object, place: str) -> tuple[str, ...]:
    """The names at one place, in order: one, or the parts of a comma list.

    Raises Invalid, naming `place`, for what is no text or no name.
    """
    if not isinstance(value, str):
        raise Invalid(
            f"`{shortened(place)}` must be a model name, a text; GET /v1/models lists what this caller may use"
        )
    if "," not in value:
        return (_checked(value, place),)
    if value.count(",") >= MOST_MODELS:
        raise too_many()
    if value.strip(_SPACE) != value:
        raise _outer_space(place)
    return tuple(_checked(part.strip(" "), place) for part in value.split(","))


def too_many() -> Invalid:
    """The refusal of a request that names more models than one decision takes."""
    return Invalid(f"the request names more than {MOST_MODELS} models; name fewer")


def _checked(name: str, place: str) -> str:
    if not name:
        raise Invalid(f"`{shortened(place)}` holds an empty model name; GET /v1/models lists what this caller may use")
    if len(name) > LONGEST_NAME:
        raise Invalid(
            f"`{shortened(place)}` is longer than {LONGEST_NAME} characters, and no model is called so; send its name"
        )
    if UNPRINTABLE.search(name):
        raise Invalid(
            f"`{shortened(place)}` holds a control character or half a character; send the model's plain name"
        )
    if name.strip(_SPACE) != name:
        raise _outer_space(place)
    if "/" in name and not {".", ".."}.isdisjoint(name.split("/")):
        raise Invalid(f"`{shortened(place)}` holds a `.` or `..` between slashes; send the model's plain name")
    return name


def _outer_space(place: str) -> Invalid:
    return Invalid(f"`{shortened(place)}` begins or ends with white space; send the model's plain name")
