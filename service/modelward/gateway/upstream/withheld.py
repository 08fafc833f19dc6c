"""What an upstream says of the key it was called with stays here, whatever it repeats it in (K4)."""

import base64
import re
from collections.abc import Iterable
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

    def split(self, data: bytes) -> tuple[bytes, bytes]:
        """`data` without them, and the end of it that may be the beginning of one: to be put before what follows."""
        data, kept = self.hidden(data), 0
        last = data[-1:]
        for form in self.forms:
            if last not in form:  # so that no beginning of it can be the end of this
                continue
            at = data.find(form[:1], max(len(data) - len(form) + 1, 0))
            while 0 <= at < len(data) - kept:
                if form.startswith(data[at:]):
                    kept = len(data) - at
                at = data.find(form[:1], at + 1)
        return (data[:-kept], data[-kept:]) if kept else (data, b"")

    def without(self, headers: Iterable[Header]) -> list[Header]:
        """The headers that repeat none."""
        listed = list(headers)
        together = b"\n".join([value for _, value in listed])
        if self.hidden(together) == together:
            return listed
        return [(name, value) for name, value in listed if not any(form in value for form in self.forms)]


NO_SECRETS = WithheldSecrets()


def secrets_of(*texts: str | None) -> WithheldSecrets:
    """The secrets of a deployment, in every form in which an upstream may repeat them."""
    long, short = set[bytes](), set[bytes]()
    for text in texts:
        if text and len(text) >= _SHORTEST:
            (short if len(text) < _SHORTEST_IN_ANSWERS else long).update(_forms(text))
    return WithheldSecrets(*(tuple(sorted(forms, key=lambda form: (-len(form), form))) for forms in (long, short)))


def _forms(text: str) -> list[bytes]:
    plain = text.encode()
    escaped = orjson.dumps(text)[1:-1]
    percent = quote(text, safe="").encode()
    forms = [plain, escaped, escaped.replace(b"/", rb"\/"), percent, plain.hex().encode()]
    forms.append(_ESCAPE.sub(lambda found: found[0].lower(), percent))
    # What `plain` alone makes of the Base64 of any text that holds it, at each of the three places where it may begin,
    # in both alphabets.
    for before in range(3):
        whole = base64.b64encode(bytes(before) + plain)
        part = whole[-(-8 * before // 6) : 8 * (before + len(plain)) // 6]
        if len(part) >= _SHORTEST:
            forms += [part, part.translate(_URL_ALPHABET)]
    return forms
