"""Who calls the admin API: the gate has let the caller in and left it in the scope."""

from fastapi import Request

from modelward.contract import Caller


def caller_of(request: Request) -> Caller:
    """The caller that the gate allowed."""
    caller: Caller = request.scope["state"]["caller"]
    return caller


def changer(request: Request) -> str:
    """The name under which a change is recorded: the user, else the key's alias or hash, else `master`."""
    caller = caller_of(request)
    if caller.user is not None:
        return caller.user.user_id
    if caller.key is not None:
        return caller.key.user_id or caller.key.alias or caller.key.hash
    return caller.kind
