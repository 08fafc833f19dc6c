"""Where the policies, the sample and its bundle lie, and bundles for configs that tests write."""

from collections.abc import Mapping
from pathlib import Path

from harness.opa import opa_command
from modelward import bundle
from modelward.compiler import compile_catalog
from modelward.config import read

REPOSITORY = Path(__file__).resolve().parents[2]
POLICIES = REPOSITORY / "policies"
SAMPLE_CONFIG = REPOSITORY / "config.yaml"
SAMPLE_BUNDLE = REPOSITORY / "bundle"
SAMPLE_MASTER_KEY = "sk-1234"

NO_ENV: Mapping[str, str] = {}


def policy_wasm(folder: Path) -> bytes:
    """The policies as Wasm, compiled anew in that folder when they are newer than the committed bundle."""
    return bundle.refresh_wasm(folder, POLICIES, Path(opa_command()))


def write_bundle(config: Path, out: Path, env: Mapping[str, str] = NO_ENV) -> None:
    """Write the archive that `modelward build --tar` makes of a config for an OPA server."""
    out.write_bytes(bundle.archive(bundle.seal(compile_catalog(read(config, env, secrets="refuse")), POLICIES)))
