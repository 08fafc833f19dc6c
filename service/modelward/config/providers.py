"""Which provider a bare model name belongs to (C4), and which words before a `/` are providers."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

import yaml


@dataclass(frozen=True, slots=True)
class Providers:
    """`prefixes` maps the beginnings of names to providers; `names` are all providers known."""

    prefixes: Mapping[str, str]
    names: frozenset[str]

    def of(self, name: str) -> str | None:
        """The provider of a bare name: that of the longest prefix it begins with."""
        return next((self.prefixes[name[:n]] for n in range(len(name), 0, -1) if name[:n] in self.prefixes), None)


@cache
def providers() -> Providers:
    """The table in `model_prefixes.yaml`."""
    table = yaml.safe_load(files(__package__).joinpath("model_prefixes.yaml").read_bytes())
    prefixes = {prefix: provider for provider, names in table["prefixes"].items() for prefix in names}
    return Providers(prefixes, frozenset(table["providers"]) | frozenset(prefixes.values()))
