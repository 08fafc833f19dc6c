"""The rules once more, written from the specification alone, slow and plain: what the policies are compared with.

Only what a decision says, not how a policy comes to it.
"""

import dataclasses
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from engines.naive_caller import NaiveCaller
from engines.naive_catalog import Found, NaiveCatalog
from engines.naive_grants import Layer
from engines.naive_groups import team_grants
from engines.naive_layers import NaiveLayers
from engines.naive_order import OF_THE_MODELS, ORDER
from engines.naive_places import NaivePlaces
from engines.naive_records import refused_by_records
from engines.naive_routes import on_the_list, touched_by_the_list
from engines.naive_settings import NaiveSettings
from engines.naive_token import NaiveToken
from modelward.contract import Input, Team


@dataclass(frozen=True)
class Verdict:
    """The naive decision: the refusing rules in the order of A6 and A4, what would serve each model, where a request
    without a model may go, for whom it was made (team, user, role), the owner of its objects (kind, id), and what an
    info route shows (everything, key, user); until when it holds, `None` for no end."""

    refusals: tuple[str, ...]
    targets: dict[str, tuple[str, str, frozenset[str]]]
    places: frozenset[str]
    subject: tuple[str | None, str | None, str | None]
    owner: tuple[str, str] | None
    shows: tuple[bool, str | None, str | None]
    holds_until: int | None

    @property
    def allow(self) -> bool:
        """Whether nothing refuses (L10)."""
        return not self.refusals


class Naive:
    """What one config allows."""

    def __init__(self, config: dict[str, Any]) -> None:
        self._catalog = NaiveCatalog(config)
        self._settings = NaiveSettings(config)

    def decide(self, question: Input) -> Verdict:
        """Judge one request."""
        judged = self._judged(question)
        caller, models = judged.caller, question.request.models
        found = [self._catalog.look_up(name, caller) for name in models]
        waived = self._settings.waives_lists(question.request)
        layers = [
            dataclasses.replace(layer, waived=waived and layer.rule.endswith("_model_access"))
            for layer in NaiveLayers(question, judged, self._settings).all()
        ]
        refusals = {
            *self._form(question, judged),
            *judged.refusals,
            *refused_by_records(question, judged),
            *_lists(layers, found),
            *self._role_routes(question, judged),
            *(["model_known"] if any(each.entry is None for each in found) else []),
        }
        served = zip(models, found, strict=True)
        targets = {name: _target(each, layers) for name, each in served if each.entry}
        refusals |= set() if refusals else set(_out_of_service(layers, found))
        is_state = question.request.operation == "state"
        return Verdict(
            refusals=tuple(rule for rule in ORDER if rule in refusals),
            targets=targets,
            places=NaivePlaces(self._catalog, caller, layers).open() if is_state else frozenset(),
            subject=(*_team_and_user(judged), judged.role),
            owner=_owner(judged),
            shows=_shows(question, judged),
            holds_until=question.caller.key.expires_ns if question.caller.key else None,
        )

    def listed(self, question: Input) -> set[str]:
        """The names for which a call would be allowed by the model lists (V1, V2)."""
        asked = {name: self.decide(_asking(name, question)) for name in self.visible(question)}
        return {name for name, verdict in asked.items() if not OF_THE_MODELS & set(verdict.refusals)}

    def visible(self, question: Input) -> set[str]:
        """The names that a listing may show at all, for a token those of the team that a call would stand for."""
        caller = question.caller
        teams = [*caller.records.teams.values()] if caller.records else []
        every = [caller, *(caller.model_copy(update={"team": team}) for team in teams)]
        names = set[str]().union(*(self._catalog.visible(one) for one in every))
        return {name for name in names if name in self._catalog.visible(self._judged(_asking(name, question)).caller)}

    def judges_models_alike_on_every_route(self, question: Input) -> bool:
        """Whether the caller's lists bind on the question's route as they do on a listing (R5, R7)."""
        return question.caller.kind != "jwt" or not (
            question.request.operation == "manage" or self._settings.sets_routes_of_models
        )

    def _judged(self, question: Input) -> NaiveCaller:
        caller, request = question.caller, question.request
        if caller.kind != "jwt":
            return NaiveCaller(caller)

        def covers(team: Team) -> bool:
            grants = team_grants(team, caller, empty_denies=self._settings.empty_denies)
            as_team = caller.model_copy(update={"team": team})
            return all(grants.leaves(self._catalog.look_up(name, as_team)) is not None for name in request.models)

        def knows(team: Team) -> bool:
            as_team = caller.model_copy(update={"team": team})
            return all(self._catalog.look_up(name, as_team).entry for name in request.models)

        return NaiveToken(caller, self._settings).judged(request, covers, knows)

    def _form(self, question: Input, judged: NaiveCaller) -> Iterator[str]:
        request, routes = question.request, self._settings.allowed_routes
        if routes is not None and not on_the_list(routes, request):
            yield "proxy_routes"
        if request.problem:
            yield "well_formed"
        if request.differ:
            yield "names_agree"
        wants_admin = request.operation == "manage" or touched_by_the_list(self._settings.admin_only_routes, request)
        if wants_admin and not judged.admin:
            yield "admin_only"

    def _role_routes(self, question: Input, judged: NaiveCaller) -> Iterator[str]:
        routes = self._settings.permission(judged.role).get("routes")
        if question.caller.kind == "jwt" and routes is not None and not on_the_list(routes, question.request):
            yield "role_routes"


