"""A tiny folder of policies, and a catalogue."""

from pathlib import Path

import pytest

from harness.opa import opa_command
from modelward.contract import Catalog, Entry, Scope

POLICY = """\
# METADATA
# title: The decision
package modelward.access

# METADATA
# entrypoint: true
decision := {"allow": input.request.models == ["a"], "revision": data.catalog.revision}
"""


@pytest.fixture
def policies(tmp_path: Path) -> Path:
    """A folder with one policy and its test."""
    folder = tmp_path / "policies"
    access = folder / "modelward" / "access"
    access.mkdir(parents=True)
    (folder / ".manifest").write_text('{"roots": ["modelward"], "rego_version": 1}\n')
    (access / "access.rego").write_text(POLICY)
    (access / "access_test.rego").write_text("package modelward.access_test\n\ntest_it if true\n")
    return folder


@pytest.fixture
def catalog() -> Catalog:
    """A catalogue with two entries."""
    entries = {name: Entry(deployments={f"d-{name}": {"g": True}}, groups={"g": True}) for name in ("b", "a")}
    return Catalog(common=Scope(entries=entries), reserved={"g": True})


@pytest.fixture
def opa() -> Path:
    """The `opa` executable."""
    return Path(opa_command())
