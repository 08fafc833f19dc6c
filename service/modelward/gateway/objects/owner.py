"""Who owns what a request makes: all keys of a team share it, then all of a user (spec section 6)."""

from modelward.contract import Caller, Key, Subject, Team, User
from modelward.errors import Refused


def owner_of(caller: Caller, subject: Subject) -> str:
    """The owner as a text; `subject` is the one that the decision was made for. What has a record owns under the
    record's `objects_owner`, so that a later record of the same id is another owner; what has none, or is declared in
    the config, under its id, such as `team:t1`.

    The key's team, else its user, else the key by its hash; a token's team, else its user. Raises Refused, 403, for a
    token that stands for neither: nothing can be bound to it.
    """
    if caller.kind == "master":
        return "master"
    key = caller.key
    team_id = key.team_id if key else subject.team_id
    user_id = key.user_id if key else subject.user_id
    if team_id:
        return _owner(_team(caller, team_id), f"team:{team_id}")
    if user_id:
        return _owner(_user(caller, user_id), f"user:{user_id}")
    if key:
        return _owner(key, f"key:{key.hash}")
    raise Refused(
        "the token names no team and no user who could own files, batches and other objects; ask with one that does",
        kind="auth_error",
        status=403,
    )


def _owner(record: Key | Team | User | None, by_id: str) -> str:
    return by_id if record is None or record.objects_owner is None else record.objects_owner


def _team(caller: Caller, team_id: str) -> Team | None:
    if caller.team is not None and caller.team.team_id == team_id:
        return caller.team
    return caller.records.teams.get(team_id) if caller.records else None


def _user(caller: Caller, user_id: str) -> User | None:
    if caller.user is not None and caller.user.user_id == user_id:
        return caller.user
    return caller.records.users.get(user_id) if caller.records else None


def owner_or_nobody(caller: Caller, subject: Subject) -> str:
    """The owner (see `owner_of`), or an empty text, whom no object belongs to."""
    try:
        return owner_of(caller, subject)
    except Refused:
        return ""
