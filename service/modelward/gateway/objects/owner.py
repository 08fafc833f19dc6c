"""Who owns what a request makes: all keys of a team share it, then all of a user (spec section 6)."""

from modelward.contract import Caller, Subject
from modelward.errors import Refused


def owner_of(caller: Caller, subject: Subject) -> str:
    """The owner as a text, such as `team:t1`; `subject` is the one that the decision was made for.

    The key's team, else its user, else the key by its hash; a token's team, else its user. Raises Refused, 403, for a
    token that stands for neither: nothing can be bound to it.
    """
    if caller.kind == "master":
        return "master"
    key = caller.key
    team_id = key.team_id if key else subject.team_id
    user_id = key.user_id if key else subject.user_id
    if team_id:
        return f"team:{team_id}"
    if user_id:
        return f"user:{user_id}"
    if key:
        return f"key:{key.hash}"
    raise Refused(
        "the token names no team and no user who could own files, batches and other objects; ask with one that does",
        kind="auth_error",
        status=403,
    )


def owner_or_nobody(caller: Caller, subject: Subject) -> str:
    """The owner (see `owner_of`), or an empty text, whom no object belongs to."""
    try:
        return owner_of(caller, subject)
    except Refused:
        return ""
