"""Addresses of upstreams, as texts."""

from collections.abc import Sequence
from urllib.parse import urlsplit


def is_plain_address(base: str) -> bool:
    """Whether it is an http or https address with a host, and without query, fragment and user name."""
    try:
        parts = urlsplit(base)
        reachable = parts.scheme in {"http", "https"} and bool(parts.hostname) and parts.port != 0
    except ValueError:
        return False
    return reachable and base.isprintable() and not (set(base) & set(" ?#@\\"))


def with_root(base: str, root: str, roots: Sequence[str]) -> str:
    """`base` with `root` at its end, in place of another of `roots`."""
    if not root or base.endswith("/" + root):
        return base
    other = next((each for each in roots if base.endswith("/" + each)), None)
    return f"{base.removesuffix('/' + other) if other else base}/{root}"
