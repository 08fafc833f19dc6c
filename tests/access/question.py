"""A case's request as it goes over the wire."""

import json

from access.cases import Case
from access.placeholders import filled
from harness.gateway import Gateway
from harness.issuer import Issuer
from harness.wire import Answer, exchange


def ask(case: Case, gateway: Gateway, key: str, issuer: Issuer) -> Answer:
    """Send the request exactly as the case spells it."""
    request = case.request
    headers = {"Content-Type": "application/json"} if _body(case) else {}
    credential = _credential(case, gateway, key, issuer)
    if credential is not None:
        headers["Authorization"] = f"Bearer {credential}"
    headers |= request.get("headers", {})
    headers = {name: filled(text, key) for name, text in headers.items()}
    return exchange(gateway.port, request["method"], request["path"], headers=headers, body=_body(case))


def _credential(case: Case, gateway: Gateway, key: str, issuer: Issuer) -> str | None:
    auth = case.fields.get("auth")
    if auth == "none":
        return None
    if auth == "master":
        return gateway.master_key
    if "bearer" in case.fields:
        return str(case.fields["bearer"])
    if case.jwt is not None:
        return issuer.token(case.jwt["claims"], **case.jwt.get("token", {}))
    return key


def _body(case: Case) -> bytes:
    request = case.request
    if "raw_body" in request:
        return str(request["raw_body"]).encode()
    if "body" not in request:
        return b""
    body = request["body"]
    if isinstance(body, dict) and "chat/completions" in request["path"]:
        body = {"messages": [{"role": "user", "content": "hello"}], **body}
    return json.dumps(body).encode()
