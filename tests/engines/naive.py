"""The rules once more, written from the specification alone, slow and plain: what the policies are compared with.

Only keys, teams, users and the master key; only what a decision says, not how a policy comes to it.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from engines.naive_catalog import Found, NaiveCatalog
from engines.naive_grants import layers
from engines.naive_routes import on_the_list
from modelward.contract import Caller, Request


@dataclass(frozen=True)
class Verdict:
    """The naive decision: the refusing rules in the order of A6 and A4, and what would serve each model."""

    refusals: tuple[str, ...]
    targets: dict[str, tuple[str, str, frozenset[str]]]

    @property
    def allow(self) -> bool:
        """Whether nothing refuses (L10)."""
        return not self.refusals


class Naive:
    """What one config allows."""

    def __init__(self, config: dict[str, Any]) -> None:
        self._catalog = NaiveCatalog(config)
        self._general: dict[str, Any] = config.get("general_settings", {})
        self._empty_denies = config.get("modelward_settings", {}).get("empty_list") == "deny"

    def decide(self, request: Request, caller: Caller) -> Verdict:
        """Judge one request."""
        found = [self._catalog.look_up(name, caller) for name in request.models]
        lists = [*self._lists(caller, found)]
        refusals = [
            *self._before(request, caller),
            *self._key(request, caller, lists),
            *self._team(caller, lists),
            *self._user(request, caller, lists),
            *self._after(request, found),
        ]
        served = zip(request.models, found, strict=True)
        targets = {name: self._target(each.entry, each, caller) for name, each in served if each.entry}
        return Verdict(tuple(dict.fromkeys(refusals)), targets)

    def listed(self, caller: Caller) -> set[str]:
        """The names for which a call would be allowed by the model lists (V1, V2)."""
        return {name for name in self.visible(caller) if self._callable(name, caller)}

    def visible(self, caller: Caller) -> set[str]:
        """The names that a listing may show at all."""
        return self._catalog.visible(caller)

    def _callable(self, name: str, caller: Caller) -> bool:
        found = self._catalog.look_up(name, caller)
        return bool(found.entry) and not [*self._lists(caller, [found]), *self._team_missing(caller)]

    def _target(self, entry: str, found: Found, caller: Caller) -> tuple[str, str, frozenset[str]]:
        return entry, found.model, frozenset(self._left(found, caller))

    def _left(self, found: Found, caller: Caller) -> set[str]:
        """The deployments that suit every layer (C8)."""
        left = set(found.deployments)
        for layer in layers(caller):
            left &= layer.leaves(found, empty_denies=self._empty_denies) or set()
        return left

    def _lists(self, caller: Caller, found: list[Found]) -> Iterator[str]:
        """The rules that refuse a model; one layer's deployments must suit the layers before it too (C8)."""
        left = [set(each.deployments) for each in found]
        for layer in layers(caller):
            for place, each in enumerate(found):
                leaves = layer.leaves(each, empty_denies=self._empty_denies)
                if leaves is None or (each.entry and left[place] and not left[place] & leaves):
                    yield layer.rule
                left[place] &= leaves or set()

    def _before(self, request: Request, caller: Caller) -> Iterator[str]:
        routes = self._general.get("allowed_routes")
        if routes is not None and not on_the_list(routes, request):
            yield "proxy_routes"
        if request.problem:
            yield "well_formed"
        admin = caller.kind == "master" or (caller.user is not None and caller.user.role == "proxy_admin")
        wants_admin = request.operation == "manage" or on_the_list(self._general.get("admin_only_routes", []), request)
        if wants_admin and not admin:
            yield "admin_only"

    def _key(self, request: Request, caller: Caller, lists: list[str]) -> Iterator[str]:
        key = caller.key
        if key is None:
            return
        if key.blocked:
            yield "key_active"
        yield from (rule for rule in lists if rule == "key_model_access")
        if key.expires_ns is not None and key.expires_ns <= request.time_ns:
            yield "key_expiry"
        if key.allowed_routes and not on_the_list(key.allowed_routes, request):
            yield "key_routes"

    def _team(self, caller: Caller, lists: list[str]) -> Iterator[str]:
        yield from self._team_missing(caller)
        if caller.team and caller.team.blocked:
            yield "team_active"
        yield from (rule for rule in lists if rule == "team_model_access")

    def _team_missing(self, caller: Caller) -> Iterator[str]:
        if caller.key and caller.key.team_id is not None and caller.team is None:
            yield "team_exists"

    def _user(self, request: Request, caller: Caller, lists: list[str]) -> Iterator[str]:
        user = caller.user
        if user and user.metadata.get("scim_active") is False:
            yield "user_active"
        if user and user.role == "proxy_admin_viewer" and request.operation == "infer":
            yield "user_role"
        yield from (rule for rule in lists if rule in {"user_model_access", "user_default_models"})

    def _after(self, request: Request, found: list[Found]) -> Iterator[str]:
        if request.differ:
            yield "names_agree"
        if any(each.entry is None for each in found):
            yield "model_known"
