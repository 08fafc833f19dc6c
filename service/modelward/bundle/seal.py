"""A catalogue with its revision, as the bytes of a bundle."""

import hashlib
from dataclasses import dataclass
from pathlib import Path

import orjson

from modelward.bundle.policies import policies_digest, rule_names
from modelward.contract import Catalog


@dataclass(frozen=True, slots=True)
class Sealed:
    """A catalogue that names its revision; `data` is what engines load of it, `policies` the digest of the policies."""

    catalog: Catalog
    data: bytes
    revision: str
    policies: str


def seal(catalog: Catalog, policies: Path) -> Sealed:
    """Give the catalogue the names of the policies' rules, and its revision.

    The revision is `sha256:` and 64 hex digits over its content and the policies.

    The same catalogue and policies give the same bytes, here and anywhere. Raises BundleError when the policies
    cannot be read.
    """
    digest = policies_digest(policies)
    rules = {folder: rule_names(policies, folder) for folder in ("rules", "token_rules")}
    content = catalog.model_dump() | rules | {"revision": ""}
    unsealed = orjson.dumps(content, option=orjson.OPT_SORT_KEYS)
    revision = "sha256:" + hashlib.sha256(digest.encode() + b"\n" + unsealed).hexdigest()
    content["revision"] = revision
    data = orjson.dumps({"catalog": content}, option=orjson.OPT_SORT_KEYS)
    return Sealed(catalog.model_copy(update={**rules, "revision": revision}), data, revision, digest)
