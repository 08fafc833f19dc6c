"""What an upstream says of the key it was called with stays here, whatever it repeats it in (K4)."""

import base64
import re
from collections.abc import AsyncIterator, Iterable, Sequence
from dataclasses import dataclass, field
from urllib.parse import quote

import orjson

from modelward.gateway.headers import Header

_SHORTEST = 4
_SHORTEST_IN_ANSWERS = 8
_MASK = b"*"
_ESCAPE = re.compile(rb"%..")
_URL_ALPHABET = bytes.maketrans(b"+/", b"-_")


@dataclass(frozen=True, slots=True)
class WithheldSecrets:
    """The forms of a deployment's secrets. Each is replaced by as many `*`: an answer keeps its length.

    What is shorter than 8 characters (`EMPTY`, `none`) may be a word of an answer, and is replaced in errors alone;
    what is shorter than 4 nowhere.
    """

    forms: tuple[bytes, ...] = field(default=(), repr=False)
    short: tuple[bytes, ...] = field(default=(), repr=False)

    def of_status(self, status: int) -> "WithheldSecrets":
        """Those that are replaced in an answer of this status."""
        return self if status < 400 or not self.short else WithheldSecrets((*self.forms, *self.short))

    def hidden(self, data: bytes) -> bytes:
        """`data` without them."""
        for form in self.forms:
            if form in data:
                data = data.replace(form, _MASK * len(form))
        return data

    def without(self, headers: Iterable[Header]) -> list[Header]:
        """The headers that repeat none."""
        return [(name, value) for name, value in headers if not any(form in value for form in self.forms)]

    async def stripped(self, chunks: AsyncIterator[bytes]) -> AsyncIterator[bytes]:
        """The chunks without them, also where one begins in a chunk and ends in another.

        Only what may be the beginning of one, at the end of a chunk, waits for the next.
        """
        kept = b""
        async for chunk in chunks:
            data = self.hidden(kept + chunk if kept else chunk)
            held = max((_overlap(data, form) for form in self.forms), default=0)
            kept = data[len(data) - held :] if held else b""
            if passed := data[: len(data) - held] if held else data:
                yield passed
        if kept:
            yield kept


NO_SECRETS = WithheldSecrets()


def _overlap(data: bytes, form: bytes) -> int:
    """The longest end of `data` that `form` begins with and goes on after."""
    at = data.find(form[:1], max(len(data) - len(form) + 1, 0))
    while at >= 0:
        if form.startswith(data[at:]):
            return len(data) - at
        at = data.find(form[:1], at + 1)
    return 0


def secrets_of(*texts: str | None) -> WithheldSecrets:
    """The secrets of a deployment, in every form in which an upstream may repeat them."""
    kept = [text for text in texts if text and len(text) >= _SHORTEST]
    forms = [form for text in kept if len(text) >= _SHORTEST_IN_ANSWERS for form in _forms(text)]
    short = [form for text in kept if len(text) < _SHORTEST_IN_ANSWERS for form in _forms(text)]
    return WithheldSecrets(_longest_first(forms), _longest_first(short))


def _longest_first(forms: Sequence[bytes]) -> tuple[bytes, ...]:
    return tuple(sorted(set(forms), key=lambda form: (-len(form), form)))


def _forms(text: str) -> list[bytes]:
    plain = text.encode()
    escaped = orjson.dumps(text)[1:-1]
    percent = quote(text, safe="").encode()
    return [
        plain,
        escaped,
        escaped.replace(b"/", rb"\/"),
        percent,
        _ESCAPE.sub(lambda found: found[0].lower(), percent),
        plain.hex().encode(),
        *_in_base64(plain),
    ]


def _in_base64(plain: bytes) -> list[bytes]:
    """What `plain` alone makes of the Base64 of any text that holds it, at each of the three places where it may begin,
    in both alphabets."""
    found = []
    for before in range(3):
        whole = base64.b64encode(bytes(before) + plain)
        part = whole[-(-8 * before // 6) : 8 * (before + len(plain)) // 6]
        found += [part, part.translate(_URL_ALPHABET)] if len(part) >= _SHORTEST else []
    return found
