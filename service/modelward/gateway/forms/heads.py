"""What a form, and each of its parts, says of itself; read strictly, and by RFC 7578."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from email.message import Message

from modelward.errors import Invalid
from modelward.gateway.forms.names import shown
from modelward.gateway.headers import Header

_LONGEST = 4096
_CONTROL = re.compile(rb"[\x00-\x1f\x7f]")
_PRINTABLE = re.compile(r"[\x20-\x7e]+")
_BOUNDARY = re.compile(r"[0-9A-Za-z'()+_,./:=? -]{0,199}[0-9A-Za-z'()+_,./:=?-]")
_UTF_8 = frozenset({"utf-8", "utf8", "us-ascii"})
_PLAIN = frozenset({b"", b"identity"})
_AS_THEY_ARE = frozenset({b"", b"7bit", b"8bit", b"binary"})


@dataclass(frozen=True, slots=True)
class Head:
    """The head of one part. A part with a `filename` is a file; a `content_type` is printable ASCII."""

    name: str
    filename: str | None
    content_type: str | None


def boundary(headers: Iterable[Header]) -> bytes:
    """What stands between the parts of a body with these headers. Raises Invalid when the body is no plain form."""
    types = list[bytes]()
    for name, value in headers:
        if name == b"content-encoding" and value.strip().lower() not in _PLAIN:
            raise Invalid("the body is compressed; send it without `Content-Encoding`")
        if name == b"content-type":
            types.append(value)
    if len(types) != 1:
        raise Invalid("the body must be a form; send one `Content-Type: multipart/form-data`")
    kind, parameters = _parameters(types[0], "Content-Type")
    if kind != "multipart/form-data":
        raise Invalid("the body must be a form; send it as `multipart/form-data`")
    _check_charset(parameters, "Content-Type")
    found = parameters.get("boundary", "")
    if not _BOUNDARY.fullmatch(found):
        raise Invalid("`Content-Type` names no `boundary`, or one that cannot be used; let the client choose one")
    return found.encode("ascii")


def part_head(fields: Iterable[Header]) -> Head:
    """The head that these header fields of a part make, names in lower case. Raises Invalid."""
    fields = list(fields)
    disposition = _only(fields, b"content-disposition")
    kind, parameters = _parameters(disposition or b"", "Content-Disposition")
    if kind != "form-data" or not parameters.get("name"):
        raise Invalid('a part of the form has no name; send `Content-Disposition: form-data; name="..."` with each')
    if parameters.get("filename") == "":
        raise Invalid(f"the file `{shown(parameters['name'])}` has an empty `filename`; name the file")
    if (_only(fields, b"content-transfer-encoding") or b"").lower() not in _AS_THEY_ARE:
        raise Invalid(f"the part `{shown(parameters['name'])}` is encoded; send it without `Content-Transfer-Encoding`")
    return Head(parameters["name"], parameters.get("filename"), _content_type(fields))


def _content_type(fields: list[Header]) -> str | None:
    value = _only(fields, b"content-type")
    if not value:
        return None
    kind, parameters = _parameters(value, "Content-Type")
    if kind.startswith("multipart/"):
        raise Invalid("a part of the form holds parts of its own; send each as a part of the form")
    _check_charset(parameters, "Content-Type")
    text = value.decode()
    if not _PRINTABLE.fullmatch(text):
        raise Invalid("a part's `Content-Type` holds more than printable ASCII; send a plain one")
    return text


def _only(fields: list[Header], name: bytes) -> bytes | None:
    """The one header field of this name, `None` if there is none. Raises Invalid when there are more."""
    found = [value.strip(b" \t") for field, value in fields if field == name]
    if len(found) > 1:
        raise Invalid(f"a part of the form has two `{name.decode().title()}`; send one")
    return found[0] if found else None


def _parameters(value: bytes, header: str) -> tuple[str, dict[str, str]]:
    """A header's value in lower case, and its parameters. Raises Invalid when two readers could read it differently."""
    if len(value) > _LONGEST or _CONTROL.search(value):
        raise Invalid(f"a `{header}` is too long or holds a control character; send a plain one")
    message = Message()
    try:
        message[header] = value.decode()
    except UnicodeDecodeError:
        raise Invalid(f"a `{header}` of the form is not UTF-8; encode it again") from None
    (kind, _), *pairs = message.get_params([("", "")], header)
    parameters = dict[str, str]()
    for name, text in pairs:
        if name == "filename" and not isinstance(text, str):
            continue  # `filename*` beside `filename`: some clients send both, and RFC 7578 knows only the plain one
        if name in parameters or not isinstance(text, str):
            raise Invalid(
                f"a `{header}` of the form has `{shown(name)}` twice, or as `{shown(name)}*`; send it once, in plain"
            )
        parameters[name] = text
    return kind.strip().lower(), parameters


def _check_charset(parameters: dict[str, str], header: str) -> None:
    if parameters.get("charset", "utf-8").lower() not in _UTF_8:
        raise Invalid(f"a `{header}` of the form names a charset other than UTF-8; send UTF-8")
