"""Aliases with their final targets (C5)."""

from modelward.config.aliases import AliasCycle, final_targets
from modelward.errors import StoreUnavailable


def flat(aliases: dict[str, str]) -> dict[str, str]:
    """Each alias with its final target. Raises StoreUnavailable if they lead in a circle: the admin API refuses those,
    and one written by hand must not be guessed at."""
    try:
        return final_targets(aliases)
    except AliasCycle as cycle:
        raise StoreUnavailable(f"aliases in the database lead in a circle: {cycle}; break it") from cycle
