"""A catalogue with its revision as a bundle: a folder that git keeps and reviewers read, an archive that OPA loads."""

import gzip
import hashlib
import io
import tarfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import orjson

from modelward.bundle.policies import policies_digest, replace_file
from modelward.bundle.rules import Rules, read_rules
from modelward.bundle.schemas import schemas
from modelward.bundle.wasm import compile_wasm, keep_wasm, load_wasm
from modelward.contract import Catalog, Contract, Scope, Settings, TokenSettings
from modelward.errors import BundleError


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
        "alike": {rule.name: True for rule in rules.values() if rule.alike},
        "order": {rule.name: rule.order for rule in rules.values() if rule.order is not None},
    }
    content = catalog.model_dump() | of_policies | {"revision": ""}
    unsealed = orjson.dumps(content, option=orjson.OPT_SORT_KEYS)
    revision = "sha256:" + hashlib.sha256(digest.encode() + b"\n" + unsealed).hexdigest()
    content["revision"] = revision
    data = orjson.dumps({"catalog": content}, option=orjson.OPT_SORT_KEYS)
    return Sealed(catalog.model_copy(update={**of_policies, "revision": revision}), data, revision, digest, rules)


def write(
    sealed: Sealed, policies: Path, out: Path, *, opa: Path | None, tar: bool = False, packaged: Path | None = None
) -> None:
    """Write the bundle folder `out`: the catalogue, the rules, the compiled policies and the schemas; with `tar`, the
    archive `out`.tar.gz beside it too.

    Without `opa` the Wasm in `out` is kept, or that of the bundle `packaged` is taken, if it was compiled from the same
    policies. Raises BundleError when there is no such Wasm, or `out` cannot be written.
    """
    if opa:
        wasm = compile_wasm(policies, opa)
    else:
        try:
            wasm = load_wasm(out, policies)
        except BundleError:
            wasm = load_wasm(packaged or out, policies)
    try:
        (out / "schemas").mkdir(parents=True, exist_ok=True)
        for name, schema in schemas().items():
            replace_file(out / "schemas" / name, schema)
        replace_file(out / "data.json", laid_out(sealed.catalog))
        replace_file(out / "rules.json", table(sealed.rules))
        keep_wasm(out, policies, wasm)
        if tar:
            replace_file(out.with_name(out.name + ".tar.gz"), archive(sealed))
    except OSError as error:
        raise BundleError(f"the bundle `{out}` cannot be written: {error.strerror}") from error


def laid_out(catalog: Catalog) -> bytes:
    """The catalogue for reviewers, as JSON: each record on a line of its own, between its name's and the comma's.

    Those stay where a record changes, or one is added beside it, so git merges changes of neighbours. The revision is
    left out: it changes with every record. So are the kinds of entries: they say again what the entries say.
    """
    parts = dict(catalog)
    del parts["revision"]
    return "".join(f"{line}\n" for line in _lines({"catalog": parts})).encode()


def archive(sealed: Sealed) -> bytes:
    """The bundle for an OPA server, as a `.tar.gz`: the catalogue with its revision, which every decision names.

    The same catalogue and policies give the same bytes.
    """
    manifest = {
        "revision": sealed.revision,
        "roots": ["catalog"],
        "rego_version": 1,
        "metadata": {"policies": sealed.policies},
    }
    plain = io.BytesIO()
    with tarfile.open(fileobj=plain, mode="w", format=tarfile.USTAR_FORMAT) as packed:
        for name, content in ((".manifest", orjson.dumps(manifest)), ("data.json", sealed.data)):
            member = tarfile.TarInfo(name)
            member.size = len(content)
            packed.addfile(member, io.BytesIO(content))
    return gzip.compress(plain.getvalue(), mtime=0)


def table(rules: Rules) -> bytes:
    """The rules in the order of their refusals, as a JSON list with one rule a line."""
    lines = b",\n".join(orjson.dumps(rule.model_dump()) for rule in rules.values())
    return b"[\n%b\n]\n" % lines


def _lines(value: Any) -> Iterator[str]:
    if isinstance(value, Catalog | Scope | Settings | TokenSettings):
        value = {name: each for name, each in value if name != "kinds"}
    if not isinstance(value, dict):
        yield orjson.dumps(value, default=Contract.model_dump, option=orjson.OPT_SORT_KEYS).decode()
        return
    yield "{"
    for place, name in enumerate(sorted(value)):
        if place:
            yield " ,"
        yield f" {orjson.dumps(name).decode()}:"
        yield from (f" {line}" for line in _lines(value[name]))
    yield "}"
