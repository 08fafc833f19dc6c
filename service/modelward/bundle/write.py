"""A bundle on disk: a folder that git keeps and reviewers read, and an archive that OPA servers load."""

import gzip
import io
import tarfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import orjson

from modelward.bundle.policies import replace_file
from modelward.bundle.rules import Rules
from modelward.bundle.schemas import schemas
from modelward.bundle.seal import Sealed
from modelward.bundle.wasm import compile_wasm, keep_wasm, load_wasm
from modelward.contract import Catalog, Contract, Scope, Settings, TokenSettings
from modelward.errors import BundleError


def write(
    sealed: Sealed, policies: Path, out: Path, *, opa: Path | None, tar: bool = False, packaged: Path | None = None
) -> None:
    """Write the bundle folder `out`: the catalogue, the rules, the compiled policies and the schemas; with `tar`, the
    archive `out`.tar.gz beside it too.

    Without `opa` the Wasm in `out` is kept, or that of the bundle `packaged` is taken, if it was compiled from the same
    policies. Raises BundleError when there is no such Wasm, or `out` cannot be written.
    """
    wasm = compile_wasm(policies, opa) if opa else _compiled_before(out, packaged or out, policies)
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
    left out: it changes with every record.
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
    return _packed({".manifest": orjson.dumps(manifest), "data.json": sealed.data})


def table(rules: Rules) -> bytes:
    """The rules in the order of their refusals, as a JSON list with one rule a line."""
    lines = b",\n".join(orjson.dumps(rule.model_dump()) for rule in rules.values())
    return b"[\n%b\n]\n" % lines


def _compiled_before(out: Path, packaged: Path, policies: Path) -> bytes:
    try:
        return load_wasm(out, policies)
    except BundleError:
        return load_wasm(packaged, policies)


def _lines(value: Any) -> Iterator[str]:
    if isinstance(value, Catalog | Scope | Settings | TokenSettings):
        value = dict(value)
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


def _packed(files: dict[str, bytes]) -> bytes:
    plain = io.BytesIO()
    with tarfile.open(fileobj=plain, mode="w", format=tarfile.USTAR_FORMAT) as archive:
        for name, content in sorted(files.items()):
            member = tarfile.TarInfo(name)
            member.size = len(content)
            archive.addfile(member, io.BytesIO(content))
    return gzip.compress(plain.getvalue(), mtime=0)
