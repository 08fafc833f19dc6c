"""How LiteLLM 1.109.1 reads a pattern: the facts that explain where its entry is another one."""

import re
from collections.abc import Iterator
from typing import Any

Fields = dict[str, Any]


def first_patterns(rows: list[Fields], name: str) -> Iterator[str]:
    """The patterns among the entries that LiteLLM may take for the name: the first that the name begins with; and for
    a bare name, that it begins with under any provider. The longest regular expression comes first."""
    patterns = {row["model_name"]: _entry_expression(row["model_name"]) for row in rows if "*" in row["model_name"]}
    ordered = sorted(patterns, key=lambda each: (len(patterns[each]), patterns[each].count("*")), reverse=True)
    for spelled in spellings(rows, name):
        yield from [pattern for pattern in ordered if re.match(patterns[pattern], spelled)][:1]


def spellings(rows: list[Fields], name: str) -> list[str]:
    """The name, and for a bare one the name under each provider that an entry names."""
    providers = {row["model_name"].partition("/")[0] for row in rows if "/" in row["model_name"]}
    providers = {provider for provider in providers if "*" not in provider}
    return [name, *(f"{provider}/{name}" for provider in sorted(providers) if "/" not in name)]


def granted(item: str, name: str) -> bool:
    """Whether an item of a grant list holds the name when all but `*` is read as a regular expression."""
    return "*" in item and re.match(f"^{item.replace('*', '.*')}$", name) is not None


def _entry_expression(pattern: str) -> str:
    return re.escape(pattern).replace(r"\*", "(.*)")
