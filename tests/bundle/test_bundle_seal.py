"""Revisions and the bytes of data.json."""

import re
from pathlib import Path

import orjson
import pytest

from modelward.bundle import policies_digest, seal
from modelward.contract import Catalog, Entry, Scope
from modelward.errors import BundleError


def test_the_data_holds_the_catalogue_with_its_revision(catalog: Catalog, policies: Path) -> None:
    sealed = seal(catalog, policies)
    assert re.fullmatch(r"sha256:[0-9a-f]{64}", sealed.revision)
    assert sealed.catalog == catalog.model_copy(update={"revision": sealed.revision})
    assert Catalog.model_validate(orjson.loads(sealed.data)["catalog"]) == sealed.catalog


def test_the_same_catalogue_gives_the_same_bytes_whatever_its_order(catalog: Catalog, policies: Path) -> None:
    entries = dict(sorted(catalog.common.entries.items()))
    other = catalog.model_copy(update={"common": Scope(entries=entries), "revision": "sha256:old"})
    assert list(other.common.entries) != list(catalog.common.entries)
    assert seal(other, policies).data == seal(catalog, policies).data


def test_another_catalogue_has_another_revision(catalog: Catalog, policies: Path) -> None:
    other = catalog.model_copy(update={"common": Scope(entries={"a": Entry(deployments={})})})
    assert seal(other, policies).revision != seal(catalog, policies).revision


def test_other_policies_give_another_revision(catalog: Catalog, policies: Path) -> None:
    before = seal(catalog, policies).revision
    (policies / "modelward" / "access" / "more.rego").write_text("package modelward.more\n")
    assert seal(catalog, policies).revision != before


def test_the_digest_depends_on_names_and_the_manifest_and_not_on_tests(policies: Path) -> None:
    first = policies_digest(policies)
    (policies / "modelward" / "access" / "access_test.rego").write_text("package other_test\n")
    assert policies_digest(policies) == first
    (policies / "modelward" / "access" / "access.rego").rename(policies / "modelward" / "access" / "renamed.rego")
    renamed = policies_digest(policies)
    (policies / ".manifest").write_text("{}")
    assert len({first, renamed, policies_digest(policies)}) == 3


def test_a_folder_without_policies_is_refused(tmp_path: Path) -> None:
    with pytest.raises(BundleError, match="there are no policies in"):
        policies_digest(tmp_path)
