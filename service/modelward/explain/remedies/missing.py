"""What is named and has no record (L8, R7, R8): it gets one, with a list of the models asked for and no others."""

from modelward.contract import JsonObject, Organization, Project, Rule, Team, Token, TokenRecords, TokenSettings, User
from modelward.explain.report import Call
from modelward.explain.situation import Edit, Judged, Step


def team(judged: Judged, rule: Rule) -> Step | None:
    """The team that a key names."""
    wanted = judged.key and judged.key.team_id
    if not wanted:
        return None
    made = Team(team_id=wanted, models=judged.request.models)
    return _step("team", wanted, judged, lambda situation: situation.with_caller(team=made))


def project(judged: Judged, rule: Rule) -> Step | None:
    """The project that a key names."""
    wanted = judged.key and judged.key.project_id
    if not wanted:
        return None
    made = Project(project_id=wanted, models=judged.request.models)
    return _step("project", wanted, judged, lambda situation: situation.with_caller(project=made))


def organization(judged: Judged, rule: Rule) -> Step | None:
    """The first organization that a key, a token or a team names and that is not there (L6)."""
    known = judged.situation.caller.organizations
    naming = (judged.key, judged.token, judged.team)
    named = [holder.organization_id for holder in naming if holder is not None and holder.organization_id]
    wanted = next((id_ for id_ in named if id_ not in known), None)
    if wanted is None:
        return None
    made = Organization(organization_id=wanted, models=judged.request.models)
    return _step(
        "organization",
        wanted,
        judged,
        lambda situation: situation.with_caller(organizations={**situation.caller.organizations, wanted: made}),
        {"organization_alias": wanted},
    )


def token_team(judged: Judged, rule: Rule) -> Step | None:
    """The team that a token claims, by id or by alias."""
    token, records = judged.token, judged.situation.caller.records or TokenRecords()
    if token is None:
        return None
    named = [token.chosen_team_id, token.object_id, token.team_id, *token.team_ids[:1]]
    named += [] if token.team_alias else [token.team_id_default]
    wanted = next((id_ for id_ in named if id_ and id_ not in records.teams), None)
    if wanted is not None:
        return team_record(judged, wanted)
    alias = token.team_alias
    return team_record(judged, alias, alias) if alias and not records.teams_of_alias else None


def team_record(judged: Judged, team_id: str, alias: str | None = None) -> Step:
    """A record for a team of a token."""
    made = Team(team_id=team_id, team_alias=alias, models=judged.request.models)

    def edit_records(records: TokenRecords) -> JsonObject:
        of_alias = [*records.teams_of_alias, *([team_id] if alias else [])]
        return {"teams": {**records.teams, team_id: made}, "teams_of_alias": of_alias}

    return _step(
        "team",
        team_id,
        judged,
        lambda situation: situation.with_records(**edit_records(situation.caller.records or TokenRecords())),
        {"team_alias": alias} if alias else {},
    )


def token_user(judged: Judged, rule: Rule) -> Step | None:
    """The user that a token names."""
    token, records = judged.token, judged.situation.caller.records or TokenRecords()
    wanted = token and _user_id(token, judged.situation.catalog.tokens)
    if not wanted:
        return None
    made = User(user_id=wanted, models=judged.request.models)
    return _step(
        "user",
        wanted,
        judged,
        lambda situation: situation.with_records(users={**records.users, wanted: made}),
        {"auto_create_key": False},
    )


def _user_id(token: Token, tokens: TokenSettings) -> str | None:
    mapped = next((each.internal_role for each in tokens.role_mappings if each.role in token.roles), None)
    return token.user_id or (token.object_id if mapped == "internal_user" else None) or token.email


def _step(kind: str, id_: str, judged: Judged, edit: Edit, more: JsonObject | None = None) -> Step:
    body = {f"{kind}_id": id_, "models": judged.request.models, **(more or {})}
    return Step(f"give {kind} `{id_}` a record", edit, call=Call("POST", f"/{kind}/new", body))
