"""The page about the architecture: every room with what it imports, and every package of the policies."""

import re

import pytest

from docs.pages import page, table
from harness.bundles import POLICIES, REPOSITORY
from test_imports import EDGES

PAGE = "docs/architecture.md"
SERVICE = REPOSITORY / "service/modelward"
PACKAGES = sorted({path.parent.relative_to(SERVICE) for path in SERVICE.rglob("*.py")})[1:]


def _imports(first_header: str) -> dict[str, str]:
    """What each room of a table imports, by its path in the service."""
    return {room.rstrip("/"): imports for room, _, imports in table(PAGE, first_header)}


def _path(room: str) -> str:
    path = room.replace(".", "/")
    return path if (SERVICE / path).is_dir() else f"{path}.py"


def _words(rooms: set[str]) -> str:
    return ", ".join(sorted(rooms)) or "nothing"


@pytest.mark.parametrize("package", PACKAGES, ids=str)
def test_every_package_of_the_service_is_named(package: object) -> None:
    named = {word.strip("/") for word in re.findall(r"`([\w/]+)`", page(PAGE))}
    assert named & {str(package), str(package).rpartition("/")[2]}


def test_every_room_imports_what_the_page_says() -> None:
    found: dict[str, set[str]] = {}
    for room, others in EDGES.items():
        top = room.partition(".")[0]
        found.setdefault(top, set()).update({other.partition(".")[0] for other in others} - {top})
    del found["__main__"]
    assert _imports("room") == {_path(room): _words(others) for room, others in found.items()}


def test_every_room_of_the_gateway_imports_what_the_page_says() -> None:
    inside = "gateway."
    found = {
        _path(room): _words({other.removeprefix(inside) for other in others if other.startswith(inside)})
        for room, others in EDGES.items()
        if room.startswith(inside)
    }
    assert _imports("room of the gateway") == found


def test_every_package_of_the_policies_is_in_the_table() -> None:
    named = {word for row in table(PAGE, "package") for word in re.findall(r"\w+", row[0])}
    assert named == {path.name for path in (POLICIES / "modelward").iterdir() if path.is_dir()}


def test_every_file_that_the_way_of_a_request_names_is_there() -> None:
    way = page(PAGE).partition("## The policies")[0]
    named = re.findall(r"`((?:\w+/)*\w+(?:\.py|/))`", way) + re.findall(r"\b(\w+/\w*(?:\.py)?)", _picture())
    missing = [name for name in named if not (SERVICE / name).exists() and name != "policies/"]
    assert missing == []


def _picture() -> str:
    return page(PAGE).partition("```mermaid")[2].partition("```")[0]
