"""What the gate leaves in the scope of a request that it allowed: the caller, and the decision's id."""

from fastapi import Request

from modelward.contract import Caller


def caller_of(request: Request) -> Caller:
    """The caller that the gate allowed."""
    caller: Caller = request.scope["state"]["caller"]
    return caller


def decision_id(request: Request) -> str:
    """The id of the decision that allowed the request (E3)."""
    id_: str = request.scope["state"]["decision_id"]
    return id_


def is_admin(caller: Caller) -> bool:
    """Whether the caller may see the records of others (A3)."""
    return caller.kind == "master" or (caller.user is not None and caller.user.role == "proxy_admin")


def changer(request: Request) -> str:
    """The name under which a change is recorded: the user, else the key's alias or hash, else `master`."""
    caller = caller_of(request)
    if caller.user is not None:
        return caller.user.user_id
    if caller.key is not None:
        return caller.key.user_id or caller.key.alias or caller.key.hash
    return caller.kind
