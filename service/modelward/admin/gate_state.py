"""What the gate leaves in the scope of a request that it allowed: the caller, the decision's subject, and its id."""

from fastapi import Request

from modelward.contract import Caller, Subject


def caller_of(request: Request) -> Caller:
    """The caller that the gate allowed."""
    caller: Caller = request.scope["state"]["caller"]
    return caller


def subject_of(request: Request) -> Subject:
    """Whom the decision was made for: only an admin may see the records of others (A3)."""
    subject: Subject = request.scope["state"]["subject"]
    return subject


def decision_id(request: Request) -> str:
    """The id of the decision that allowed the request (E3)."""
    id_: str = request.scope["state"]["decision_id"]
    return id_


def changer(request: Request) -> str:
    """The name under which a change is recorded: the user, else the key's alias or hash, else `master` or `jwt`."""
    caller = caller_of(request)
    of_key = (caller.key.alias or caller.key.hash) if caller.key is not None else caller.kind
    return subject_of(request).user_id or of_key
