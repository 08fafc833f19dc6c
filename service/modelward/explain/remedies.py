"""What each denial needs to become a yes, with as little change for others as can be."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta

from modelward.contract import (
    Caller,
    Entry,
    JsonObject,
    Key,
    Member,
    Organization,
    Project,
    Rule,
    RuleRemedy,
    ScopeMapping,
    Team,
    TokenSettings,
    User,
)
from modelward.explain.case import KINDS, Case, Judged, SubjectRecord, id_of
from modelward.explain.report import Change, ManagementCall

Remedy = Callable[[Judged, Rule], Change | None]
"""What a denial by the rule needs; `None` where another rule's change is what is needed."""

_TOKENS = ("catalog", "tokens")
_ENTRIES = ("catalog", "common", "entries")
_CALLER = ("asked", "caller")
_JWT = "general_settings.litellm_jwtauth"
_UNBLOCK = "set `blocked: false` on {record}"


def _longer(items: list[str] | None, names: list[str]) -> list[str]:
    return list(dict.fromkeys([*(items or []), *names]))


def _quoted(names: list[str]) -> str:
    return ", ".join(f"`{name}`" for name in names)


def _put(words: str, value: object, *path: str, place: str | None = None, call: ManagementCall | None = None) -> Change:
    """A value takes the place of what is at `path` of the case."""
    return Change(words, lambda case: case.changed(lambda _: value, *path), place, call)


def _added(words: str, names: list[str], *path: str, place: str | None = None) -> Change:
    """Names are added to the list at `path` of the case."""
    return Change(words, lambda case: case.changed(lambda items: _longer(items, names), *path), place)


# What the sender of the request does otherwise, or the issuer of its token.


def _fixed(words: str, *path: str, value: object = None) -> Remedy:
    """The same words for every request, with a value at `path` of the case; without a path its effect is not known."""
    change = _put(words, value, *path) if path else Change(words)
    return lambda _judged, _rule: change


def _with_token(claim: str, **facts: object) -> Change:
    def edit(case: Case) -> Case:
        return case.changed(lambda token: token and token.model_copy(update=facts), *_CALLER, "token")

    return Change(f"get a token from its issuer with {claim}", edit)


def _map_client(judged: Judged, _: Rule) -> Change | None:
    mapped = Caller(kind="key", key=Key(token="", models=judged.models))
    words = f"map the token's client to a key that has {_quoted(judged.models)}: `POST /jwt/key/mapping/new`"
    return _put(words, mapped, *_CALLER)


def _claim_role(judged: Judged, _: Rule) -> Change | None:
    token, tokens = judged.caller.token, judged.case.catalog.tokens
    if token is None:
        return None
    if tokens.role_mappings:
        wanted = tokens.role_mappings[0].role
        return _with_token(f"a role of `role_mappings`, such as `{wanted}`", roles=[*token.roles, wanted])
    if tokens.user_allowed_roles:
        wanted = tokens.user_allowed_roles[0]
        roles = [*token.user_roles, wanted]
        return _with_token(f"a role of `user_allowed_roles`, such as `{wanted}`", user_roles=roles)
    return Change("get a token from its issuer that names a role, a team or a user of this proxy")


def _claim_email(judged: Judged, _: Rule) -> Change | None:
    domain = judged.case.catalog.tokens.user_allowed_email_domain
    return _with_token(f"a mail address of `{domain}`", email=f"user@{domain}")


# What changes in the config: routes, roles, scopes and models.


def _add_proxy_route(judged: Judged, _: Rule) -> Change | None:
    words = f"add {_quoted(judged.paths)} to `general_settings.allowed_routes`, which opens it to every caller"
    return _added(words, judged.paths, "catalog", "settings", "allowed_routes")


def _add_token_route(name: str) -> Remedy:
    def remedy(judged: Judged, _: Rule) -> Change | None:
        routes, wanted = getattr(judged.case.catalog.tokens, name), judged.paths
        words = f"add {_quoted(wanted)} to `{_JWT}.{name}`"
        if routes == getattr(TokenSettings(), name):  # a list that is set takes the place of the defaults
            words = f"set `{_JWT}.{name}` to `[{', '.join([*routes, *wanted])}]`"
        return _added(words, wanted, *_TOKENS, name)

    return remedy


def _add_to_role(field: str) -> Remedy:
    def remedy(judged: Judged, rule: Rule) -> Change | None:
        role, names = judged.role, judged.paths if field == "routes" else judged.uncovered(rule.name)
        if role not in judged.case.catalog.tokens.roles:
            return None
        words = f"add {_quoted(names)} to `{field}` of role `{role}` in `role_permissions`"
        return _added(words, names, *_TOKENS, "roles", role, field, place=judged.places.get(("role", role)))

    return remedy


