"""Two branches that change different models, or different rules, merge without a conflict in `bundle/`."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner

from harness.bundles import POLICIES, REPOSITORY
from modelward.bundle import load_wasm
from modelward.cli import main
from modelward.errors import BundleError

CONFIG = """\
general_settings: {master_key: os.environ/MASTER}
model_list:
  # first

  - {model_name: beta, litellm_params: {model: openai/b}, model_info: {access_groups: [team-b]}}

  - {model_name: gamma, litellm_params: {model: openai/c}, model_info: {access_groups: [team-c]}}

  - {model_name: delta, litellm_params: {model: openai/d}, model_info: {access_groups: [team-d]}}

  # last
"""

Change = tuple[str, str]
"""A text in the config, and what replaces it."""


def added(name: str, place: str) -> Change:
    """A model added at one end of the config's list; the bundle has it at its place in the alphabet."""
    return f"# {place}", f"- {{model_name: {name}, litellm_params: {{model: openai/x}}}}"


BETA = ("[team-b]", "[team-b, ours]")
DELTA = ("[team-d]", "[team-d, tenants]")
MERGING = {
    "two_changed": (BETA, DELTA),
    "one_changed_and_one_added_behind_it": (BETA, added("coda", "last")),
    "one_changed_and_one_added_before_it": (DELTA, added("coda", "first")),
    "two_added": (added("alpha", "first"), added("coda", "last")),
}


class Repository:
    """A git repository with a config, its policies and the bundle that is built of them, on the branch `main`."""

    def __init__(self, folder: Path, policies: Path) -> None:
        self.folder = folder
        self.config = folder / "config.yaml"
        self.policies = folder / "policies"
        self.bundle = folder / "bundle"
        self._environ = {"MODELWARD_POLICIES": str(self.policies), "MODELWARD_BUNDLE": str(self.bundle)}
        self.config.write_text(CONFIG)
        shutil.copytree(policies, self.policies, ignore=shutil.ignore_patterns("*_test.rego"))
        for name in (".gitattributes", "Makefile"):
            shutil.copy(REPOSITORY / name, folder)
        self.git("init", "--quiet", "--initial-branch=main")
        self._commit("main")

    def git(self, *arguments: str) -> str:
        """What git prints; it has no settings of its own, and must not fail, as it does for a merge with conflicts."""
        nobody = {f"GIT_{role}_{field}": "a@b" for role in ("AUTHOR", "COMMITTER") for field in ("NAME", "EMAIL")}
        env = os.environ | nobody | {"GIT_CONFIG_GLOBAL": os.devnull, "GIT_CONFIG_SYSTEM": os.devnull}
        done = subprocess.run(
            ["git", *arguments], cwd=self.folder, env=env, capture_output=True, text=True, check=False
        )
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout

    def build(self) -> None:
        """Writes the bundle as `make bundle` does."""
        done = CliRunner().invoke(main, ["build", str(self.config), "-o", str(self.bundle)], env=self._environ)
        assert done.exit_code == 0, done.output

    def check(self) -> subprocess.CompletedProcess[str]:
        """What CI says of the bundle."""
        command = [
            "make",
            "--silent",
            "bundle-check",
            f"VENV={sys.prefix}",
            f"--old-file={sys.prefix}/dev",
            "--old-file=opa",
        ]
        env = os.environ | self._environ
        return subprocess.run(command, cwd=self.folder, env=env, capture_output=True, text=True, check=False)

    def branch(self, name: str, path: Path, old: str, new: str) -> None:
        """A branch of `main` that replaces this in a file, and commits that with the bundle that is built of it."""
        self.git("switch", "--quiet", "--create", name, "main")
        text = path.read_text()
        assert text.count(old) == 1
        path.write_text(text.replace(old, new))
        self._commit(name)

    def merge(self, *names: str) -> None:
        """Merges branches into `main`, one after the other."""
        self.git("switch", "--quiet", "main")
        for name in names:
            self.git("merge", "--no-edit", name)

    def _commit(self, message: str) -> None:
        self.build()
        self.git("add", "--all")
        self.git("commit", "--quiet", "--message", message)


@pytest.fixture
def repository(tmp_path: Path, policies: Path) -> Repository:
    """A repository with tiny policies."""
    folder = tmp_path / "repository"
    folder.mkdir()
    return Repository(folder, policies)


def wasm_files(bundle: Path) -> list[str]:
    """The names of the files with compiled policies."""
    return [path.name for path in bundle.glob("*.wasm.xz")]


@pytest.mark.parametrize("changes", MERGING.values(), ids=MERGING)
def test_changes_of_different_models_merge_to_what_is_built_of_both(
    repository: Repository, changes: tuple[Change, Change]
) -> None:
    # As where a host merges without regard to `merge=union`.
    (repository.folder / ".git/info/attributes").write_text("bundle/data.json !merge\n")
    for name, (old, new) in zip(("one", "two"), changes, strict=True):
        repository.branch(name, repository.config, old, new)
    repository.merge("one", "two")
    repository.build()
    assert repository.git("status", "--porcelain", "bundle") == ""


def test_models_added_at_the_same_place_merge_and_are_built_anew(repository: Repository) -> None:
    repository.branch("one", repository.config, *added("coda", "first"))
    repository.branch("two", repository.config, *added("credo", "last"))
    repository.merge("one", "two")
    assert "run: make bundle" in repository.check().stderr
    repository.build()
    assert repository.check().returncode == 0


def test_changes_of_different_rules_merge_and_neither_branch_s_wasm_runs(tmp_path: Path) -> None:
    """With the policies themselves: they are large enough for git to look for files that were renamed."""
    folder = tmp_path / "repository"
    folder.mkdir()
    repository = Repository(folder, POLICIES)
    before = wasm_files(repository.bundle)
    for name, rule in (("one", "key_active"), ("two", "team_active")):
        path = repository.policies / f"modelward/rules/{rule}/{rule}.rego"
        repository.branch(name, path, "to unblock it", f"to unblock it, for branch {name}")
    repository.merge("one", "two")
    assert len(wasm_files(repository.bundle)) == 2
    assert not {*before} & {*wasm_files(repository.bundle)}
    with pytest.raises(BundleError, match="has no Wasm compiled from the policies in"):
        load_wasm(repository.bundle, repository.policies)
    assert "run: make bundle" in repository.check().stderr
    repository.build()
    assert len(wasm_files(repository.bundle)) == 1
    assert load_wasm(repository.bundle, repository.policies)
