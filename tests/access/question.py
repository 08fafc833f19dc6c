"""A case's request as it goes over the wire."""

import json

import httpx

from access.cases import Case
from access.placeholders import filled
from harness.gateway import Gateway
from harness.issuer import Issuer
from harness.wire import Answer, exchange

_JSON = "application/json"


def ask(case: Case, gateway: Gateway, key: str, issuer: Issuer) -> Answer:
    """Send the request exactly as the case spells it."""
    request = case.request
    body, content_type = _body(case)
    headers = {"Content-Type": content_type} if body else {}
    credential = _credential(case, gateway, key, issuer)
    if credential is not None:
        headers["Authorization"] = f"Bearer {credential}"
    headers |= request.get("headers", {})
    headers = {name: filled(text, key) for name, text in headers.items()}
    path = filled(request["path"], key)
    return exchange(gateway.port, request["method"], path, headers=headers, body=body)


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


def _body(case: Case) -> tuple[bytes, str]:
    """The body of a case, and its type."""
    request = case.request
    if "multipart" in request:
        form = httpx.Request("POST", "http://form", data=request["multipart"], files={"file": ("small.txt", b"small")})
        return form.read(), form.headers["Content-Type"]
    if "raw_body" in request:
        return str(request["raw_body"]).encode(), _JSON
    if "body" not in request:
        return b"", _JSON
    body = request["body"]
    if isinstance(body, dict) and "chat/completions" in request["path"]:
        body = {"messages": [{"role": "user", "content": "hello"}], **body}
    return json.dumps(body).encode(), _JSON
