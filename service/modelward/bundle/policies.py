"""The folder of Rego policies: which files count, and one digest over them."""

import os
import tempfile
from hashlib import sha256
from pathlib import Path

from modelward.errors import BundleError


def policies_digest(policies: Path) -> str:
    """The SHA-256 over the names and bytes of the policies, tests left out: `sha256:` and 64 hex digits.

    Raises BundleError when there are no policies or one cannot be read.
    """
    files, manifest = policy_files(policies), policies / ".manifest"
    if not files:
        advice = "set MODELWARD_POLICIES to the folder that holds them"
        raise BundleError(f"there are no policies in `{policies}`; {advice}")
    named = {path.relative_to(policies).as_posix(): path for path in files}
    if manifest.is_file():
        named[manifest.name] = manifest
    total = sha256()
    for name, path in sorted(named.items()):
        try:
            total.update(f"{name}\n{sha256(path.read_bytes()).hexdigest()}\n".encode())
        except OSError as error:
            raise BundleError(f"the policy `{path}` cannot be read: {error.strerror}") from error
    return f"sha256:{total.hexdigest()}"


def policy_files(folder: Path) -> list[Path]:
    """The policies in a folder and below it, tests left out."""
    return sorted(path for path in folder.rglob("*.rego") if not path.name.endswith("_test.rego"))


def shown(path: Path) -> str:
    """A path as a message shows it: from the current folder, where it is below it."""
    here = Path.cwd()
    return str(path.relative_to(here) if path.is_relative_to(here) else path)


def replace_file(path: Path, data: bytes) -> None:
    """Write a file so that readers, and other writers, see the old bytes or the new. Raises OSError."""
    descriptor, name = tempfile.mkstemp(prefix=f".{path.name}.", dir=path.parent)
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(data)
            os.fchmod(file.fileno(), 0o644)
        Path(name).replace(path)
    except OSError:
        Path(name).unlink(missing_ok=True)
        raise
