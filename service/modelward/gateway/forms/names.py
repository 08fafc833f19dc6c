"""The names of a form's parts: `model`, `svg[model]`, `image[]`."""

import re

from modelward.errors import Invalid

# What SDKs send as files. Whatever else is one is refused: its text would be forwarded unread (M1).
FILE_NAMES = frozenset(
    {
        "archive",
        "audio",
        "audio_sample",
        "character",
        "characters",
        "data",
        "file",
        "files",
        "image",
        "images",
        "input_reference",
        "markup",
        "mask",
        "recording",
        "sdp",
        "thumbnail",
        "video",
    }
)

_DEEPEST = 10
_SHAPE = re.compile(r'[^\s\[\]"\\%\x00-\x1f\x7f]+(?:\[[^\[\]"\\%\x00-\x1f\x7f]*\])*')


def segments(name: str) -> tuple[str, ...]:
    """The keys that a part's name is made of; `x[]` gives `("x", "")`.

    Raises Invalid for a name that would be written, or read by others, in another way.
    """
    if not _SHAPE.fullmatch(name) or name == "_charset_":
        raise Invalid(f"`{shown(name)}` cannot be the name of a form's part; send a plain name, or `name[key]`")
    head, bracket, rest = name.partition("[")
    found = (head, *rest[:-1].split("][")) if bracket else (head,)
    if len(found) > _DEEPEST:
        raise Invalid(f"`{shown(name)}` is nested too deeply; send a flatter form")
    return found


def check_file_name(name: str, allowed: frozenset[str]) -> None:
    """Raises Invalid when a part of this name may not be a file."""
    head, *rest = segments(name)
    if head not in allowed or (rest not in ([], [""]) and not (len(rest) == 1 and is_index(rest[0]))):
        raise Invalid(f"`{shown(name)}` may not be a file; send it as a text, without `filename`")


def is_index(segment: str) -> bool:
    """Whether a key is a place in a list."""
    return segment.isascii() and segment.isdigit()


def shown(name: str) -> str:
    """A name as a message shows it."""
    return name[:100].encode("ascii", "backslashreplace").decode().replace("`", "'")