def _add_scope_models(judged: Judged, rule: Rule) -> Change | None:
    """To a scope that the token has, and that counts on every route; else a new scope, else another token."""
    token, scopes, names = judged.caller.token, judged.case.catalog.tokens.scopes, judged.uncovered(rule.name)
    if token is None:
        return None
    held = next((each for each in scopes if each.scope in token.scopes and each.routes is None), None)
    if held is not None:
        longer = held.model_copy(update={"models": _longer(held.models, names)})
        words = f"add {_quoted(names)} to `models` of scope `{held.scope}` in `scope_mappings`"
        place = judged.places.get(("scope", held.scope))
        return _put(words, [longer if each is held else each for each in scopes], *_TOKENS, "scopes", place=place)
    if token.scopes:
        name = token.scopes[0]
        words = f"add scope `{name}` with {_quoted(names)} to `{_JWT}.scope_mappings`"
        return _put(words, [*scopes, ScopeMapping(scope=name, models=names)], *_TOKENS, "scopes")
    if not scopes:
        return None
    name = next((each.scope for each in scopes if set(names) <= set(each.models)), scopes[0].scope)
    return _with_token(f"the scope `{name}`", scopes=[*token.scopes, name])


def _add_entry(judged: Judged, _: Rule) -> Change | None:
    names = judged.names([model for model in judged.models if model not in judged.explanation.decision.targets])
    added = {name: Entry(deployments={"added": {}}) for name in names}
    words = f"add {_quoted(names)} to `model_list`, or ask for a model that is there"
    return Change(words, lambda case: case.changed(lambda old: {**old, **added}, *_ENTRIES)) if names else None


def _configure_provider(judged: Judged, rule: Rule) -> Change | None:
    """Its deployments that take no calls come into service."""
    targets = judged.explanation.decision.targets
    models = [model for model in judged.models if model in targets and not targets[model].deployments]
    names = {targets[model].entry for model in models}

    def in_service(name: str, entry: Entry) -> Entry:
        served = {id_: each.groups for id_, each in entry.out_of_service.items()}
        update = {"deployments": entry.deployments | served, "out_of_service": {}}
        return entry.model_copy(update=update) if name in names else entry

    def edit(case: Case) -> Case:
        return case.changed(lambda old: {name: in_service(name, each) for name, each in old.items()}, *_ENTRIES)

    setting = "`api_base`" if rule.name == "provider_not_spoken" else "`api_key`, or `api_base`,"
    words = f"set {setting} in `litellm_params` of {_quoted(models)}; `modelward check` names the place"
    return Change(words, edit) if models else None


# What changes in records: in the config where that declares them, else by calls of the management API.


def _set(
    judged: Judged, record: SubjectRecord, words: str, fields: JsonObject, call: JsonObject | None = None
) -> Change:
    """Fields of a record get these values; `call` says so to the API where it has other words for it. `{record}` in the
    words is the record; a key is never shown, only its alias or the beginning of its hash."""
    kind, place = KINDS[type(record)], judged.place(record)
    title = f"{kind.name} `{id_of(record)}`"
    if isinstance(record, Key):
        title = f"key `{record.key_alias or record.token[:12]}`" if record.token else "the key"
    elif isinstance(record, Member):
        title = f"member `{record.user_id}` of team `{record.team_id}`"
    method, path, ids = kind.method, kind.path, {name: getattr(record, field) for name, field in kind.ids.items()}
    if isinstance(record, Key) and not record.token:  # it was made up for the question
        owners = {"team_id": record.team_id, "user_id": record.user_id}
        method, path, ids = "POST", "/key/generate", {name: id_ for name, id_ in owners.items() if id_}
    made = None if place else ManagementCall(method, path, {**ids, **(call or fields)})
    return Change(words.replace("{record}", title), lambda case: case.with_fields(record, fields), place, made)


def _add_to_list(judged: Judged, record: SubjectRecord, names: list[str], without: str = "") -> Change:
    """Names are added to the list of a record, in the place of the item `without`."""
    field = KINDS[type(record)].models
    words = f"add {_quoted(names)} to `{field}` of {{record}}"
    if without:
        words = f"replace `{without}` by {_quoted(names)} in `{field}` of {{record}}"
    kept = [model for model in getattr(record, field) if model != without]
    return _set(judged, record, words, {field: _longer(kept, names)})


