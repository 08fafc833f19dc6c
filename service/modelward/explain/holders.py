"""Those who hold a list of models, and how the management API and the config name them."""

from collections.abc import Callable
from dataclasses import dataclass

from modelward.contract import Customer, JsonObject, Key, Member, Organization, Project, Team, User
from modelward.explain.judged import Judged, Places
from modelward.explain.report import Call
from modelward.explain.situation import Record, id_of


@dataclass(frozen=True, slots=True)
class Way:
    """How records of one kind are changed: `fields` name the record in the body, by the record's own fields; `models`
    is what its list is called."""

    kind: str
    method: str
    path: str
    fields: dict[str, str]
    models: str = "models"


_WAYS: dict[type[Record], Way] = {
    Key: Way("key", "POST", "/key/update", {"key": "hash"}),
    Team: Way("team", "POST", "/team/update", {"team_id": "team_id"}),
    User: Way("user", "POST", "/user/update", {"user_id": "user_id"}),
    Member: Way(
        "member", "POST", "/team/member_update", {"team_id": "team_id", "user_id": "user_id"}, "allowed_models"
    ),
    Project: Way("project", "POST", "/project/update", {"project_id": "project_id"}),
    Organization: Way("organization", "PATCH", "/organization/update", {"organization_id": "organization_id"}),
    Customer: Way("customer", "POST", "/customer/update", {"user_id": "customer_id"}),
}

Holder = Callable[[Judged], Record | None]


def way_of(record: Record) -> Way:
    """How a record is changed."""
    return _WAYS[type(record)]


def title(record: Record) -> str:
    """A record in words; a key is never shown, only its alias or the beginning of its hash."""
    if isinstance(record, Key):
        return f"key `{record.alias or record.hash[:12]}`" if record.hash else "the key"
    if isinstance(record, Member):
        return f"member `{record.user_id}` of team `{record.team_id}`"
    return f"{way_of(record).kind} `{id_of(record)}`"


def place(record: Record, places: Places) -> str | None:
    """Where the config declares a record, `None` for one of the store."""
    return places.get((way_of(record).kind, id_of(record)))


def update(record: Record, fields: JsonObject) -> Call:
    """The call that changes these fields of a record of the store, or makes the key that was made up to ask."""
    way = way_of(record)
    if isinstance(record, Key) and not record.hash:
        owners = {"team_id": record.team_id, "user_id": record.user_id}
        return Call("POST", "/key/generate", {**{name: id_ for name, id_ in owners.items() if id_}, **fields})
    named = {name: getattr(record, attribute) for name, attribute in way.fields.items()}
    return Call(way.method, way.path, {**named, **fields})
