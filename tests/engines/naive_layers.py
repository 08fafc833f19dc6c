"""Which layers apply to a request (section 5; R4, R5)."""

import dataclasses
from collections.abc import Iterator

from engines.naive_caller import NaiveCaller
from engines.naive_grants import Grants, Layer
from engines.naive_groups import key_grants, team_grants
from engines.naive_routes import may_be_called_as, on_the_list
from engines.naive_settings import NaiveSettings
from modelward.contract import Input, Request, Team


class NaiveLayers:
    """The layers of one question, for whom it stands for."""

    def __init__(self, question: Input, judged: NaiveCaller, settings: NaiveSettings) -> None:
        self._question = question
        self._judged = judged
        self._settings = settings
        self._caller = judged.caller

    def all(self) -> Iterator[Layer]:
        """The layers in the order in which they refuse."""
        caller, empty_denies = self._caller, self._settings.empty_denies
        if caller.key:
            yield Layer("key_model_access", [key_grants(caller, empty_denies=empty_denies)])
        if caller.team:
            yield Layer("team_model_access", [self._team(caller.team)])
        if caller.member and caller.member.allowed_models:
            yield Layer("member_model_access", [self._left_to_the_team(caller.member.allowed_models)])
        yield from self._owner()
        yield from self._ceilings()
        if caller.kind == "jwt":
            yield from self._token()

    def _owner(self) -> Iterator[Layer]:
        """L4, L11."""
        user, teams, key = self._caller.user, self._judged.owner_teams, self._caller.key
        names_one = key is not None and key.user_id is not None
        if user is None and names_one and self._settings.personal_keys_from_teams and not self._judged.in_a_team:
            yield Layer("user_team_models", [])
        if user is None or self._judged.in_a_team or user.user_role == "proxy_admin" or self._judged.scope_admin:
            return
        if "no-default-models" in user.models:
            yield Layer("user_default_models", [])
        yield Layer("user_model_access", [self._open_if_empty(user.models)])
        if self._settings.personal_keys_from_teams:
            yield Layer("user_team_models", [self._team(team) for team in teams if not team.blocked])

    def _ceilings(self) -> Iterator[Layer]:
        """L5, L6, L7, in the order of A4: customer, project, organization."""
        customer, project = self._question.customer, self._caller.project
        if customer and customer.models:
            yield Layer("customer_model_access", [Grants(customer.models)])
        if project and project.models:
            yield Layer("project_model_access", [self._left_to_the_team(project.models)])
        known = self._caller.organizations
        for rule, organization_id in self._judged.organization_ids():
            organization = known.get(organization_id)
            yield Layer(rule, [self._open_if_empty(organization.models)] if organization else [])

    def _token(self) -> Iterator[Layer]:
        """R4, R5; an empty list of theirs is nothing."""
        models = self._settings.permission(self._judged.role).get("models")
        if models is not None:
            yield Layer("role_model_access", [Grants(models)])
        if self._settings.enforce_scopes:
            yield Layer("scope_model_access", [Grants(mapping.get("models") or []) for mapping in self._scopes()])

    def _scopes(self) -> Iterator[dict[str, list[str]]]:
        """The mappings that count here: those of held scopes, with `routes` on those only; on listings all that may
        hold a call (V2)."""
        request = self._question.request
        for mapping in self._judged.scopes(self._settings):
            routes = mapping.get("routes")
            listed = request.operation == "list" and any(_may_hold_a_call(each, request) for each in routes or [])
            if routes is None or listed or on_the_list(routes, request):
                yield mapping

    def _open_if_empty(self, models: list[str]) -> Grants:
        return Grants(models, unbounded=not models and not self._settings.empty_denies)

    def _left_to_the_team(self, models: list[str]) -> Grants:
        """G7 on a project or a member: where there is a team, its list answers."""
        return Grants(models, unbounded="all-team-models" in models and self._caller.team is not None)

    def _team(self, team: Team) -> Grants:
        return team_grants(team, self._caller, empty_denies=self._settings.empty_denies)


def _may_hold_a_call(route: str, request: Request) -> bool:
    """Whether a call of a model may have that route, on a listing that brings the routes that call models."""
    return any(
        on_the_list([route], _as_call(request, template)) or may_be_called_as(route, template)
        for template in request.calls
    )


def _as_call(request: Request, template: str) -> Request:
    groups = ["openai_routes", "llm_api_routes"]
    return dataclasses.replace(request, path=template, route=template, groups=groups)
