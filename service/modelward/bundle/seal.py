"""A catalogue with its revision, as the bytes of a bundle."""

import hashlib
from dataclasses import dataclass
from pathlib import Path

import orjson

from modelward.bundle.policies import policies_digest
from modelward.bundle.rules import Rules, read_rules
from modelward.contract import Catalog


@dataclass(frozen=True, slots=True)
class Sealed:
    """A catalogue that names its revision; `data` is what engines load of it, `policies` the digest of the policies,
    `rules` what their METADATA says."""

    catalog: Catalog
    data: bytes
    revision: str
    policies: str
    rules: Rules


def seal(catalog: Catalog, policies: Path) -> Sealed:
    """Give the catalogue the names of the policies' rules and the order of their refusals, and its revision.

    The revision is `sha256:` and 64 hex digits over its content and the policies.

    The same catalogue and policies give the same bytes, here and anywhere. Raises BundleError when the policies
    cannot be read, and PolicyError for METADATA that no rule can have.
    """
    digest = policies_digest(policies)
    rules = read_rules(policies)
    of_policies = {
        "rules": {rule.name: True for rule in rules.values() if rule.folder == "rules"},
        "token_rules": {rule.name: True for rule in rules.values() if rule.folder == "token_rules"},
        "order": {rule.name: rule.order for rule in rules.values() if rule.order is not None},
    }
    content = catalog.model_dump() | of_policies | {"revision": ""}
    unsealed = orjson.dumps(content, option=orjson.OPT_SORT_KEYS)
    revision = "sha256:" + hashlib.sha256(digest.encode() + b"\n" + unsealed).hexdigest()
    content["revision"] = revision
    data = orjson.dumps({"catalog": content}, option=orjson.OPT_SORT_KEYS)
    return Sealed(catalog.model_copy(update={**of_policies, "revision": revision}), data, revision, digest, rules)
