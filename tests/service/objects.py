"""A provider that keeps what it is given, and a Modelward in front of it whose callers own what they make."""

import itertools
import json
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from harness.gateway import Gateway
from harness.upstream import Call, Reply, Upstream, upstream
from harness.wire import Answer, exchange
from service.batching import FORM, form
from service.conftest import Place

_KINDS: Mapping[str, str] = {
    "assistants": "asst",
    "containers": "cntr",
    "conversations": "conv",
    "evals": "eval",
    "files": "file",
    "responses": "resp",
    "threads": "thread",
    "vector_stores": "vs",
    "videos": "video",
}


def reply(value: object, status: int = 200) -> Reply:
    """A JSON answer."""
    return Reply(status, json.dumps(value).encode())


@dataclass
class Objects:
    """Answers as a provider of OpenAI's style: a POST to a collection makes an object, and it is there by its id.

    `special` answers paths in its place.
    """

    made: dict[str, dict[str, Any]] = field(default_factory=dict)
    special: dict[str, Callable[[Call], Reply]] = field(default_factory=dict)
    numbers: Iterator[int] = field(default_factory=itertools.count)

    def __call__(self, call: Call) -> Reply:
        path = call.path.partition("?")[0].removeprefix("/v1/")
        if path in self.special:
            return self.special[path](call)
        collection, _, rest = path.partition("/")
        if call.method == "POST" and not rest and collection in _KINDS:
            made = {"id": f"{_KINDS[collection]}_{next(self.numbers)}", "object": collection}
            self.made[made["id"]] = made
            return reply(made)
        id_ = rest.partition("/")[0]
        if id_ not in self.made:
            return reply({"error": {"message": "no such thing"}}, 404)
        if call.method == "DELETE" and rest == id_:
            del self.made[id_]
            return reply({"id": id_, "deleted": True})
        return reply(self.made[id_])


@dataclass(frozen=True)
class Owned:
    """The running service; the models `allowed` and `other` are served by `provider`, all in one account."""

    served: Gateway
    provider: Upstream
    objects: Objects

    def key(self, **fields: object) -> str:
        """A fresh key."""
        return self.served.new_key(**fields)

    def team(self, team_id: str) -> str:
        """A fresh team."""
        self.served.manage("/team/new", {"team_id": team_id})
        return team_id

    def make(self, collection: str, key: str, **content: object) -> str:
        """Make an object, and give its id."""
        answer = self.served.call("POST", f"/v1/{collection}", key=key, content=content)
        assert answer.status == 200, answer.text
        return str(answer.json()["id"])

    def made_file(self, key: str) -> str:
        """Upload a file, and give its id."""
        headers = {"Content-Type": FORM, "Authorization": f"Bearer {key}"}
        body = form(b"text", {"purpose": "user_data"})
        answer = exchange(self.served.port, "POST", "/v1/files", headers=headers, body=body)
        assert answer.status == 200, answer.text
        return str(answer.json()["id"])

    def call(self, method: str, path: str, key: str, content: object = None) -> Answer:
        """One request; the calls of the provider begin anew."""
        self.provider.calls.clear()
        return self.served.call(method, path, key=key, content=content)


@contextmanager
def owned(folder: Path) -> Iterator[Owned]:
    """The service, stopped when the block ends."""
    with upstream() as provider:
        objects = Objects()
        provider.script = objects
        place = Place(folder, provider)
        place.write("allowed", "other")
        with place.serve() as served:
            yield Owned(served, provider, objects)
