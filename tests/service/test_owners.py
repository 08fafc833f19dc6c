"""Objects stay with whom they were made by, whatever becomes of its secret, and go to nobody who takes its name."""

import threading
from collections.abc import Iterator
from itertools import count

import pytest

from harness.process import eventually
from harness.upstream import Call, Reply
from service.objects import Owned, owned, reply

RESPONSE = {"model": "allowed", "input": "hello"}
_numbers = count()


@pytest.fixture(scope="module")
def service(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Owned]:
    """One service for all tests of this file."""
    with owned(tmp_path_factory.mktemp("owners")) as running:
        yield running


def _has(service: Owned, key: str, made: str) -> bool:
    answer = service.call("GET", f"/v1/responses/{made}", key)
    assert answer.status in {200, 404}
    return answer.status == 200


@pytest.mark.parametrize("named", [True, False])
def test_a_key_keeps_its_objects_when_it_is_regenerated(service: Owned, named: bool) -> None:
    key = service.key()
    made = service.make("responses", key, **RESPONSE)
    path = f"/key/{key}/regenerate" if named else "/key/regenerate"
    new = service.served.manage(path, {} if named else {"key": key})["key"]
    assert _has(service, new, made)
    again = service.served.manage("/key/regenerate", {"key": new, "new_key": f"sk-again-{made}"})["key"]
    assert _has(service, again, made)


def test_a_new_key_with_a_deleted_ones_secret_has_none_of_its_objects(service: Owned) -> None:
    secret = f"sk-taken-{next(_numbers)}"
    key = service.key(key=secret)
    made = service.make("responses", key, **RESPONSE)
    service.served.manage("/key/delete", {"keys": [key]})
    assert not _has(service, service.key(key=secret), made)


def test_a_new_key_with_a_replaced_secret_has_none_of_the_objects(service: Owned) -> None:
    secret = f"sk-replaced-{next(_numbers)}"
    made = service.make("responses", service.key(key=secret), **RESPONSE)
    new = service.served.manage("/key/regenerate", {"key": secret})["key"]
    assert not _has(service, service.key(key=secret), made)
    assert _has(service, new, made)


def _team(service: Owned, name: str) -> str:
    service.served.manage("/team/new", {"team_id": name})
    return service.key(team_id=name)


def _user(service: Owned, name: str) -> str:
    service.served.manage("/user/new", {"user_id": name, "auto_create_key": False})
    return service.key(user_id=name)


WAYS = {
    "team": (_team, "/team/delete", "team_ids"),
    "user": (_user, "/user/delete", "user_ids"),
}


@pytest.mark.parametrize("way", WAYS)
def test_who_takes_a_deleted_ones_id_has_none_of_its_objects(service: Owned, way: str) -> None:
    new, path, field = WAYS[way]
    name = f"{way}-{next(_numbers)}"
    made = service.make("responses", new(service, name), **RESPONSE)
    service.served.manage(path, {field: [name]})
    later = new(service, name)
    assert not _has(service, later, made)
    assert service.call("POST", "/v1/responses", later, RESPONSE | {"previous_response_id": made}).status == 404
    assert service.call("GET", "/v1/vector_stores", later).json()["data"] == []


@pytest.mark.parametrize("way", WAYS)
def test_what_is_made_while_its_owner_is_deleted_is_nobodys(service: Owned, way: str) -> None:
    new, path, field = WAYS[way]
    name = f"{way}-{next(_numbers)}"
    key, asked, may_answer = new(service, name), threading.Event(), threading.Event()
    id_ = f"resp_late_{name}"

    def late(_: Call) -> Reply:
        asked.set()
        may_answer.wait(10)
        service.objects.made[id_] = {"id": id_}
        return reply({"id": id_})

    service.objects.special["responses"] = late
    thread = threading.Thread(target=lambda: service.served.call("POST", "/v1/responses", key=key, content=RESPONSE))
    thread.start()
    assert asked.wait(10)
    service.served.manage(path, {field: [name]})
    later = new(service, name)
    may_answer.set()
    thread.join(10)
    service.objects.special.clear()
    assert eventually(lambda: id_ in service.objects.made, 30)
    assert not _has(service, later, id_)


def test_objects_stay_with_the_team_that_a_key_leaves(service: Owned) -> None:
    first, second = f"first-{next(_numbers)}", f"second-{next(_numbers)}"
    key = _team(service, first)
    made = service.make("responses", key, **RESPONSE)
    _team(service, second)
    service.served.manage("/key/update", {"key": key, "team_id": second})
    assert not _has(service, key, made)
    assert _has(service, service.key(team_id=first), made)
