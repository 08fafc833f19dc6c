"""What the sender of the request, or the issuer of its token, does otherwise."""

from modelward.contract import Caller, Key, Rule
from modelward.explain.situation import JudgedSituation, Situation, Step, quoted

_TOKEN = ("asked", "caller", "token")


def with_token(claim: str, **facts: object) -> Step:
    """A token with that claim, which gives it these facts."""

    def edit(situation: Situation) -> Situation:
        return situation.changed(lambda token: token and token.model_copy(update=facts), *_TOKEN)

    return Step(f"get a token from its issuer with {claim}", edit)


def resend(judged: JudgedSituation, _: Rule) -> Step | None:
    """A request that cannot be read, or names no model: no grant helps (M2-M5)."""
    return Step("send another request: as long as its form is wrong, no change here allows it", None)


def name_one_model(judged: JudgedSituation, _: Rule) -> Step | None:
    """Two places name different models (M2)."""
    words = "name the same model in every place of the request"
    return Step(words, lambda situation: situation.changed(lambda _: False, "asked", "request", "differ"))


def drop_team_id(judged: JudgedSituation, _: Rule) -> Step | None:
    """A listing for somebody else's team (V2)."""
    words = "leave `team_id` out of the query"
    return Step(words, lambda situation: situation.changed(lambda _: None, "asked", "request", "record"))


def ask_as_admin(judged: JudgedSituation, _: Rule) -> Step | None:
    """A route for admins (A3)."""
    words = "send the request with the master key or a proxy admin's key"
    return Step(words, lambda situation: situation.asked_by(Caller(kind="master")))


def map_client(judged: JudgedSituation, _: Rule) -> Step | None:
    """The token's client must be mapped to a key (R9)."""
    mapped = Caller(kind="key", key=Key(token="", models=judged.request.models))
    words = f"map the token's client to a key that has {quoted(judged.request.models)}: `POST /jwt/key/mapping/new`"
    return Step(words, lambda situation: situation.asked_by(mapped))


def claim_role(judged: JudgedSituation, _: Rule) -> Step | None:
    """The token maps to nothing (R3)."""
    token, tokens = judged.token, judged.situation.catalog.tokens
    if token is None:
        return None
    if tokens.role_mappings:
        wanted = tokens.role_mappings[0].role
        return with_token(f"a role of `role_mappings`, such as `{wanted}`", roles=[*token.roles, wanted])
    if tokens.user_allowed_roles:
        wanted = tokens.user_allowed_roles[0]
        return with_token(f"a role of `user_allowed_roles`, such as `{wanted}`", user_roles=[*token.user_roles, wanted])
    return Step("get a token from its issuer that names a role, a team or a user of this proxy", None)


def drop_team_header(judged: JudgedSituation, _: Rule) -> Step | None:
    """The header asks for a team that the token does not claim (R7)."""
    words = "leave the header `x-litellm-team-id` out, or name a team that the token claims"
    return Step(words, lambda situation: situation.changed(lambda _: None, *_TOKEN, "chosen_team_id"))


def claim_team(judged: JudgedSituation, _: Rule) -> Step | None:
    """The claim that is to name the team is not there (R7)."""
    return Step("get a token from its issuer with the claim that names its team", None)


def claim_email(judged: JudgedSituation, _: Rule) -> Step | None:
    """The token's mail address is of another domain (R8)."""
    domain = judged.situation.catalog.tokens.user_allowed_email_domain
    return with_token(f"a mail address of `{domain}`", email=f"user@{domain}")