def _add_models(judged: Judged, rule: Rule) -> Change | None:
    """The model's own name is added, which touches no other model."""
    record, names = judged.record(rule), judged.uncovered(rule.name)
    return _add_to_list(judged, record, names) if record is not None and names else None


def _add_personal_models(judged: Judged, rule: Rule) -> Change | None:
    user = judged.records["user"]
    return (
        None if user is None else _add_to_list(judged, user, judged.uncovered(rule.name), without="no-default-models")
    )


def _add_models_to_owner_team(judged: Judged, rule: Rule) -> Change | None:
    names, user, key = judged.uncovered(rule.name), judged.records["user"], judged.caller.key
    teams = [team for team in judged.caller.owner_teams if not team.blocked]
    if teams:
        return _add_to_list(judged, teams[0], names)
    made = Team(team_id="made for this", models=names)

    def edit(case: Case) -> Case:
        joined = case.changed(lambda teams: [*teams, made], *_CALLER, "owner_teams")
        owner = User(user_id=(key and key.user_id) or "", teams=[made.team_id])
        return joined if user else joined.changed(lambda _: owner, *_CALLER, "user")

    if user is not None:
        body = {"models": names, "members_with_roles": [{"user_id": id_of(user), "role": "user"}]}
        words = f"put user `{id_of(user)}` in a team that has {_quoted(names)}"
        return Change(words, edit, call=ManagementCall("POST", "/team/new", body))
    return Change(f"give user `{key.user_id}` a record, in a team that has {_quoted(names)}", edit) if key else None


def _add_key_route(judged: Judged, _: Rule) -> Change | None:
    key = judged.caller.key
    words = f"add {_quoted(judged.paths)} to `allowed_routes` of {{record}}"
    return _set(judged, key, words, {"allowed_routes": [*key.allowed_routes, *judged.paths]}) if key else None


def _set_record(words: str, **fields: object) -> Remedy:
    """These fields of the record that the rule reads; of a map, the items that are given."""

    def remedy(judged: Judged, rule: Rule) -> Change | None:
        record = judged.record(rule)
        if record is None:
            return None
        maps = {name: {**getattr(record, name), **each} for name, each in fields.items() if isinstance(each, dict)}
        return _set(judged, record, words, {**fields, **maps})

    return remedy


def _renew(judged: Judged, _: Rule) -> Change | None:
    """The key gets another month."""
    later = datetime.fromtimestamp(judged.case.asked.request.time_ns / 1e9, UTC) + timedelta(days=30)
    key, words = judged.caller.key, "give {record} a later `expires`"
    return _set(judged, key, words, {"expires": later}, {"duration": "30d"}) if key else None


def _create(judged: Judged, made: SubjectRecord, *path: str, **more: object) -> Change:
    """What has no record gets one, at `path` of the caller, with a list of the models asked for and no others."""
    kind, id_ = KINDS[type(made)].name, id_of(made)
    call = ManagementCall("POST", f"/{kind}/new", {f"{kind}_id": id_, "models": judged.models, **more})
    return _put(f"give {kind} `{id_}` a record", made, *_CALLER, *path, call=call)


def _create_team(judged: Judged, _: Rule) -> Change | None:
    wanted = judged.caller.key and judged.caller.key.team_id
    return _create(judged, Team(team_id=wanted, models=judged.models), "team") if wanted else None


def _create_project(judged: Judged, _: Rule) -> Change | None:
    wanted = judged.caller.key and judged.caller.key.project_id
    return _create(judged, Project(project_id=wanted, models=judged.models), "project") if wanted else None


def _create_organization(judged: Judged, _: Rule) -> Change | None:
    """The first one that a key, a token or a team names and that has no record."""
    holders = (judged.caller.key, judged.caller.token, judged.records["team"])
    named = [getattr(holder, "organization_id", None) for holder in holders]
    wanted = next((id_ for id_ in named if id_ and id_ not in judged.caller.organizations), None)
    if wanted is None:
        return None
    made = Organization(organization_id=wanted, models=judged.models)
    return _create(judged, made, "organizations", wanted, organization_alias=wanted)


def _create_token_team(judged: Judged, _: Rule) -> Change | None:
    """The team that a token claims, by id or by alias."""
    token, known = judged.caller.token, judged.caller.records
    if token is None or known is None:
        return None
    if wanted := judged.explanation.named.team_id:
        return _team_of_token(judged, wanted)
    alias = token.team_alias
    if not alias or known.teams_of_alias:
        return None
    made = Team(team_id=alias, team_alias=alias, models=judged.models)
    change = _create(judged, made, "records", "teams", alias, team_alias=alias)

    def edit(case: Case) -> Case:
        named = case.changed(lambda ids: [*ids, alias], *_CALLER, "records", "teams_of_alias")
        return named.changed(lambda _: made, *_CALLER, "records", "teams", alias)

    return replace(change, edit=edit)


