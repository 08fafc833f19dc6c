"""Chains of aliases, followed to their end (C5)."""

from collections.abc import Mapping


class AliasCycle(ValueError):
    """An alias that leads back to itself; `names` is the circle, from its first name to the same name again."""

    def __init__(self, names: list[str]) -> None:
        self.names = names
        super().__init__(" -> ".join(f"`{name}`" for name in names))


def final_targets(aliases: Mapping[str, str]) -> dict[str, str]:
    """Every alias with the end of its chain. Raises AliasCycle."""
    ends: dict[str, str] = {}
    for alias in aliases:
        chain = _chain(alias, aliases, ends)
        end = ends.get(chain[-1], chain[-1])
        ends.update(dict.fromkeys(chain[:-1], end))
    return ends


def _chain(alias: str, aliases: Mapping[str, str], ends: Mapping[str, str]) -> list[str]:
    chain = {alias: None}
    last = alias
    while last not in ends and (target := aliases.get(last)) is not None:
        if target in chain:
            names = list(chain)
            raise AliasCycle([*names[names.index(target) :], target])
        chain[target] = None
        last = target
    return list(chain)
