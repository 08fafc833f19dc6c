"""Which lists apply to a caller, and what they cover (section 4; C8; L1, L2, L4)."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from engines.naive_catalog import SPECIAL, Found, spellings
from engines.naive_names import holds
from modelward.contract import Caller


@dataclass(frozen=True)
class Layer:
    """One list that applies, and the rule that refuses in its name."""

    rule: str
    grants: Sequence[str]

    def leaves(self, found: Found, *, empty_denies: bool) -> set[str] | None:
        """The deployments that may serve under this list alone (C8); `None` when it does not cover the name."""
        everything = set(found.deployments)
        if not self.grants:
            return None if empty_denies else everything
        if self.rule == "key_model_access" and "all-team-models" in self.grants:
            return everything
        if self.rule == "team_model_access" and "all-team-models" in self.grants and found.entry:
            return everything
        if any(_covers(item, name) for item in self.grants for name in found.names):
            return everything
        return {one for one, groups in found.deployments.items() if groups & set(self.grants)} or None


def layers(caller: Caller) -> Iterator[Layer]:
    """The lists that apply to the caller, in the order in which they refuse."""
    if caller.key:
        yield Layer("key_model_access", caller.key.models)
    if caller.team:
        yield Layer("team_model_access", caller.team.models)
    if caller.user and caller.key and caller.key.team_id is None and caller.user.role != "proxy_admin":
        if "no-default-models" in caller.user.models:
            yield Layer("user_default_models", [""])
        yield Layer("user_model_access", caller.user.models)


def _covers(item: str, name: str) -> bool:
    """G2, G3, G5, G6, G8."""
    if item in {"*", "all-proxy-models"}:
        return True
    if item in SPECIAL:
        return False
    if item == name:
        return True
    return "*" in item and any(holds(item, spelled) for spelled in spellings(name))
