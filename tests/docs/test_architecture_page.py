"""The page about the architecture names every room of the service and every package of the policies."""

import re

import pytest

from docs.pages import page, table
from harness.bundles import POLICIES, REPOSITORY

PAGE = "docs/architecture.md"
SERVICE = REPOSITORY / "service/modelward"
ROOMS = sorted({path.parent.relative_to(SERVICE) for path in SERVICE.rglob("*.py")})[1:]


@pytest.mark.parametrize("room", ROOMS, ids=str)
def test_every_package_of_the_service_is_named(room: object) -> None:
    named = {word.strip("/") for word in re.findall(r"`([\w/]+)`", page(PAGE))}
    assert named & {str(room), str(room).rpartition("/")[2]}


def test_every_package_of_the_policies_is_in_the_table() -> None:
    named = {word for row in table(PAGE, "package") for word in re.findall(r"\w+", row[0])}
    assert named == {path.name for path in (POLICIES / "modelward").iterdir() if path.is_dir()}


def test_the_picture_draws_only_rooms_that_the_tables_have() -> None:
    picture = page(PAGE).partition("```mermaid")[2].partition("```")[0]
    drawn = set(re.findall(r"\b([a-z]+)/", picture)) - {"policies"}
    assert drawn <= {word for row in table(PAGE, "room") for word in re.findall(r"\w+", row[0])}
