"""A case's request as it goes over the wire."""

import hashlib
import json

from access.cases import Case
from harness.gateway import Gateway
from harness.wire import Answer, exchange


def ask(case: Case, gateway: Gateway, key: str) -> Answer:
    """Send the request exactly as the case spells it."""
    request = case.request
    headers = _headers(case, gateway, key)
    return exchange(gateway.port, request["method"], request["path"], headers=headers, body=_body(case))


def _headers(case: Case, gateway: Gateway, key: str) -> dict[str, str]:
    marks = {"<the key>": key, "<sha256 of the key>": hashlib.sha256(key.encode()).hexdigest()}
    headers = {"Content-Type": "application/json"} if _body(case) else {}
    auth = case.fields.get("auth")
    if auth == "master":
        headers["Authorization"] = f"Bearer {gateway.master_key}"
    elif auth != "none":
        headers["Authorization"] = f"Bearer {case.fields.get('bearer', key)}"
    headers |= case.request.get("headers", {})
    for mark, value in marks.items():
        headers = {name: text.replace(mark, value) for name, text in headers.items()}
    return headers


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
