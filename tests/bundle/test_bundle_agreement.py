"""The bundle built in one place and the service in another mean the same."""

from pathlib import Path

from modelward.bundle import seal
from modelward.compiler import compile_catalog
from modelward.config import read

CONFIG = """\
general_settings: {master_key: os.environ/MASTER}
model_list:
  - model_name: a
    litellm_params: {model: azure/a, api_key: os.environ/KEY, api_base: os.environ/BASE}
    model_info: {access_groups: [g]}
keys:
  - {key: os.environ/CI_KEY, models: [g]}
"""


def test_building_and_serving_agree_on_the_revision(tmp_path: Path, policies: Path) -> None:
    path = tmp_path / "config.yaml"
    path.write_text(CONFIG)
    built = read(path, {"CI_KEY": "sk-ci"}, secrets="refuse")
    served = read(path, {"CI_KEY": "sk-ci", "MASTER": "sk-m", "KEY": "sk-k", "BASE": "https://x.example"})
    assert seal(compile_catalog(built), policies).data == seal(compile_catalog(served), policies).data


def test_no_secret_is_in_the_data(tmp_path: Path, policies: Path) -> None:
    path = tmp_path / "config.yaml"
    path.write_text(CONFIG)
    secrets = {"CI_KEY": "sk-ci-secret", "MASTER": "sk-m-secret", "KEY": "sk-k-secret"}
    config = read(path, {**secrets, "BASE": "https://x.example"})
    data = seal(compile_catalog(config), policies).data
    assert b"secret" not in data
    assert b"x.example" not in data
