"""Policies are compiled to machine code once, which is kept for the next start where nobody else can enter."""

import os
from pathlib import Path

import pytest

from engine.asking import asking
from modelward.engine import answer
from modelward.engine.embedded import DECISION, Guest, Policies
from modelward.errors import BundleError
from modelward.loading import Loaded

WASM = b"\x00asm\x01\x00\x00\x00"


def settings(folder: Path) -> list[Path]:
    """The files with the settings of the cache."""
    return list(folder.rglob("*.toml"))


def kept(folder: Path) -> list[Path]:
    """The files with machine code."""
    return [path for path in folder.rglob("*") if path.is_file() and "modules" in path.parts and not path.suffix]


def decided(loaded: Loaded, cache: Path) -> bool:
    """The decision on `gpt-4`, by policies whose machine code is kept there."""
    guest = Guest(Policies(loaded.wasm, cache), loaded.sealed.data, 10.0)
    assert not guest.ask(DECISION, answer.question(asking("ghost")))["allow"]
    return bool(guest.ask(DECISION, answer.question(asking("gpt-4")))["allow"])


def test_what_was_compiled_is_kept_and_decides(loaded: Loaded, tmp_path: Path) -> None:
    for _ in range(2):
        assert decided(loaded, tmp_path / "new")
        assert len(kept(tmp_path)) == 3
    assert not (tmp_path / "new").stat().st_mode & 0o077
    assert not settings(tmp_path)


def test_what_was_kept_and_is_no_machine_code_is_compiled_again(loaded: Loaded, tmp_path: Path) -> None:
    Policies(loaded.wasm, tmp_path / "new")
    for path in kept(tmp_path):
        path.write_bytes(b"no machine code")
    assert decided(loaded, tmp_path / "new")


def test_engines_of_the_same_policies_share_what_was_compiled(loaded: Loaded) -> None:
    first = Policies.of(loaded.wasm)
    assert Policies.of(loaded.wasm) is first
    with pytest.raises(BundleError):
        Policies.of(b"no wasm")


@pytest.mark.parametrize("mode", [0o770, 0o702, 0o755])
def test_nothing_is_kept_where_others_can_enter(tmp_path: Path, mode: int) -> None:
    tmp_path.chmod(mode)
    Policies(WASM, tmp_path)
    assert not kept(tmp_path)


def test_policies_are_compiled_where_nothing_can_be_kept(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    Policies(WASM, tmp_path / "file")
    Policies(WASM, tmp_path / "file" / "below")
    Policies(WASM, Path("~nobody-has-this-name") / "cache")
    Policies(WASM, tmp_path / os.fsdecode(b"\xff"))
    assert not kept(tmp_path)
