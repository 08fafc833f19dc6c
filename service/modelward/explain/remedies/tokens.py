"""What a token must say, or have said of it (R2, R7-R9)."""

from modelward.contract import Caller, Key, Rule, Team, TokenRecords
from modelward.explain.remedies import life, missing, routes
from modelward.explain.situation import Judged, Step, adding, quoted

_ALL = "all-team-models"


def client(judged: Judged, rule: Rule) -> Step | None:
    """The token's client must be mapped to a key (R9)."""
    mapped = Caller(kind="key", key=Key(token="", models=judged.request.models))
    words = f"map the token's client to a key that has {quoted(judged.request.models)}: `POST /jwt/key/mapping/new`"
    return Step(words, lambda situation: situation.asked_by(mapped))


def role(judged: Judged, rule: Rule) -> Step | None:
    """The token maps to nothing (R3)."""
    token, tokens = judged.token, judged.situation.catalog.tokens
    if token is None:
        return None
    if tokens.role_mappings:
        wanted = tokens.role_mappings[0].role
        return _with_claim(f"a role of `role_mappings`, such as `{wanted}`", roles=[*token.roles, wanted])
    if tokens.user_allowed_roles:
        wanted = tokens.user_allowed_roles[0]
        return _with_claim(
            f"a role of `user_allowed_roles`, such as `{wanted}`", user_roles=[*token.user_roles, wanted]
        )
    return Step("get a token from its issuer that names a role, a team or a user of this proxy", None)


def team_header(judged: Judged, rule: Rule) -> Step | None:
    """The header asks for a team that the token does not claim."""
    words = "leave the header `x-litellm-team-id` out, or name a team that the token claims"
    return Step(words, lambda situation: situation.with_token(chosen_team_id=None))


def team_claim(judged: Judged, rule: Rule) -> Step | None:
    """The claim that is to name the team is not there."""
    return Step("get a token from its issuer with the claim that names its team", None)


def team_choice(judged: Judged, rule: Rule) -> Step | None:
    """None of the claimed teams may make the call: the first one that is there gets what it lacks."""
    token, records = judged.token, judged.situation.caller.records or TokenRecords()
    if token is None or not token.team_ids:
        return Step("get a token from its issuer that claims a team", None)
    known = [records.teams[id_] for id_ in token.team_ids if id_ in records.teams]
    if not known:
        return missing.team_record(judged, token.team_ids[0])
    open_ = [team for team in known if not team.blocked]
    if not open_:
        return life.unblocked(judged, known[0])
    first = open_[0]
    named = (first.model_aliases.get(model, model) for model in judged.request.models)
    held = _effective(judged, first)
    lacking = [name for name in named if name not in held]
    # Where a name that is added does not help, the next round adds the route, and what helped nothing is left out.
    return adding(judged, first, lacking) if lacking and _binds(judged, first) else routes.token_team(judged, rule)


def _binds(judged: Judged, team: Team) -> bool:
    """Whether the team's list restricts (G1, G7, G9)."""
    if not team.models and not team.access_group_ids:
        return judged.situation.catalog.settings.empty_list == "deny"
    return _ALL not in team.models


def _effective(judged: Judged, team: Team) -> list[str]:
    """The team's own list with the models of its unified access groups (G9)."""
    groups = judged.situation.caller.access_groups
    known = [groups[id_] for id_ in team.access_group_ids if id_ in groups]
    return [*team.models, *(model for group in known for model in group.access_model_names)]


def email(judged: Judged, rule: Rule) -> Step | None:
    """The token's mail address is of another domain (R8)."""
    domain = judged.situation.catalog.tokens.user_allowed_email_domain
    return _with_claim(f"a mail address of `{domain}`", email=f"user@{domain}")


def _with_claim(claim: str, **facts: object) -> Step:
    return Step(
        f"get a token from its issuer with {claim}",
        lambda situation: situation.with_token(**facts),
    )
