"""The compiled policies, and what they were compiled from."""

import lzma
import shutil
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from modelward.bundle import compile_wasm, keep_wasm, load_wasm, refresh_wasm, untimed_in
from modelward.engine.embedded import Guest, Policies
from modelward.errors import BundleError


@pytest.fixture
def bundle(tmp_path: Path, policies: Path, opa: Path) -> Path:
    """A bundle folder with the Wasm of the policies."""
    folder = tmp_path / "bundle"
    folder.mkdir()
    keep_wasm(folder, policies, compile_wasm(policies, opa))
    return folder


def file(bundle: Path) -> Path:
    """The only file with Wasm in a bundle."""
    (path,) = bundle.iterdir()
    return path


def change(policies: Path) -> None:
    """Change what the policies say."""
    path = policies / "modelward" / "access" / "access.rego"
    path.write_text(path.read_text().replace('["a"]', '["b"]'))


def test_the_same_policies_compile_to_the_same_bytes_wherever_they_lie(
    tmp_path: Path, policies: Path, opa: Path
) -> None:
    elsewhere = tmp_path / "quite" / "elsewhere"
    shutil.copytree(policies, elsewhere)
    assert compile_wasm(policies, opa) == compile_wasm(elsewhere, opa)


def test_the_stamped_wasm_still_runs(policies: Path, opa: Path) -> None:
    assert Guest(Policies(compile_wasm(policies, opa)), b"{}", 1.0).entrypoints


def test_a_fresh_wasm_is_loaded(bundle: Path, policies: Path, opa: Path) -> None:
    assert load_wasm(bundle, policies) == compile_wasm(policies, opa)


def test_a_stale_wasm_is_refused(bundle: Path, policies: Path) -> None:
    change(policies)
    with pytest.raises(BundleError, match="has no Wasm compiled from the policies in"):
        load_wasm(bundle, policies)


def test_a_stale_wasm_under_the_name_of_a_fresh_one_is_refused(bundle: Path, policies: Path, opa: Path) -> None:
    stale = file(bundle).read_bytes()
    change(policies)
    keep_wasm(bundle, policies, compile_wasm(policies, opa))
    file(bundle).write_bytes(stale)
    with pytest.raises(BundleError, match="was not compiled from the policies in"):
        load_wasm(bundle, policies)


def test_a_wasm_that_was_cut_off_is_refused(bundle: Path, policies: Path) -> None:
    path = file(bundle)
    path.write_bytes(path.read_bytes()[:-1])
    with pytest.raises(BundleError, match="cannot be read: Compressed data ended"):
        load_wasm(bundle, policies)


def test_a_wasm_that_was_written_by_another_xz_stays(bundle: Path, policies: Path) -> None:
    wasm = load_wasm(bundle, policies)
    other = lzma.compress(wasm, preset=0)
    file(bundle).write_bytes(other)
    keep_wasm(bundle, policies, wasm)
    assert file(bundle).read_bytes() == other


def test_a_wasm_without_stamp_is_refused(bundle: Path, policies: Path) -> None:
    file(bundle).write_bytes(lzma.compress(load_wasm(bundle, policies)[:-1]))
    with pytest.raises(BundleError, match="was not compiled from the policies in"):
        load_wasm(bundle, policies)


def test_a_missing_wasm_is_refused_with_the_remedy(tmp_path: Path, policies: Path) -> None:
    with pytest.raises(BundleError, match="put `opa` on the PATH, or run `modelward build`"):
        load_wasm(tmp_path, policies)


def test_a_stale_wasm_is_compiled_anew_and_kept(bundle: Path, policies: Path, opa: Path) -> None:
    change(policies)
    stale = file(bundle)
    assert refresh_wasm(bundle, policies, opa) == load_wasm(bundle, policies)
    assert file(bundle) != stale


def test_a_fresh_wasm_needs_no_opa(bundle: Path, policies: Path) -> None:
    assert refresh_wasm(bundle, policies, None) == load_wasm(bundle, policies)


def test_a_stale_wasm_without_opa_is_refused(bundle: Path, policies: Path) -> None:
    change(policies)
    with pytest.raises(BundleError, match="has no Wasm compiled from the policies in"):
        refresh_wasm(bundle, policies, None)


def test_a_bundle_that_cannot_be_written_still_serves(tmp_path: Path, policies: Path, opa: Path) -> None:
    assert refresh_wasm(tmp_path / "missing", policies, opa) == compile_wasm(policies, opa)
    assert not (tmp_path / "missing").exists()


def test_several_may_refresh_at_once(bundle: Path, policies: Path, opa: Path) -> None:
    change(policies)
    with ThreadPoolExecutor(4) as pool:
        found = list(pool.map(lambda _: refresh_wasm(bundle, policies, opa), range(4)))
    assert set(found) == {load_wasm(bundle, policies)}
    assert file(bundle).name.startswith("policies-")


def test_policies_that_do_not_compile_are_reported(policies: Path, opa: Path) -> None:
    (policies / "modelward" / "access" / "broken.rego").write_text(
        "package modelward.broken\n\nallow if nothing.known\n"
    )
    with pytest.raises(BundleError, match=r"the policies do not compile: .*broken\.rego:3"):
        compile_wasm(policies, opa)


def test_policies_without_entrypoint_are_reported(tmp_path: Path, opa: Path) -> None:
    (tmp_path / "plain.rego").write_text("package modelward.access\n\ndecision := 1\n")
    with pytest.raises(BundleError, match=r"the policies do not compile: .*entrypoint"):
        compile_wasm(tmp_path, opa)


def test_an_opa_that_is_not_there_is_reported(policies: Path, tmp_path: Path) -> None:
    with pytest.raises(BundleError, match="could not compile the policies"):
        compile_wasm(policies, tmp_path / "no-opa")


def rule(policies: Path, name: str, text: str) -> None:
    """Add a rule to the policies."""
    path = policies / f"modelward/rules/{name}/{name}.rego"
    path.parent.mkdir(parents=True)
    path.write_text(f"package modelward.rules.{name}\n\n{text}\n")


def test_policies_that_read_no_clock_say_so(bundle: Path, policies: Path) -> None:
    assert untimed_in(load_wasm(bundle, policies)) == []


def test_policies_name_the_rules_that_read_the_clock_and_have_no_end(policies: Path, opa: Path) -> None:
    for number in range(10):
        rule(policies, f"late_{number}", 'deny contains "late" if input.request.time_ns > 1')
    rule(policies, "timed", 'default holds_until := 0\n\ndeny contains "late" if input.request.time_ns > 1')
    wasm = compile_wasm(policies, opa)
    assert untimed_in(wasm) == [f"modelward.rules.late_{number}" for number in range(10)]
    assert Guest(Policies(wasm), b"{}", 1.0).entrypoints


def test_of_other_wasm_it_is_not_known_which_rules_read_the_clock(bundle: Path, policies: Path) -> None:
    wasm = load_wasm(bundle, policies)
    assert untimed_in(wasm.replace(b"modelward.untimed", b"modelward.unknown")) is None
    assert untimed_in(b"") is None
