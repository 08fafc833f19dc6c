"""An access case as a question: its records and its token's claims as contract values."""

from datetime import UTC, datetime, timedelta
from typing import Any

from access.cases import Case
from engines.case_tokens import token
from engines.words import NOW, moment
from modelward.contract import (
    AccessGroup,
    Caller,
    Customer,
    Input,
    Key,
    Member,
    Organization,
    Project,
    Request,
    Team,
    TokenRecords,
    User,
)

_HASH = "0" * 64
_GROUPS = {"POST": ["openai_routes", "llm_api_routes"], "GET": ["openai_routes", "info_routes"]}
_NEITHER = {"members_with_roles", "organizations"}

Facts = dict[str, Any]


def config(case: Case) -> Facts:
    """The case's config.yaml, each deployment with an id and an address, and the JWT settings in their place."""
    rows = [
        {
            **row,
            "litellm_params": {**row["litellm_params"], "api_base": "http://upstream"},
            "model_info": {"id": f"d{place}", **row.get("model_info", {})},
        }
        for place, row in enumerate(case.deployments)
    ]
    jwt = case.jwt or {}
    words = {word: jwt[word] for word in ("litellm_jwtauth", "role_permissions") if word in jwt}
    general = {**case.fields["config"].get("general_settings", {}), **words}
    return {**case.fields["config"], "model_list": rows, "general_settings": general}


def question(case: Case) -> Input:
    """What the service would ask, for a case without oddities of form."""
    method, path = case.request["method"], case.request["path"].split("?")[0]
    operation = "infer" if method == "POST" else "list"
    models = [case.request["body"]["model"]] if method == "POST" else []
    segments = [path.split("/")]
    request = Request(method, path, path, operation, _GROUPS[method], models, time_ns=NOW, segments=segments)  # type: ignore[arg-type]
    caller = _bearer(case) if case.jwt and not _is_mapped(case) else _key(case)
    return Input(request, caller, _customer(case))


def _key(case: Case) -> Caller:
    """Of an expiry only counts whether it is past; copies on a key decide nothing (L12)."""
    facts = {name: fact for name, fact in _known(case.subjects["key"]).items() if name in Key.model_fields}
    key = Key(token=_HASH, **{**facts, "expires": _expiry(facts.get("expires"))})
    teams, users, members = _teams(case), _users(case), _members(case)
    user = users.get(key.user_id or "")
    project = case.subjects.get("project")
    return Caller(
        kind="key",
        key=key,
        team=teams.get(key.team_id or ""),
        user=user,
        member=next((each for each in members if (each.user_id, each.team_id) == (key.user_id, key.team_id)), None),
        owner_teams=[teams[one] for one in user.teams if one in teams] if user else [],
        project=Project(**project) if project else None,
        **_shared(case),
    )


def _expiry(time: str | None) -> datetime | None:
    if time is None:
        return None
    return datetime.fromtimestamp(1, UTC) if time < "2026" else moment(NOW) + timedelta(seconds=1)


def _bearer(case: Case) -> Caller:
    read = token(case.jwt or {}, case.request.get("headers", {}))
    teams = _teams(case)
    records = TokenRecords(
        teams=teams,
        teams_of_alias=[one for one, team in teams.items() if team.team_alias and team.team_alias == read.team_alias],
        users=_users(case),
        members=_members(case),
    )
    return Caller(kind="jwt", token=read, records=records, **_shared(case))


def _is_mapped(case: Case) -> bool:
    """Whether a claim of the token is mapped to the key (R9)."""
    claims = (case.jwt or {})["claims"]
    mappings = case.subjects.get("jwt_key_mapping", [])
    return any(claims.get(each["jwt_claim_name"]) == each["jwt_claim_value"] for each in mappings)


def _customer(case: Case) -> Customer | None:
    facts = case.subjects.get("end_user")
    named = [case.request.get("body", {}).get("user"), case.request.get("headers", {}).get("x-litellm-end-user-id")]
    if not facts or facts["user_id"] not in named:
        return None
    return Customer(**facts)


def _teams(case: Case) -> dict[str, Team]:
    given = [case.subjects.get("team"), *case.subjects.get("teams", [])]
    return {facts["team_id"]: Team(**_known(facts)) for facts in given if facts}


def _users(case: Case) -> dict[str, User]:
    facts = case.subjects.get("user")
    return {facts["user_id"]: User(**_known(facts))} if facts else {}


def _members(case: Case) -> list[Member]:
    facts = case.subjects.get("team_member")
    return [Member(**_known(facts))] if facts else []


def _shared(case: Case) -> Facts:
    organization, groups = case.subjects.get("org"), case.subjects.get("access_groups", [])
    return {
        "organizations": {organization["organization_id"]: Organization(**organization)} if organization else {},
        "access_groups": {each["access_group_id"]: AccessGroup(**_known(each)) for each in groups},
    }


def _known(facts: Facts) -> Facts:
    """The record, its key named by its hash."""
    known = {word: value for word, value in facts.items() if word not in _NEITHER}
    if "assigned_key_ids" in known:
        named = known["assigned_key_ids"]
        known["assigned_key_ids"] = [_HASH if one == "<sha256 of the key>" else one for one in named]
    return known
