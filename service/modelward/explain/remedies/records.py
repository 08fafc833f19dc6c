"""Changes of records: in the config where that declares them, else by calls of the management API."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

from modelward.contract import (
    JsonObject,
    Key,
    Member,
    Organization,
    Project,
    Rule,
    Team,
    User,
)
from modelward.explain.report import ManagementCall
from modelward.explain.situation import (
    JudgedSituation,
    Situation,
    Step,
    SubjectRecord,
    id_of,
    kind_of,
    longer,
    paths,
    quoted,
)

_NO_MODELS = "no-default-models"


def _title(record: SubjectRecord) -> str:
    """A record in words; a key is never shown, only its alias or the beginning of its hash."""
    if isinstance(record, Key):
        return f"key `{record.key_alias or record.token[:12]}`" if record.token else "the key"
    if isinstance(record, Member):
        return f"member `{record.user_id}` of team `{record.team_id}`"
    return f"{kind_of(record).name} `{id_of(record)}`"


def _call(record: SubjectRecord, fields: JsonObject) -> ManagementCall:
    """The call that changes these fields of a record of the store, or makes the key that was made up to ask."""
    kind = kind_of(record)
    if isinstance(record, Key) and not record.token:
        owners = {"team_id": record.team_id, "user_id": record.user_id}
        return ManagementCall("POST", "/key/generate", {**{name: id_ for name, id_ in owners.items() if id_}, **fields})
    named = {name: getattr(record, field) for name, field in kind.ids.items()}
    return ManagementCall(kind.method, kind.path, {**named, **fields})


def _setting(judged: JudgedSituation, record: SubjectRecord, words: str, **fields: Any) -> Step:
    """Fields of a record get other values."""
    return _editing(judged, record, words, fields, {name: _always(value) for name, value in fields.items()})


def _editing(
    judged: JudgedSituation,
    record: SubjectRecord,
    words: str,
    body: JsonObject,
    changes: Mapping[str, Callable[[Any], Any]],
) -> Step:
    """Fields of a record are changed; `body` says so to the API."""
    declared = judged.place(record)

    def edit(situation: Situation) -> Situation:
        return situation.with_record(record, changes)

    return Step(words, edit, declared, None if declared else _call(record, body))


def _always(value: Any) -> Callable[[Any], Any]:
    return lambda _: value


def adding(judged: JudgedSituation, record: SubjectRecord, names: list[str], without: str = "") -> Step:
    """Names are added to the list of a record, in the place of the item `without`."""

    def changed(models: list[str]) -> list[str]:
        return longer([model for model in models if model != without], names)

    field = kind_of(record).models
    words = f"add {quoted(names)} to `{field}` of {_title(record)}"
    if without:
        words = f"replace `{without}` by {quoted(names)} in `{field}` of {_title(record)}"
    return _editing(judged, record, words, {field: changed(getattr(record, field))}, {field: changed})


def add_models(judged: JudgedSituation, rule: Rule) -> Step | None:
    """The list of the record does not cover: the model's own name is added, which touches no other model."""
    record, names = judged.record(rule), judged.uncovered(rule.name)
    return adding(judged, record, names) if record is not None and names else None


def add_personal_models(judged: JudgedSituation, rule: Rule) -> Step | None:
    """The owner's list gives personal keys nothing (G8)."""
    user = judged.user
    return None if user is None else adding(judged, user, judged.uncovered(rule.name), without=_NO_MODELS)


def add_models_to_owner_team(judged: JudgedSituation, rule: Rule) -> Step | None:
    """One team of the owner must have the models (L11)."""
    names, user = judged.uncovered(rule.name), judged.user
    teams = [team for team in judged.situation.caller.owner_teams if not team.blocked]
    if teams:
        return adding(judged, teams[0], names)
    made = Team(team_id="made for this", models=names)

    def edit(situation: Situation) -> Situation:
        return situation.changed(lambda teams: [*teams, made], "asked", "caller", "owner_teams")

    if user is not None:
        body = {"models": names, "members_with_roles": [{"user_id": user.user_id, "role": "user"}]}
        words = f"put user `{user.user_id}` in a team that has {quoted(names)}"
        return Step(words, edit, call=ManagementCall("POST", "/team/new", body))
    if judged.key is None:
        return None
    owner = User(user_id=judged.key.user_id or "", teams=[made.team_id])
    words = f"give user `{judged.key.user_id}` a record, in a team that has {quoted(names)}"
    return Step(words, lambda situation: edit(situation.changed(lambda _: owner, "asked", "caller", "user")))


def add_key_route(judged: JudgedSituation, _: Rule) -> Step | None:
    """The key's list of routes does not have this one (A3)."""
    if judged.key is None:
        return None
    routes = [*judged.key.allowed_routes, *paths(judged)]
    words = f"add {quoted(paths(judged))} to `allowed_routes` of {_title(judged.key)}"
    return _setting(judged, judged.key, words, allowed_routes=routes)


