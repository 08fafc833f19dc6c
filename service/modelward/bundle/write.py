"""A bundle on disk."""

import gzip
import io
import tarfile
from pathlib import Path

import orjson

from modelward.bundle.policies import replace_file
from modelward.bundle.schemas import schemas
from modelward.bundle.seal import Sealed
from modelward.bundle.wasm import NAME, compile_wasm, load_wasm
from modelward.errors import BundleError

MANIFEST = ".manifest"
DATA = "data.json"


def write(
    sealed: Sealed, policies: Path, out: Path, *, opa: Path | None, tar: bool = False, packaged: Path | None = None
) -> None:
    """Write the bundle folder `out`: manifest, data, `policy.wasm` and schemas; with `tar`, `out`.tar.gz beside it too.

    Without `opa` the `policy.wasm` in `out` is kept, or that of the bundle `packaged` is taken, if it was compiled from
    the same policies. The same catalogue and policies give the same bytes. Raises BundleError when there is no such
    `policy.wasm`, or `out` cannot be written.
    """
    wasm = compile_wasm(policies, opa) if opa else _compiled_before(out, packaged or out, policies)
    bundle = {MANIFEST: manifest(sealed), DATA: sealed.data}
    try:
        (out / "schemas").mkdir(parents=True, exist_ok=True)
        for name, schema in schemas().items():
            replace_file(out / "schemas" / name, schema)
        for name, content in {NAME: wasm, **bundle}.items():
            replace_file(out / name, content)
        if tar:
            replace_file(out.with_name(out.name + ".tar.gz"), _archive(bundle))
    except OSError as error:
        raise BundleError(f"the bundle `{out}` cannot be written: {error.strerror}") from error


def _compiled_before(out: Path, packaged: Path, policies: Path) -> bytes:
    try:
        return load_wasm(out, policies)
    except BundleError:
        return load_wasm(packaged, policies)


def manifest(sealed: Sealed) -> bytes:
    """The `.manifest` of a bundle: OPA serves its data under `catalog` only."""
    content = {
        "revision": sealed.revision,
        "roots": ["catalog"],
        "rego_version": 1,
        "metadata": {"policies": sealed.policies},
    }
    return orjson.dumps(content, option=orjson.OPT_INDENT_2 | orjson.OPT_APPEND_NEWLINE)


def _archive(files: dict[str, bytes]) -> bytes:
    plain = io.BytesIO()
    with tarfile.open(fileobj=plain, mode="w", format=tarfile.USTAR_FORMAT) as archive:
        for name, content in sorted(files.items()):
            member = tarfile.TarInfo(name)
            member.size = len(content)
            archive.addfile(member, io.BytesIO(content))
    return gzip.compress(plain.getvalue(), mtime=0)
