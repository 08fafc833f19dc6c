"""Write the published names of models anew (C4), from the model map of an installed `litellm` package.

Run it as `python tools/published_models.py service/modelward/config/published_models.json`, in an environment that has
`litellm`. Nothing of the package runs: its map is a JSON file in it.
"""

import json
import sys
from collections.abc import Mapping
from importlib.metadata import version
from importlib.util import find_spec
from pathlib import Path
from typing import Any

_MAP = "model_prices_and_context_window_backup.json"
# Rows that are classes of price or a sample of a row, and name no model.
_NO_MODELS = ("fireworks-ai-", "together-ai-", "sample_spec")
# The map has several words for one provider; what stands before a name is one of these. LiteLLM's own answer is first.
_WORDS = {
    "ai21": ("ai21_chat", "ai21"),
    "bedrock_converse": ("bedrock",),
    "vertex_ai-embedding-models": ("vertex_ai",),
    "vertex_ai-language-models": ("vertex_ai",),
    "vertex_ai-text-models": ("vertex_ai",),
}
_GOOGLE = ("vertex_ai", "gemini")


def published(rows: Mapping[str, Mapping[str, Any]]) -> dict[str, list[str]]:
    """The bare names of a model map with the providers that publish them, the one that LiteLLM calls first."""
    words = {name: row.get("litellm_provider") for name, row in rows.items() if "/" not in name}
    return {
        name: _providers(name, word)
        for name, word in sorted(words.items())
        if word is not None and not name.startswith(_NO_MODELS)
    }


def by_providers(names: Mapping[str, list[str]]) -> dict[str, list[str]]:
    """The same, keyed by the providers, with a space between them: what is written."""
    rows: dict[str, list[str]] = {}
    for name, providers in names.items():
        rows.setdefault(" ".join(providers), []).append(name)
    return dict(sorted(rows.items()))


def _providers(name: str, word: str) -> list[str]:
    words = _WORDS.get(word, (word,))
    if name.startswith("gemini-"):
        words = (*words, *(other for other in _GOOGLE if other not in words))
    return list(words)


def main(out: Path) -> None:
    """Read the map and write the file."""
    package = find_spec("litellm")
    if package is None or package.origin is None:
        sys.exit("the package `litellm` is not installed here")
    rows = json.loads(Path(package.origin).with_name(_MAP).read_text(encoding="utf-8"))
    document = {"source": f"litellm {version('litellm')}", "names": by_providers(published(rows))}
    out.write_text(json.dumps(document, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