def unblock(judged: JudgedSituation, rule: Rule) -> Step | None:
    """The record is blocked (A2)."""
    record = judged.record(rule)
    return None if record is None else unblocked(judged, record)


def unblocked(judged: JudgedSituation, record: SubjectRecord) -> Step:
    """The record without its block."""
    return _setting(judged, record, f"set `blocked: false` on {_title(record)}", blocked=False)


def renew(judged: JudgedSituation, _: Rule) -> Step | None:
    """A key that has expired gets another month (A2)."""
    key = judged.key
    if key is None:
        return None
    later = datetime.fromtimestamp(judged.request.time_ns / 1e9, UTC) + timedelta(days=30)
    words = f"give {_title(key)} a later `expires`"
    return _editing(judged, key, words, {"duration": "30d"}, {"expires": _always(later)})


def activate(judged: JudgedSituation, _: Rule) -> Step | None:
    """A user that its identity provider has switched off (A2)."""
    user = judged.user
    if user is None:
        return None
    metadata = {**user.metadata, "scim_active": True}
    words = f"set `metadata.scim_active: true` on {_title(user)}"
    return _setting(judged, user, words, metadata=metadata)


def change_role(judged: JudgedSituation, _: Rule) -> Step | None:
    """A view-only admin calls no models (A2)."""
    user = judged.user
    if user is None:
        return None
    words = f"set `user_role: internal_user` on {_title(user)}, or use a key of another user"
    return _setting(judged, user, words, user_role="internal_user")


def create_team(judged: JudgedSituation, _: Rule) -> Step | None:
    """The team that a key names has no record (L8)."""
    wanted = judged.key and judged.key.team_id
    return _creating(judged, Team(team_id=wanted, models=judged.request.models), "team") if wanted else None


def create_project(judged: JudgedSituation, _: Rule) -> Step | None:
    """The project that a key names has no record (L8)."""
    wanted = judged.key and judged.key.project_id
    return _creating(judged, Project(project_id=wanted, models=judged.request.models), "project") if wanted else None


def create_organization(judged: JudgedSituation, _: Rule) -> Step | None:
    """The first organization that a key, a token or a team names and that has no record (L6)."""
    holders = (judged.key, judged.token, judged.team)
    named = [holder.organization_id for holder in holders if holder is not None and holder.organization_id]
    wanted = next((id_ for id_ in named if id_ not in judged.situation.caller.organizations), None)
    if wanted is None:
        return None
    made = Organization(organization_id=wanted, models=judged.request.models)
    return _creating(judged, made, "organizations", wanted, organization_alias=wanted)


def create_token_team(judged: JudgedSituation, _: Rule) -> Step | None:
    """The team that a token claims, by id or by alias, has no record (R7)."""
    token, records = judged.token, judged.situation.caller.records
    if token is None or records is None:
        return None
    if wanted := judged.explanation.named.team_id:
        return team_of_token(judged, wanted)
    return _team_of_alias(judged, token.team_alias) if token.team_alias and not records.teams_of_alias else None


def team_of_token(judged: JudgedSituation, team_id: str) -> Step:
    """A record for a team of a token."""
    return _creating(judged, Team(team_id=team_id, models=judged.request.models), "records", "teams", team_id)


def _team_of_alias(judged: JudgedSituation, alias: str) -> Step:
    made = Team(team_id=alias, team_alias=alias, models=judged.request.models)
    step = _creating(judged, made, "records", "teams", alias, team_alias=alias)

    def edit(situation: Situation) -> Situation:
        named = situation.changed(lambda ids: [*ids, alias], "asked", "caller", "records", "teams_of_alias")
        return named.changed(lambda _: made, "asked", "caller", "records", "teams", alias)

    return replace(step, edit=edit)


def create_token_user(judged: JudgedSituation, _: Rule) -> Step | None:
    """The user that a token names has no record (R8)."""
    wanted = judged.explanation.named.user_id
    if not wanted:
        return None
    made = User(user_id=wanted, models=judged.request.models)
    return _creating(judged, made, "records", "users", wanted, auto_create_key=False)


def _creating(judged: JudgedSituation, made: SubjectRecord, *path: str, **more: object) -> Step:
    """What has no record gets one, at `path` of the caller, with a list of the models asked for and no others."""
    kind, id_ = kind_of(made).name, id_of(made)
    call = ManagementCall("POST", f"/{kind}/new", {f"{kind}_id": id_, "models": judged.request.models, **more})
    words = f"give {kind} `{id_}` a record"
    return Step(words, lambda situation: situation.changed(lambda _: made, "asked", "caller", *path), call=call)
