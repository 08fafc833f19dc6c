"""Changes of the config: routes, roles, scopes and models."""

from modelward.contract import Entry, Rule, ScopeMapping, TokenSettings
from modelward.explain.remedies.sender import with_token
from modelward.explain.situation import JudgedSituation, Situation, Step, longer, paths, quoted

_TOKENS = ("catalog", "tokens")
_ENTRIES = ("catalog", "common", "entries")
_JWT = "general_settings.litellm_jwtauth"


def _adding(words: str, names: list[str], *path: str, place: str | None = None) -> Step:
    """Names are added to the list at `path` of the catalogue."""
    return Step(words, lambda situation: situation.changed(lambda items: longer(items, names), *path), place)


def add_proxy_route(judged: JudgedSituation, _: Rule) -> Step | None:
    """The list of the whole proxy does not have this route (A3)."""
    words = f"add {quoted(paths(judged))} to `general_settings.allowed_routes`, which opens it to every caller"
    return _adding(words, paths(judged), "catalog", "settings", "allowed_routes")


def add_admin_route(judged: JudgedSituation, _: Rule) -> Step | None:
    """The list for tokens of admins does not have this route (R6)."""
    return _adding_token_route(judged, "admin_allowed_routes")


def add_team_route(judged: JudgedSituation, _: Rule) -> Step | None:
    """The list for tokens of teams does not have this route (R7)."""
    return _adding_token_route(judged, "team_allowed_routes")


def _adding_token_route(judged: JudgedSituation, name: str) -> Step:
    routes, wanted = getattr(judged.situation.catalog.tokens, name), paths(judged)
    words = f"add {quoted(wanted)} to `{_JWT}.{name}`"
    if routes == getattr(TokenSettings(), name):  # a list that is set takes the place of the defaults
        words = f"set `{_JWT}.{name}` to `[{', '.join([*routes, *wanted])}]`"
    return _adding(words, wanted, *_TOKENS, name)


def add_role_route(judged: JudgedSituation, _: Rule) -> Step | None:
    """The routes of the token's role do not have this one (R4)."""
    return _adding_to_role(judged, "routes", paths(judged))


def add_role_models(judged: JudgedSituation, rule: Rule) -> Step | None:
    """The models of the token's role do not cover (R4)."""
    return _adding_to_role(judged, "models", judged.uncovered(rule.name))


def _adding_to_role(judged: JudgedSituation, field: str, names: list[str]) -> Step | None:
    role = judged.role
    if role not in judged.situation.catalog.tokens.roles:
        return None
    words = f"add {quoted(names)} to `{field}` of role `{role}` in `role_permissions`"
    return _adding(words, names, *_TOKENS, "roles", role, field, place=judged.places.get(("role", role)))


def add_scope_models(judged: JudgedSituation, rule: Rule) -> Step | None:
    """A scope that the token has (R5): one that counts on every route, else a new one, else another token."""
    token, scopes, names = judged.token, judged.situation.catalog.tokens.scopes, judged.uncovered(rule.name)
    if token is None:
        return None
    held = [mapping.scope for mapping in scopes if mapping.scope in token.scopes and mapping.routes is None]
    if held:
        return _longer_scope(judged, held[0], names)
    if token.scopes:
        return _new_scope(token.scopes[0], names)
    if not scopes:
        return None
    wanted = next((each.scope for each in scopes if set(names) <= set(each.models)), scopes[0].scope)
    return with_token(f"the scope `{wanted}`", scopes=[*token.scopes, wanted])


def _longer_scope(judged: JudgedSituation, name: str, names: list[str]) -> Step:
    def change(mapping: ScopeMapping) -> ScopeMapping:
        chosen = mapping.scope == name and mapping.routes is None
        return mapping.model_copy(update={"models": longer(mapping.models, names)}) if chosen else mapping

    def edit(situation: Situation) -> Situation:
        return situation.changed(lambda scopes: [change(each) for each in scopes], *_TOKENS, "scopes")

    words = f"add {quoted(names)} to `models` of scope `{name}` in `scope_mappings`"
    return Step(words, edit, judged.places.get(("scope", name)))


def _new_scope(name: str, names: list[str]) -> Step:
    made = ScopeMapping(scope=name, models=names)
    words = f"add scope `{name}` with {quoted(names)} to `{_JWT}.scope_mappings`"
    return Step(words, lambda situation: situation.changed(lambda scopes: [*scopes, made], *_TOKENS, "scopes"))


def add_entry(judged: JudgedSituation, _: Rule) -> Step | None:
    """A model that the catalogue does not have (E2)."""
    known = judged.explanation.decision.targets
    names = judged.names([model for model in judged.request.models if model not in known])
    added = {name: Entry(deployments={"added": {}}) for name in names}
    words = f"add {quoted(names)} to `model_list`, or ask for a model that is there"
    return Step(words, lambda situation: situation.changed(lambda old: {**old, **added}, *_ENTRIES)) if names else None


def configure_provider(judged: JudgedSituation, rule: Rule) -> Step | None:
    """A model whose deployments take no calls (E5)."""
    targets = judged.explanation.decision.targets
    models = [model for model in judged.request.models if model in targets and not targets[model].deployments]
    names = {targets[model].entry for model in models}
    setting = "`api_base`" if rule.name == "provider_not_spoken" else "`api_key`, or `api_base`,"

    def edit(situation: Situation) -> Situation:
        return situation.changed(
            lambda old: {name: _in_service(each) if name in names else each for name, each in old.items()}, *_ENTRIES
        )

    words = f"set {setting} in `litellm_params` of {quoted(models)}; `modelward check` names the place"
    return Step(words, edit) if models else None


def _in_service(entry: Entry) -> Entry:
    served = {id_: each.groups for id_, each in entry.out_of_service.items()}
    return entry.model_copy(update={"deployments": entry.deployments | served, "out_of_service": {}})
