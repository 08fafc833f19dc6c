"""Bundles on disk, and OPA's view of them."""

import subprocess
import tarfile
from pathlib import Path

import orjson
import pytest

from harness.opa import opa_server
from harness.wire import call
from modelward.bundle import laid_out, load_wasm, schemas, seal, write
from modelward.contract import Catalog
from modelward.errors import BundleError

SCHEMAS = """\
# METADATA
# scope: subpackages
# schemas:
#   - input: schema.input
#   - data.catalog: schema.catalog
package modelward
"""


def contents(folder: Path) -> dict[str, bytes]:
    """The files of a folder and what they hold."""
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def test_a_bundle_folder_holds_data_rules_wasm_and_schemas(
    catalog: Catalog, policies: Path, tmp_path: Path, opa: Path
) -> None:
    sealed = seal(catalog, policies)
    write(sealed, policies, tmp_path / "out", opa=opa)
    files = contents(tmp_path / "out")
    schemas = {f"schemas/{name}.json" for name in ("catalog", "decision", "explanation", "input", "listing", "reach")}
    wasm = f"policies-{sealed.policies.removeprefix('sha256:')[:12]}.wasm.xz"
    assert files.keys() == {"data.json", "rules.json", wasm} | schemas


def test_a_bundle_folder_has_the_catalogue_without_the_revision_and_the_kinds(
    catalog: Catalog, policies: Path, tmp_path: Path, opa: Path
) -> None:
    sealed = seal(catalog, policies)
    write(sealed, policies, tmp_path / "out", opa=opa)
    without = sealed.catalog.model_dump(mode="json", exclude={"revision"})
    for scope in (without["common"], *without["teams"].values()):
        del scope["kinds"]
    assert orjson.loads((tmp_path / "out" / "data.json").read_bytes()) == {"catalog": without}
    assert not [name for name, content in contents(tmp_path / "out").items() if sealed.revision.encode() in content]


def test_each_record_is_on_a_line_of_its_own(catalog: Catalog) -> None:
    lines = [line.strip() for line in laid_out(catalog).decode().splitlines()]
    at = lines.index('"a":')
    assert lines[at + 2 : at + 4] == [",", '"b":']
    assert orjson.loads(lines[at + 1]) == catalog.common.entries["a"].model_dump()


def test_the_same_catalogue_is_written_to_the_same_bytes(
    catalog: Catalog, policies: Path, tmp_path: Path, opa: Path
) -> None:
    for name in ("one", "two"):
        write(seal(catalog, policies), policies, tmp_path / name, opa=opa, tar=True)
    assert contents(tmp_path / "one") == contents(tmp_path / "two")
    assert (tmp_path / "one.tar.gz").read_bytes() == (tmp_path / "two.tar.gz").read_bytes()


def test_the_archive_holds_what_an_opa_server_needs(
    catalog: Catalog, policies: Path, tmp_path: Path, opa: Path
) -> None:
    sealed = seal(catalog, policies)
    write(sealed, policies, tmp_path / "out", opa=opa, tar=True)
    with tarfile.open(tmp_path / "out.tar.gz") as archive:
        assert archive.getnames() == [".manifest", "data.json"]
        manifest, data = (archive.extractfile(name) for name in archive.getnames())
        assert manifest
        assert data
        assert orjson.loads(manifest.read()) == {
            "revision": sealed.revision,
            "roots": ["catalog"],
            "rego_version": 1,
            "metadata": {"policies": sealed.policies},
        }
        assert data.read() == sealed.data


def test_without_opa_a_wasm_of_the_same_policies_is_kept(
    catalog: Catalog, policies: Path, tmp_path: Path, opa: Path
) -> None:
    out = tmp_path / "out"
    write(seal(catalog, policies), policies, out, opa=opa)
    kept = load_wasm(out, policies)
    other = seal(catalog.model_copy(update={"groups": {}}), policies)
    write(other, policies, out, opa=None)
    assert (out / "data.json").read_bytes() == laid_out(other.catalog)
    assert load_wasm(out, policies) == kept


def test_without_opa_and_wasm_nothing_is_written(catalog: Catalog, policies: Path, tmp_path: Path) -> None:
    with pytest.raises(BundleError, match="put `opa` on the PATH"):
        write(seal(catalog, policies), policies, tmp_path / "out", opa=None)
    assert not (tmp_path / "out").exists()


def test_a_folder_that_cannot_be_written_is_reported(
    catalog: Catalog, policies: Path, tmp_path: Path, opa: Path
) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(BundleError, match="cannot be written"):
        write(seal(catalog, policies), policies, tmp_path / "file", opa=opa)


def test_opa_serves_the_bundle_beside_the_policies(catalog: Catalog, policies: Path, tmp_path: Path, opa: Path) -> None:
    sealed = seal(catalog, policies)
    write(sealed, policies, tmp_path / "out", opa=opa, tar=True)
    with opa_server([policies, tmp_path / "out.tar.gz"], tmp_path) as server:
        answer = call(
            server.port, "POST", "/v1/data/modelward/access/decision", content={"input": {"request": {"models": ["a"]}}}
        )
    assert answer.json()["result"]["revision"] == sealed.revision


@pytest.mark.parametrize(
    "misspelt",
    [
        "input.request.modles",
        "input.caller.key.blockd",
        "input.caller.team.model",
        "input.caller.user.rol",
        "input.request.record.ident",
        "data.catalog.comon",
        "data.catalog.common.entrys",
        "data.catalog.settings.empty",
        "input.caller.key.blocked.x",
    ],
)
def test_opa_finds_a_misspelt_field_by_the_schemas(policies: Path, tmp_path: Path, opa: Path, misspelt: str) -> None:
    (tmp_path / "schemas").mkdir()
    for name, schema in schemas().items():
        (tmp_path / "schemas" / name).write_bytes(schema)
    (policies / "modelward.rego").write_text(SCHEMAS)
    (policies / "rule.rego").write_text(f"package modelward.rules.one\n\ndeny if {misspelt}\n")
    command = [str(opa), "check", "--schema", str(tmp_path / "schemas"), str(policies)]
    checked = subprocess.run(command, capture_output=True, text=True, check=False)
    assert checked.returncode != 0
    assert "rego_type_error: undefined ref" in checked.stderr
