"""A route that a list of routes does not hold (A3, R4, R6, R7): the request's own path is added, decoded."""

from modelward.contract import Caller, Rule, Settings, TokenSettings
from modelward.explain.situation import Judged, Situation, Step, quoted, setting, title

_ADMIN = "general_settings.litellm_jwtauth.admin_allowed_routes"
_TEAM = "general_settings.litellm_jwtauth.team_allowed_routes"
_DEFAULTS = TokenSettings()


def key(judged: Judged, rule: Rule) -> Step | None:
    """The key's own list."""
    if judged.key is None:
        return None
    paths = _paths(judged)
    routes = [*judged.key.allowed_routes, *paths]
    words = f"add {quoted(paths)} to `allowed_routes` of {title(judged.key)}"
    return setting(judged, judged.key, words, {"allowed_routes": routes}, {"allowed_routes": routes})


def proxy(judged: Judged, rule: Rule) -> Step | None:
    """The list of the whole proxy."""
    paths = _paths(judged)

    def edit(situation: Situation) -> Situation:
        settings: Settings = situation.catalog.settings
        routes = [*(settings.allowed_routes or []), *paths]
        return situation.with_catalog(settings=settings.model_copy(update={"allowed_routes": routes}))

    return Step(f"add {quoted(paths)} to `general_settings.allowed_routes`, which opens it to every caller", edit)


def role(judged: Judged, rule: Rule) -> Step | None:
    """The role of a token."""
    name, paths = judged.role or "", _paths(judged)
    if name not in judged.situation.catalog.tokens.roles:
        return None

    def edit(situation: Situation) -> Situation:
        roles = situation.catalog.tokens.roles
        routes = [*(roles[name].routes or []), *paths]
        changed = {**roles, name: roles[name].model_copy(update={"routes": routes})}
        return situation.with_tokens(lambda tokens: tokens.model_copy(update={"roles": changed}))

    words = f"add {quoted(paths)} to `routes` of role `{name}` in `role_permissions`"
    return Step(words, edit, judged.places.get(("role", name)))


def token_admin(judged: Judged, rule: Rule) -> Step | None:
    """Tokens of admins."""
    paths = _paths(judged)

    def longer(tokens: TokenSettings) -> TokenSettings:
        return tokens.model_copy(update={"admin_allowed_routes": [*tokens.admin_allowed_routes, *paths]})

    words = _longer(_ADMIN, judged.situation.catalog.tokens.admin_allowed_routes, _DEFAULTS.admin_allowed_routes, paths)
    return Step(words, lambda situation: situation.with_tokens(longer))


def token_team(judged: Judged, rule: Rule) -> Step | None:
    """Tokens of teams."""
    paths = _paths(judged)

    def longer(tokens: TokenSettings) -> TokenSettings:
        return tokens.model_copy(update={"team_allowed_routes": [*tokens.team_allowed_routes, *paths]})

    words = _longer(_TEAM, judged.situation.catalog.tokens.team_allowed_routes, _DEFAULTS.team_allowed_routes, paths)
    return Step(words, lambda situation: situation.with_tokens(longer))


def _paths(judged: Judged) -> list[str]:
    """The request's path decoded, as a list names it: each one, where a comma list of models makes several of it."""
    segments = judged.request.segments
    if any("/" in segment for path in segments for segment in path):
        return [judged.request.path]
    return ["/".join(path) for path in segments]


def _longer(setting_name: str, routes: list[str], defaults: list[str], paths: list[str]) -> str:
    """The words for one more route. A list that is set takes the place of the defaults, so they are named with it."""
    if routes == defaults:
        return f"set `{setting_name}` to `[{', '.join([*routes, *paths])}]`"
    return f"add {quoted(paths)} to `{setting_name}`"


def admin_only(judged: Judged, rule: Rule) -> Step | None:
    """A route for admins: another caller must ask."""
    words = "send the request with the master key or a proxy admin's key"
    return Step(words, lambda situation: situation.asked_by(Caller(kind="master")))
