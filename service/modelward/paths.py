"""Where the policies, the sample bundle and `opa` are found."""

import os
import shutil
from collections.abc import Mapping
from pathlib import Path

_PACKAGE = Path(__file__).parent
_REPOSITORY = _PACKAGE.parents[1]


def policies(environ: Mapping[str, str] = os.environ) -> Path:
    """The policies' folder: MODELWARD_POLICIES, else the wheel's own, else the repository's."""
    return _found("policies", environ)


def bundle(environ: Mapping[str, str] = os.environ) -> Path:
    """The bundle's folder: MODELWARD_BUNDLE, else the wheel's own, else the repository's."""
    return _found("bundle", environ)


def opa(environ: Mapping[str, str] = os.environ) -> Path | None:
    """The `opa` executable on the PATH, if there is one."""
    found = shutil.which("opa", path=environ.get("PATH", ""))
    return Path(found) if found else None


def _found(name: str, environ: Mapping[str, str]) -> Path:
    if chosen := environ.get(f"MODELWARD_{name.upper()}"):
        return Path(chosen)
    packaged = _PACKAGE / f"_{name}"
    return packaged if packaged.is_dir() else _REPOSITORY / name
