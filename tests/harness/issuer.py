"""An issuer of tokens: a real JWKS address, and tokens signed with its keys, well or badly."""

import hmac
import json
import threading
import time
from base64 import urlsafe_b64encode
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Literal, cast

from cryptography.hazmat.primitives.asymmetric import ec, ed25519, rsa
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from jwt.algorithms import get_default_algorithms

PrivateKey = rsa.RSAPrivateKey | ec.EllipticCurvePrivateKey | ed25519.Ed25519PrivateKey
State = Literal["expired", "not_yet_valid", "wrong_key", "tampered"]
ALGORITHMS = ("RS256", "PS256", "ES256", "EdDSA")
NO_FIELDS: Mapping[str, object] = {}


@dataclass
class Issuer:
    """A running issuer. What its address answers is what these fields say at that moment.

    `keys` are the private keys by algorithm, `published` whether their public halves are in the answer; `extra` are
    further JWKs. `status`, `body` and `location` take the place of a good answer, `delay` (seconds) comes before any
    byte. `requests` counts what was asked.
    """

    url: str
    keys: dict[str, PrivateKey]
    generation: int = 1
    published: bool = True
    extra: list[dict[str, Any]] = field(default_factory=list)
    status: int = 200
    body: bytes | None = None
    location: str | None = None
    delay: float = 0.0
    requests: int = 0

    def kid(self, alg: str) -> str:
        """The id of the present key of that algorithm."""
        return f"{alg}-{self.generation}"

    def public_keys(self) -> list[dict[str, Any]]:
        """The present public keys as JWKs."""
        return [public_key(key, self.kid(alg), alg) for alg, key in self.keys.items()]

    def answer(self) -> bytes:
        """What the address answers."""
        if self.body is not None:
            return self.body
        return json.dumps({"keys": [*(self.public_keys() if self.published else []), *self.extra]}).encode()

    def rotate(self, *, keep: bool = False) -> None:
        """New keys with new ids in place of the old ones, which `keep` goes on publishing."""
        self.extra += self.public_keys() if keep else []
        self.keys = {alg: new_key(alg) for alg in self.keys}
        self.generation += 1

    def go_down(self) -> None:
        """Answer 503 from now on."""
        self.status = 503

    def come_back(self) -> None:
        """Answer well again."""
        self.status, self.body, self.location, self.delay = 200, None, None, 0.0

    def token(
        self,
        claims: Mapping[str, object] = NO_FIELDS,
        alg: str = "RS256",
        state: State | None = None,
        *,
        headers: Mapping[str, object] = NO_FIELDS,
        kid: str | None = "",
        seconds: float | None = 3600,
    ) -> str:
        """A token with these claims, by default current and correctly signed.

        `alg` is one of ALGORITHMS, or `none`, or `HS256`: then it is signed with the RS256 key's public PEM. It expires
        in `seconds`, never for `None`, unless `claims` say otherwise. `kid` is that of the key, none for `None`.
        """
        signing = alg if alg in self.keys else "RS256"
        head = {"typ": "JWT", "alg": alg, "kid": self.kid(signing) if kid == "" else kid, **headers}
        head = {name: value for name, value in head.items() if value is not None}
        content = {**_life(state, seconds), **claims}
        signed = f"{_segment(_json(head))}.{_segment(_json(content))}"
        signature = self._signature(signed.encode(), alg, state)
        if state == "tampered":
            signed = f"{_segment(_json(head))}.{_segment(_json({**content, 'tampered': True}))}"
        return f"{signed}.{_segment(signature)}"

    def _signature(self, signed: bytes, alg: str, state: State | None) -> bytes:
        if alg == "none":
            return b""
        if alg == "HS256":
            return hmac.digest(_pem(self.keys["RS256"]), signed, "sha256")
        key = new_key(alg) if state == "wrong_key" else self.keys[alg]
        return get_default_algorithms()[alg].sign(signed, key)


def new_key(alg: str) -> PrivateKey:
    """A fresh key for one of ALGORITHMS."""
    if alg == "ES256":
        return ec.generate_private_key(ec.SECP256R1())
    if alg == "EdDSA":
        return ed25519.Ed25519PrivateKey.generate()
    return rsa.generate_private_key(public_exponent=65537, key_size=2048)


def public_key(key: PrivateKey, kid: str | None, alg: str | None, use: str | None = "sig") -> dict[str, Any]:
    """The public half of a key as a JWK; what is `None` is left out."""
    kind = "RS256" if isinstance(key, rsa.RSAPrivateKey) else "EdDSA"
    kind = "ES256" if isinstance(key, ec.EllipticCurvePrivateKey) else kind
    jwk = get_default_algorithms()[kind].to_jwk(key.public_key(), as_dict=True)
    members = {**jwk, "kid": kid, "alg": alg, "use": use, "key_ops": None}
    return {name: value for name, value in members.items() if value is not None}


@contextmanager
def issuer(keys: dict[str, PrivateKey] | None = None, **fields: Any) -> Iterator[Issuer]:
    """An issuer on a free port, by default with a key for each of ALGORITHMS; `fields` are further ones of Issuer."""
    with _Server(("127.0.0.1", 0), _Handler) as server:
        url = f"http://127.0.0.1:{server.server_port}/jwks.json"
        server.issuer = Issuer(url, keys if keys is not None else {alg: new_key(alg) for alg in ALGORITHMS}, **fields)
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
        thread.start()
        try:
            yield server.issuer
        finally:
            server.shutdown()
            thread.join()


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    block_on_close = False
    request_queue_size = 128
    issuer: Issuer


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def log_message(self, format: str, *args: object) -> None:
        """Say nothing: the issuer counts."""

    def do_GET(self) -> None:
        issuer = cast(_Server, self.server).issuer
        issuer.requests += 1
        time.sleep(issuer.delay)
        body = issuer.answer()
        self.send_response(issuer.status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        if issuer.location is not None:
            self.send_header("Location", issuer.location)
        self.end_headers()
        self.wfile.write(body)


def _life(state: State | None, seconds: float | None) -> dict[str, int]:
    now = int(time.time())
    if state == "expired":
        return {"exp": now - 60}
    ends = {} if seconds is None else {"exp": now + int(seconds)}
    return {**ends, "nbf": now + 600} if state == "not_yet_valid" else ends


def _json(value: object) -> bytes:
    return json.dumps(value, separators=(",", ":")).encode()


def _segment(content: bytes) -> str:
    return urlsafe_b64encode(content).rstrip(b"=").decode()


def _pem(key: PrivateKey) -> bytes:
    return key.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
