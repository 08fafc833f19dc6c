"""A large config is read; `python -m bench.worst_inputs` says how long that takes."""

from pathlib import Path

import pytest

from modelward.bundle import seal
from modelward.compiler import compile_catalog
from modelward.config import read

MODELS = 10_000
POLICY = "package modelward.access\n\ndecision := {}\n"

ITEM = """\
  - model_name: model-{n}
    litellm_params:
      model: openai/model-{n}
      api_key: os.environ/OPENAI_API_KEY
    model_info:
      access_groups: ["group-{group}"]
"""


@pytest.mark.long
def test_ten_thousand_models_are_read_compiled_and_sealed(tmp_path: Path) -> None:
    items = "".join(ITEM.format(n=n, group=n % 100) for n in range(MODELS))
    (tmp_path / "config.yaml").write_text("model_list:\n" + items)
    (tmp_path / "access.rego").write_text(POLICY)
    sealed = seal(compile_catalog(read(tmp_path / "config.yaml", {"OPENAI_API_KEY": "sk-x"})), tmp_path)
    assert len(sealed.catalog.common.entries) == MODELS