def _team_of_token(judged: Judged, team_id: str) -> Change:
    return _create(judged, Team(team_id=team_id, models=judged.models), "records", "teams", team_id)


def _create_token_user(judged: Judged, _: Rule) -> Change | None:
    wanted = judged.explanation.named.user_id
    made = User(user_id=wanted or "", models=judged.models)
    return _create(judged, made, "records", "users", made.user_id, auto_create_key=False) if wanted else None


# What a token of several teams needs (R7): the first of them that is there gets what it lacks.


def claimed_teams(caller: Caller) -> list[Team]:
    """The teams that a token claims and that are there."""
    known = caller.records.teams if caller.records else {}
    return [known[id_] for id_ in caller.token.team_ids if id_ in known] if caller.token else []


def with_chosen_team(case: Case) -> Case | None:
    """The same with a token that asks for the first team that it claims and that is there and not blocked."""
    chosen = next((team for team in claimed_teams(case.asked.caller) if not team.blocked), None)
    path = (*_CALLER, "token", "chosen_team_id")
    return case.changed(lambda _: chosen.team_id, *path) if chosen is not None else None


def _help_claimed_team(judged: Judged, rule: Rule) -> Change | None:
    token, there = judged.caller.token, claimed_teams(judged.caller)
    if token is None or not token.team_ids:
        return Change("get a token from its issuer that claims a team")
    if not there:
        return _team_of_token(judged, token.team_ids[0])
    team = judged.of_team.records["team"] if judged.of_team else None
    if judged.of_team is None or team is None:
        return _set(judged, there[0], _UNBLOCK, {"blocked": False})
    lacking = judged.of_team.uncovered("team_model_access")
    return _add_to_list(judged, team, lacking) if lacking else _add_token_route("team_allowed_routes")(judged, rule)


REMEDIES: Mapping[RuleRemedy, Remedy] = {
    "activate": _set_record("set `metadata.scim_active: true` on {record}", metadata={"scim_active": True}),
    "add_admin_route": _add_token_route("admin_allowed_routes"),
    "add_entry": _add_entry,
    "add_key_route": _add_key_route,
    "add_models": _add_models,
    "add_models_to_owner_team": _add_models_to_owner_team,
    "add_personal_models": _add_personal_models,
    "add_proxy_route": _add_proxy_route,
    "add_role_models": _add_to_role("models"),
    "add_role_route": _add_to_role("routes"),
    "add_scope_models": _add_scope_models,
    "add_team_route": _add_token_route("team_allowed_routes"),
    "ask_as_admin": _fixed(
        "send the request with the master key or a proxy admin's key", *_CALLER, value=Caller(kind="master")
    ),
    "change_role": _set_record(
        "set `user_role: internal_user` on {record}, or use a key of another user", user_role="internal_user"
    ),
    "claim_email": _claim_email,
    "claim_role": _claim_role,
    "claim_team": _fixed("get a token from its issuer with the claim that names its team"),
    "configure_provider": _configure_provider,
    "create_organization": _create_organization,
    "create_project": _create_project,
    "create_team": _create_team,
    "create_token_team": _create_token_team,
    "create_token_user": _create_token_user,
    "drop_team_header": _fixed(
        "leave the header `x-litellm-team-id` out, or name a team that the token claims",
        *(*_CALLER, "token", "chosen_team_id"),
    ),
    "drop_team_id": _fixed("leave `team_id` out of the query", "asked", "request", "record"),
    "help_claimed_team": _help_claimed_team,
    "map_client": _map_client,
    "name_one_model": _fixed(
        "name the same model in every place of the request", "asked", "request", "differ", value=False
    ),
    "renew": _renew,
    "resend": _fixed("send another request: as long as its form is wrong, no change here allows it"),
    "unblock": _set_record(_UNBLOCK, blocked=False),
}


def remedy_for(judged: Judged, rule: Rule) -> Change | None:
    """What a denial by `rule` needs; of a rule that names no remedy, its METADATA or the rule itself says that."""
    if rule.remedy is not None:
        return REMEDIES[rule.remedy](judged, rule)
    return Change(f"see rule `{rule.name}` in the policies: {rule.advice or 'what it needs is not known here'}")