def _asking(name: str, question: Input) -> Input:
    return dataclasses.replace(question, request=dataclasses.replace(question.request, models=[name]))


def _lists(layers: list[Layer], found: list[Found]) -> Iterator[str]:
    """The rules that refuse a model; one layer's deployments must suit the layers before it too (C8)."""
    left = [set(each.deployments) for each in found]
    for layer in layers:
        for place, each in enumerate(found):
            leaves = layer.leaves(each)
            if leaves is None or (each.entry and left[place] and not left[place] & leaves):
                yield layer.rule
            left[place] &= leaves or set()


def _target(found: Found, layers: list[Layer]) -> tuple[str, str, frozenset[str]]:
    """The entry and the deployments that suit every layer (C8) and take calls (E5)."""
    assert found.entry
    return found.entry, found.model, frozenset(_open(found, layers) - found.out_of_service.keys())


def _open(found: Found, layers: list[Layer]) -> set[str]:
    left = set(found.deployments)
    for layer in layers:
        left &= layer.leaves(found) or set()
    return left


def _out_of_service(layers: list[Layer], found: list[Found]) -> Iterator[str]:
    """The rules that refuse a model for which none of the open deployments takes calls (E5)."""
    for each in found:
        reasons = {each.out_of_service.get(one) for one in _open(each, layers)}
        if None not in reasons:
            yield min(str(reason) for reason in reasons)


def _team_and_user(judged: NaiveCaller) -> tuple[str | None, str | None]:
    caller = judged.caller
    team, user = caller.key or caller.team, caller.key or caller.user
    return team.team_id if team else None, user.user_id if user else None


def _owner(judged: NaiveCaller) -> tuple[str, str] | None:
    """What a team's keys make is the team's; else it is the user's, else the key's own."""
    caller, (team_id, user_id) = judged.caller, _team_and_user(judged)
    if caller.kind == "master":
        return "master", "master"
    if team_id:
        return "team", team_id
    if user_id:
        return "user", user_id
    return ("key", caller.key.token) if caller.key else None


def _shows(question: Input, judged: NaiveCaller) -> tuple[bool, str | None, str | None]:
    """All of a record to an admin, to others their own key and membership (A3)."""
    if question.request.operation != "info":
        return False, None, None
    key = judged.caller.key
    return judged.admin, key.token if key else None, _team_and_user(judged)[1]
