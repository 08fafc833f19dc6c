"""What the API says of itself is what it does."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
from fastapi.openapi.models import OpenAPI

from admin.client import Client
from admin.files import files_of
from admin.routes import CLAIMED, MAPPING, MISSING, NO_KEY, NO_RECORD, ROUTES, TAKEN, Fields
from modelward.gateway.gate import PUBLIC
from store.databases import OTHER

EVERYWHERE = {"400", "401", "403", "503"}
EACH_ROUTE = pytest.mark.parametrize(
    ("method", "path"), [(method.upper(), path) for path in ROUTES for method in sorted(ROUTES[path])]
)
Document = dict[str, Any]


@pytest.fixture
async def document(admin: Client) -> Document:
    """The API's description."""
    found: Document = await admin.shown("/openapi.json")
    return found


def operations(document: Document) -> Iterator[tuple[str, str, Document]]:
    """Every route's method, path and description."""
    for path, methods in document["paths"].items():
        for method, operation in methods.items():
            yield method.upper(), path, operation


def values(node: object) -> Iterator[tuple[str, object]]:
    """Every name of every object, with what it holds."""
    if isinstance(node, dict):
        yield from node.items()
    for child in node.values() if isinstance(node, dict) else node if isinstance(node, list) else ():
        yield from values(child)


async def ask(admin: Client, method: str, path: str, fields: Fields) -> httpx.Response:
    """The answer to a request with that body, or query if it is a GET."""
    if method == "GET":
        return await admin.get(path, **{name: str(value) for name, value in fields.items()})
    return await admin.send(method, path, fields)


def example(document: Document, method: str, path: str) -> Fields:
    """What the document says may be sent there: the body, or the query of a GET."""
    operation = document["paths"][path][method.lower()]
    if method == "GET":
        query = [each for each in operation.get("parameters", []) if each["in"] == "query"]
        return {each["name"]: each["schema"]["examples"][0] for each in query if "examples" in each["schema"]}
    if "requestBody" not in operation:
        return {}
    schema = operation["requestBody"]["content"]["application/json"]["schema"]
    reference = schema.get("$ref") or schema["anyOf"][0]["$ref"]
    found: Fields = document["components"]["schemas"][reference.rpartition("/")[2]]["examples"][0]
    return found


async def test_it_holds_every_route(admin: Client, document: Document) -> None:
    assert {path: set(methods) for path, methods in document["paths"].items()} == ROUTES


async def test_its_page_loads_nothing_from_elsewhere(admin: Client) -> None:
    page = (await admin.get("/docs")).text
    loaded = re.findall(r"""(?:src|href|url)["']?[=:]\s*["']([^"']+)["']""", page)
    assert "/openapi.json" in loaded
    assert {"/docs", *loaded} == PUBLIC
    for path in loaded:
        answer = await admin.get(path)
        assert answer.status_code == 200
        assert answer.content


async def test_it_is_openapi(document: Document) -> None:
    OpenAPI.model_validate(document)
    names = [operation["operationId"] for _, _, operation in operations(document)]
    assert len(set(names)) == len(names)
    for _, path, operation in operations(document):
        named = {each["name"] for each in operation.get("parameters", []) if each["in"] == "path"}
        assert named == set(re.findall("{(.*?)}", path))


async def test_every_form_it_points_to_is_there_and_every_form_is_used(document: Document) -> None:
    pointed = {str(value) for name, value in values(document) if name == "$ref"}
    assert pointed == {f"#/components/schemas/{name}" for name in document["components"]["schemas"]}


async def test_every_route_needs_a_bearer(document: Document) -> None:
    ((name, scheme),) = document["components"]["securitySchemes"].items()
    assert (scheme["type"], scheme["scheme"]) == ("http", "bearer")
    for _, _, operation in operations(document):
        assert operation["security"] == [{name: []}]


async def test_every_error_has_one_form_and_none_is_422(document: Document) -> None:
    for _, _, operation in operations(document):
        errors = {status: answer for status, answer in operation["responses"].items() if status >= "400"}
        assert errors.keys() >= EVERYWHERE
        assert "422" not in errors
        for answer in errors.values():
            assert answer["content"]["application/json"]["schema"] == {"$ref": "#/components/schemas/ErrorAnswer"}


async def test_every_answer_has_a_form(document: Document) -> None:
    for _, _, operation in operations(document):
        (status,) = operation["responses"].keys() & {"200", "201", "204"}
        answer = operation["responses"][status]
        assert status == "204" or answer["content"]["application/json"]["schema"]


async def test_it_names_the_refusals_that_occur_and_no_others(document: Document) -> None:
    occur = {(method, path, "404") for method, path, _ in MISSING} | {
        (method, path, "409") for method, path, _ in TAKEN
    }
    named = {
        (method, path, status)
        for method, path, operation in operations(document)
        for status in operation["responses"].keys() - EVERYWHERE - {"200", "201", "204"}
    }
    assert named == occur


@pytest.mark.parametrize(("method", "path", "fields"), MISSING)
async def test_a_record_that_is_missing_is_404(admin: Client, method: str, path: str, fields: Fields) -> None:
    answer = await ask(admin, method, path.format(key=NO_KEY, access_group_id=NO_RECORD), fields)
    assert (answer.status_code, answer.json()["error"]["code"]) == (404, "404")


@pytest.mark.parametrize(("method", "path", "fields"), TAKEN)
async def test_a_record_that_is_declared_or_taken_is_409(admin: Client, method: str, path: str, fields: Fields) -> None:
    await admin.made(f"{MAPPING}/new", **CLAIMED)
    answer = await ask(admin, method, path.format(key=OTHER, access_group_id="declared-group"), fields)
    assert (answer.status_code, answer.json()["error"]["code"]) == (409, "409")


@EACH_ROUTE
async def test_an_unknown_parameter_is_400_and_a_lost_database_503(
    admin: Client, tmp_path: Path, document: Document, method: str, path: str
) -> None:
    sent, named = example(document, method, path), path.format(key="sk-1234", access_group_id="production")
    query = {**sent, "surprise": 1} if method == "GET" else sent
    suffix = "" if method == "GET" else "?surprise=1"
    assert (await ask(admin, method, f"{named}{suffix}", query)).status_code == 400
    for file in files_of(tmp_path):
        file.unlink()
    answer = await ask(admin, method, named, sent)
    assert (answer.status_code, answer.json()["error"]["code"]) == (503, "503")
