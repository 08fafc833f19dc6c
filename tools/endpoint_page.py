"""The part of `docs/endpoints.md` that is made from the table of endpoints.

`make docs` writes it anew.
"""

import sys
from collections.abc import Iterable, Iterator
from dataclasses import replace
from itertools import groupby
from pathlib import Path

from modelward.gateway.endpoints import PROVIDERS_PLACES, ROUTES
from modelward.gateway.routes import NESTED, SOCKET, Route

BEGIN = "<!-- made from the table of endpoints by `make docs`: do not edit -->\n"
END = "<!-- end of what is made -->\n"

_STYLES = {
    "openai": "OpenAI's style",
    "anthropic": "Anthropic's style",
    "google": "Gemini's style",
    "vertex": "Vertex AI's style",
    "bedrock": "Bedrock's style",
    "watsonx": "watsonx's style",
    "": "Modelward's own",
}
_FORMS = {"openai": "OpenAI's", "anthropic": "Anthropic's", "google": "Google's"}
_NO_PREFIX = "no prefix"
_HEAD = "| methods | path | operation | models named in | object | makes |\n| --- | --- | --- | --- | --- | --- |\n"

Endpoint = list[Route]
"""The rows of one endpoint, which is served below several prefixes."""


def page(text: str, routes: Iterable[Route] = ROUTES) -> str:
    """The page `text` with its made part made anew. Raises ValueError where the part's marks are not there."""
    return with_part(text, BEGIN, "".join(_sections(routes)))


def with_part(text: str, begin: str, made: str) -> str:
    """A page with `made` between the mark `begin` and the next END. Raises ValueError where these are not there."""
    head, _, rest = text.partition(begin)
    _, end, tail = rest.partition(END)
    if not end:
        raise ValueError("the page has no part to be made: its two marks are missing")
    return f"{head}{begin}\n{made}{END}{tail}"


def _sections(routes: Iterable[Route]) -> Iterator[str]:
    found = sorted(_endpoints(routes), key=lambda rows: list(_STYLES).index(_style(rows[0])))
    for style, of_style in groupby(found, key=lambda rows: _style(rows[0])):
        endpoints = list(of_style)
        yield f"### {_STYLES[style]}\n\nErrors have {_FORMS[endpoints[0][0].form]} form.\n\n"
        for mounts in dict.fromkeys(map(_mounts, endpoints)):
            here = [rows for rows in endpoints if _mounts(rows) == mounts]
            yield f"{mounts}{_HEAD}{''.join(map(_line, here))}\n"


def _endpoints(routes: Iterable[Route]) -> list[Endpoint]:
    """Rows that differ only in their prefix, together."""
    found: dict[tuple[str, Route], Endpoint] = {}
    for row in routes:
        found.setdefault((_path(row), replace(row, template="", groups=())), []).append(row)
    return list(found.values())


def _style(row: Route) -> str:
    return row.upstream.dialect if row.upstream else ""


def _path(row: Route) -> str:
    return f"/{row.upstream.path}" if row.upstream else row.template


def _mounts(rows: Endpoint) -> str:
    """Below which prefixes an endpoint is served, one line for each set of groups."""
    prefixes: dict[tuple[str, ...], list[str]] = {}
    for row in rows:
        prefix = row.template.removesuffix(_path(row))
        held = prefixes.setdefault(row.groups, [])
        if (shown := f"`{prefix}`" if prefix else _NO_PREFIX) not in held:
            held.append(shown)
    return "".join(_mount(each, groups) for groups, each in prefixes.items()) + "\n"


def _mount(prefixes: list[str], groups: tuple[str, ...]) -> str:
    held = f"in {_listed(_coded(groups))}\n"
    return f"- {held}" if prefixes == [_NO_PREFIX] else f"- below {_listed(prefixes)}: {held}"


def _line(rows: Endpoint) -> str:
    row = rows[0]
    methods = "any" if len(row.methods) > 3 else ", ".join(sorted(row.methods)).replace(SOCKET, "socket")
    cells = (methods, f"`{_path(row)}`", row.operation, _places(row), _words(row.holds or ""), _made(row))
    return f"| {' | '.join(cells)} |\n"


def _places(row: Route) -> str:
    if row.operation not in {"infer", "state"}:
        return ""
    found = ["the path"] if "{model}" in _path(row) else []
    if row.methods == {SOCKET}:
        found += ["`?model=`", "frames"]
    elif row.operation == "infer":
        found += _coded(f"{row.within}.{name}" if row.within else name for name in row.names)
    if row.reads != "none":
        nested = (where for where in row.nested if where not in NESTED and where not in PROVIDERS_PLACES)
        found += _coded(f"{row.within}.{where}" if row.within else where for where in nested)
    if row.chosen:
        found += _coded(("x-litellm-model", "target_model_names"))
    return ", ".join(found)


def _made(row: Route) -> str:
    return ", ".join(_words(kind) for kind in dict.fromkeys(kind for _, kind in row.makes))


def _words(kind: str) -> str:
    return kind.replace("_", " ")


def _coded(words: Iterable[str]) -> list[str]:
    return [f"`{word}`" for word in words]


def _listed(words: list[str]) -> str:
    return " and ".join(filter(None, (", ".join(words[:-1]), words[-1])))


if __name__ == "__main__":
    path = Path(sys.argv[1])
    path.write_text(page(path.read_text(encoding="utf-8")), encoding="utf-8")
