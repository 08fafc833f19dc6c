"""The policies compiled by OPA, in a file named by the digest of what they were compiled from.

Two branches that change the policies add a file each, so git merges them; neither is of the merged policies, and none
but those that fit is ever taken. Compressed by xz, two versions have nothing in common: git would take two that are
alike for one file that was renamed twice, which is a conflict.
"""

import lzma
from contextlib import suppress
from pathlib import Path

import orjson

from modelward.bundle.opa_tool import OpaTool
from modelward.bundle.policies import policies_digest, replace_file
from modelward.bundle.rule_checks import check_policies
from modelward.errors import BundleError

_NAME = "policies-{}.wasm.xz"
_SECTION = b"modelward.policies"
_UNTIMED = b"modelward.untimed"
_ADVICE = "put `opa` on the PATH, or run `modelward build` where it is"


def load_wasm(bundle: Path, policies: Path) -> bytes:
    """The Wasm in a bundle that was compiled from just these policies. Raises BundleError where there is none."""
    digest = policies_digest(policies)
    path = bundle / _name(digest)
    try:
        wasm = lzma.decompress(path.read_bytes())
    except FileNotFoundError:
        raise BundleError(f"`{bundle}` has no Wasm compiled from the policies in `{policies}`; {_ADVICE}") from None
    except (OSError, lzma.LZMAError) as error:
        raise BundleError(f"`{path}` cannot be read: {error}; {_ADVICE}") from error
    if not wasm.endswith(_stamp(digest)):
        raise BundleError(f"`{path}` was not compiled from the policies in `{policies}`; {_ADVICE}")
    return wasm


def keep_wasm(bundle: Path, policies: Path, wasm: bytes) -> None:
    """Write the Wasm of these policies into a bundle, and remove those of others. Raises OSError.

    A file that has it already stays: another version of xz may write the same in other bytes.
    """
    path = bundle / _name(policies_digest(policies))
    try:
        kept = load_wasm(bundle, policies) == wasm
    except BundleError:
        kept = False
    if not kept:
        replace_file(path, lzma.compress(wasm))
    for other in bundle.glob(_name("*")):
        if other != path:
            other.unlink(missing_ok=True)


def refresh_wasm(bundle: Path, policies: Path, opa: Path | None) -> bytes:
    """The Wasm of these policies, compiled by `opa` where the bundle has none.

    It is kept in the bundle where that can be written; several processes may do so at once. Raises BundleError when
    there is neither, or when the policies do not compile; PolicyError when a rule of them would not
    decide what it says.
    """
    try:
        return load_wasm(bundle, policies)
    except BundleError:
        if opa is None:
            raise
    check_policies(policies, opa)
    wasm = compile_wasm(policies, opa)
    with suppress(OSError):  # a bundle that cannot be written, such as one in an image, still serves
        keep_wasm(bundle, policies, wasm)
    return wasm


def compile_wasm(policies: Path, opa: Path) -> bytes:
    """Compile the policies, whose METADATA names the entrypoints, with the executable `opa`. Raises BundleError.

    Beside the code it has which of them are untimed, for `untimed_in`.
    """
    digest, tool = policies_digest(policies), OpaTool(opa, policies)
    return tool.wasm() + _section(_UNTIMED, orjson.dumps(tool.untimed())) + _stamp(digest)


def untimed_in(wasm: bytes) -> list[str] | None:
    """The packages of compiled policies that read the clock and do not say until when a decision holds; `None` where
    that is not known. With any of them a decision may change at any time."""
    try:
        found: list[str] = orjson.loads(wasm.rpartition(_UNTIMED)[2][:-_STAMP_BYTES])
    except orjson.JSONDecodeError:
        return None
    return found


def _name(digest: str) -> str:
    return _NAME.format(digest.removeprefix("sha256:")[:12])


def _stamp(digest: str) -> bytes:
    return _section(_SECTION, digest.encode())


def _section(name: bytes, content: bytes) -> bytes:
    """A custom section, which every Wasm runtime skips."""
    content = bytes([len(name)]) + name + content
    size, length = len(content), bytearray()
    while size > 0x7F:
        length.append(size & 0x7F | 0x80)
        size >>= 7
    return b"\0" + bytes([*length, size]) + content


_STAMP_BYTES = len(_stamp(f"sha256:{'0' * 64}"))
