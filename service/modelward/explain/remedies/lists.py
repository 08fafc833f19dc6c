"""A list of models that does not cover: the model's own name is added, which touches no other model."""

from collections.abc import Iterable

from modelward.contract import Rule, ScopeMapping, Team, User
from modelward.explain.report import Call
from modelward.explain.situation import Judged, Situation, Step, adding, quoted

_NO_MODELS = "no-default-models"


def of_record(judged: Judged, rule: Rule) -> Step | None:
    """The list of the record that the rule reads."""
    record, names = judged.record(rule), judged.uncovered(rule)
    return adding(judged, record, names) if record is not None and names else None


def default_models(judged: Judged, rule: Rule) -> Step | None:
    """The owner's list gives personal keys nothing (G8)."""
    user = judged.user
    return None if user is None else adding(judged, user, judged.uncovered(rule), without=[_NO_MODELS])


def owner_teams(judged: Judged, rule: Rule) -> Step | None:
    """One team of the owner must have the models (L11)."""
    names, user = judged.uncovered(rule), judged.user
    teams = [team for team in judged.situation.caller.owner_teams if not team.blocked]
    if teams:
        return adding(judged, teams[0], names)
    made = Team(team_id="made for this", models=names)
    if user is None:
        return _recorded_owner(judged.key.user_id, made) if judged.key else None
    members = [{"user_id": user.user_id, "role": "user"}]
    return Step(
        f"put user `{user.user_id}` in a team that has {quoted(names)}",
        lambda situation: situation.with_caller(owner_teams=[*situation.caller.owner_teams, made]),
        call=Call("POST", "/team/new", {"models": names, "members_with_roles": members}),
    )


def _recorded_owner(user_id: str | None, team: Team) -> Step:
    owner = User(user_id=user_id or "", teams=[team.team_id])
    return Step(
        f"give user `{user_id}` a record, in a team that has {quoted(team.models)}",
        lambda situation: situation.with_caller(user=owner, owner_teams=[team]),
    )


def role(judged: Judged, rule: Rule) -> Step | None:
    """The role of a token (R4)."""
    name, names = judged.role or "", judged.uncovered(rule)
    if name not in judged.situation.catalog.tokens.roles:
        return None

    def edit(situation: Situation) -> Situation:
        roles = situation.catalog.tokens.roles
        models = _longer(roles[name].models or [], names)
        changed = {**roles, name: roles[name].model_copy(update={"models": models})}
        return situation.with_tokens(lambda tokens: tokens.model_copy(update={"roles": changed}))

    words = f"add {quoted(names)} to `models` of role `{name}` in `role_permissions`"
    return Step(words, edit, judged.places.get(("role", name)))


def scope(judged: Judged, rule: Rule) -> Step | None:
    """A scope that the token holds (R5): one that counts on every route, else a new one, else another token."""
    token, tokens, names = judged.token, judged.situation.catalog.tokens, judged.uncovered(rule)
    if token is None:
        return None
    held = [mapping.scope for mapping in tokens.scopes if mapping.scope in token.scopes and mapping.routes is None]
    if held:
        return _longer_scope(judged, held[0], names)
    if token.scopes:
        return _new_scope(token.scopes[0], names)
    if not tokens.scopes:
        return None
    wanted = next((each.scope for each in tokens.scopes if set(names) <= set(each.models)), tokens.scopes[0].scope)
    words = f"get a token from its issuer with the scope `{wanted}`"
    return Step(words, lambda situation: situation.with_token(scopes=[*token.scopes, wanted]))


def _longer_scope(judged: Judged, name: str, names: list[str]) -> Step:
    def longer(mapping: ScopeMapping) -> ScopeMapping:
        chosen = mapping.scope == name and mapping.routes is None
        return mapping.model_copy(update={"models": _longer(mapping.models, names)}) if chosen else mapping

    def edit(situation: Situation) -> Situation:
        scopes = [longer(mapping) for mapping in situation.catalog.tokens.scopes]
        return situation.with_tokens(lambda tokens: tokens.model_copy(update={"scopes": scopes}))

    words = f"add {quoted(names)} to `models` of scope `{name}` in `scope_mappings`"
    return Step(words, edit, judged.places.get(("scope", name)))


def _new_scope(name: str, names: list[str]) -> Step:
    mapping = ScopeMapping(scope=name, models=names)

    def edit(situation: Situation) -> Situation:
        scopes = [*situation.catalog.tokens.scopes, mapping]
        return situation.with_tokens(lambda tokens: tokens.model_copy(update={"scopes": scopes}))

    words = f"add scope `{name}` with {quoted(names)} to `general_settings.litellm_jwtauth.scope_mappings`"
    return Step(words, edit)


def _longer(models: Iterable[str], names: Iterable[str]) -> list[str]:
    return list(dict.fromkeys([*models, *names]))
