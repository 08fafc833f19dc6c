"""A list holds the caller's own objects, each as its upstream tells of it now, and nothing of anybody else's."""

from collections.abc import Iterator

import pytest

from service.objects import Owned, owned, reply


@pytest.fixture(scope="module")
def service(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Owned]:
    """One service for all tests of this file; each makes keys of its own."""
    with owned(tmp_path_factory.mktemp("owned")) as running:
        yield running


def test_a_list_holds_the_callers_own_objects_alone(service: Owned) -> None:
    key = service.key()
    mine = [service.make("vector_stores", key) for _ in range(3)]
    service.make("vector_stores", service.key())
    listed = service.call("GET", "/v1/vector_stores", key).json()
    assert [each["id"] for each in listed["data"]] == mine[::-1]
    assert (listed["first_id"], listed["last_id"], listed["has_more"]) == (mine[2], mine[0], False)
    assert all("vs_" in call.path for call in service.provider.calls)


def test_a_list_is_paged(service: Owned) -> None:
    key = service.key()
    mine = [service.make("vector_stores", key) for _ in range(3)]
    first = service.call("GET", "/v1/vector_stores?limit=2&order=asc", key).json()
    assert ([each["id"] for each in first["data"]], first["has_more"]) == (mine[:2], True)
    second = service.call("GET", f"/v1/vector_stores?limit=2&order=asc&after={first['last_id']}", key).json()
    assert ([each["id"] for each in second["data"]], second["has_more"]) == (mine[2:], False)


def test_what_is_gone_at_the_upstream_is_left_out_of_a_list_and_forgotten(service: Owned) -> None:
    key = service.key()
    kept, gone = service.make("vector_stores", key), service.make("vector_stores", key)
    del service.objects.made[gone]
    assert [each["id"] for each in service.call("GET", "/v1/vector_stores", key).json()["data"]] == [kept]
    service.call("GET", f"/v1/vector_stores/{gone}", key)
    assert not service.provider.calls


def test_a_list_fails_as_its_upstream_does(service: Owned) -> None:
    key = service.key()
    made = service.make("vector_stores", key)
    service.objects.special[f"vector_stores/{made}"] = lambda _: reply({}, 500)
    assert service.call("GET", "/v1/vector_stores", key).status == 502


@pytest.mark.parametrize("query", ["limit=0", "limit=x", "order=up", "before=a", "limit=1&limit=2"])
def test_a_list_asked_for_in_an_unknown_way_is_refused(service: Owned, query: str) -> None:
    assert service.call("GET", f"/v1/vector_stores?{query}", service.key()).status == 400
