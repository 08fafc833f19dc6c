"""One disagreement: a question that one allows and the other refuses, or that another entry serves.

A disagreement has points, and each must be explained by a named difference:

- Modelward refuses what LiteLLM allows: each rule that refuses, as the decision log names it, for each name that the
  rule's list does not cover;
- LiteLLM refuses what Modelward allows: `litellm` and the status, as `litellm 403`;
- both allow, and another entry serves: `served`;
- a name is in one listing only: `listed` (Modelward's) or `unlisted`.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any, NamedTuple

from compare.lists import covers, lists
from compare.run import Answered
from compare.worlds import World
from engines.naive_catalog import Found, NaiveCatalog
from modelward.contract import Caller, Key, Team

Fields = dict[str, Any]


class Point(NamedTuple):
    """What has to be explained; `name` is the model that it is about, empty where it is about none."""

    kind: str
    name: str = ""


@dataclass(frozen=True)
class Case:
    """What was asked and what each answered. `model` is the name that is listed, or asked for; `calls` are the plain
    calls of the same caller, each with both answers."""

    world: World = field(repr=False)
    question: Fields
    ours: Fields
    theirs: Fields
    model: str
    listed: str = ""
    calls: dict[str, tuple[Fields, Fields]] = field(default_factory=dict, repr=False)

    @cached_property
    def key(self) -> Fields:
        """The caller's key; empty for a token."""
        return self.record("keys", "key", self.question["caller"].get("key"))

    @property
    def claims(self) -> Fields | None:
        """What the caller's token says; `None` for a key."""
        claims: Fields | None = self.question["caller"].get("claims")
        return claims

    def claimed(self, fact: str) -> Any:
        """What the token says where the settings look for the fact; `None` where they look for none."""
        return (self.claims or {}).get(fact) if f"{fact}_jwt_field" in self.jwt else None

    @property
    def jwt(self) -> Fields:
        """The settings for tokens."""
        settings: Fields = self.world.config["general_settings"].get("litellm_jwtauth", {})
        return settings

    @cached_property
    def names(self) -> list[str]:
        """All that is asked for: the model, each part of a list of names, the client's fallbacks, and the model that
        answers all completions (M6)."""
        body = self.question["body"] or {"model": self.model}
        asked = [*str(body["model"]).split(","), *body.get("fallbacks", [])]
        return [*asked, *([self.completion_model] if self.completion_model else [])]

    @property
    def completion_model(self) -> str:
        """`general_settings.completion_model`; empty where there is none."""
        return str(self.world.config["general_settings"].get("completion_model", ""))

    @cached_property
    def team(self) -> Fields:
        """The team that the caller stands for, as Modelward's log names it; empty for none, or one without a record."""
        return self.record("teams", "team_id", self.ours["team"])

    @cached_property
    def user(self) -> Fields:
        """The record of the owner, or of the token's user, as Modelward's log names it."""
        return self.record("users", "user_id", self.ours["user"])

    @property
    def rows(self) -> list[Fields]:
        """The deployments of the config."""
        rows: list[Fields] = self.world.config["model_list"]
        return rows

    @cached_property
    def groups(self) -> set[str]:
        """The access groups of the catalogue."""
        return {group for row in self.rows for group in row["model_info"]["access_groups"]}

    @cached_property
    def global_aliases(self) -> Fields:
        """The aliases that are everybody's, with what each stands for."""
        config = self.world.config
        router: Fields = config["router_settings"].get("model_group_alias", {})
        return {**router, **config["litellm_settings"]["model_alias_map"]}

    def found(self, name: str) -> Found:
        """What the name comes to for the caller, by the rules (C3, C5, C6)."""
        return self._catalog.look_up(name, self._caller)

    def record(self, kind: str, identity: str, value: str | None) -> Fields:
        """The record with that id; empty when there is none."""
        records: list[Fields] = self.world.records[kind]
        return next((record for record in records if record.get(identity) == value), {})

    @cached_property
    def _catalog(self) -> NaiveCatalog:
        return NaiveCatalog(self.world.config)

    @cached_property
    def _caller(self) -> Caller:
        team, key = self.team, self.key
        own = Key(token="0" * 64, aliases=key.get("aliases", {})) if key else None
        return Caller(
            kind="key" if own else "jwt",
            key=own,
            team=Team(team_id=team["team_id"], model_aliases=team["model_aliases"]) if team else None,
        )

    @cached_property
    def lists(self) -> Mapping[str, list[str]]:
        """The items of each list that is a key's, a team's, a user's ... by the rule that refuses in its name."""
        return lists(self.key, self.team, self.user, self.question, self.world.records)

    @cached_property
    def points(self) -> frozenset[Point]:
        """What has to be explained; nothing where both answer alike."""
        if self.listed:
            return frozenset({Point(self.listed, self.model)})
        if allows(self.ours) and not allows(self.theirs):
            return frozenset({Point(f"litellm {self.theirs['status']}")})
        if allows(self.theirs) and not allows(self.ours):
            refusing = self.ours["rules"] or [f"modelward {self.ours['status']}"]
            return frozenset(point for rule in refusing for point in self._points(rule))
        return frozenset({Point("served")} if self.ours["served"] != self.theirs["served"] else ())

    def _points(self, rule: str) -> Iterator[Point]:
        if rule == "model_known":
            about = [name for name in self.names if self.found(name).entry is None]
        else:
            items = self.lists.get(rule, [])
            about = [name for name in self.names if not covers(items, self.found(name))]
        yield from (Point(rule, name) for name in about)
        if not about:
            yield Point(rule)


def cases(answered: Answered) -> Iterator[Case]:
    """The disagreements of a world."""
    for question, ours, theirs in zip(answered.world.questions, answered.ours, answered.theirs, strict=True):
        model = question["body"]["model"] if question["body"] else ""
        case = Case(answered.world, question, ours, theirs, model)
        if not _teams_are_settled(case):
            continue
        if not model and allows(ours) and allows(theirs):
            yield from _of_a_listing(answered, case)
        elif case.points:
            yield case


def _teams_are_settled(case: Case) -> bool:
    """Whether the user's own list of teams and the teams' lists of members say the same, or neither decides.

    In LiteLLM they are two records, which the worlds draw apart; in Modelward they are one. They decide where a caller
    has no other team.
    """
    user = case.user or case.record("users", "user_id", case.key.get("user_id"))
    listing = {team["team_id"] for team in case.world.records["teams"] if _has_member(team, user)}
    if not user or listing == {*user["teams"]}:
        return True
    if case.claims is not None:
        aliased = case.record("teams", "team_alias", case.claimed("team_alias")).get("team_id")
        claimed = {case.claimed("team_id"), case.claimed("object_id"), aliased, *(case.claimed("team_ids") or ())}
        return bool(case.ours["team"]) and case.ours["team"] in claimed | {case.jwt.get("team_id_default")}
    from_teams = case.world.config["litellm_settings"]["personal_key_model_access_from_teams"]
    return "team_id" in case.key or not from_teams


def _has_member(team: Fields, user: Fields) -> bool:
    return any(member["user_id"] == user.get("user_id") for member in team["members_with_roles"])


def _of_a_listing(answered: Answered, case: Case) -> Iterator[Case]:
    """A disagreement for each name of which a call was asked too; other names are not compared, as those of models
    that a pattern stands for are data (V1)."""
    calls = {
        question["body"]["model"]: (ours, theirs)
        for question, ours, theirs in zip(answered.world.questions, answered.ours, answered.theirs, strict=True)
        if question["caller"] == case.question["caller"] and _is_plain(question)
    }
    for name in sorted(calls):
        listed = [name in answer["models"] for answer in (case.ours, case.theirs)]
        if listed[0] != listed[1]:
            yield replace(case, model=name, listed="listed" if listed[0] else "unlisted", calls=calls)


def _is_plain(question: Fields) -> bool:
    body = question["body"] or {}
    return body.keys() == {"model", "messages"} and question["path"].endswith(
        ("/v1/chat/completions", "/chat/completions")
    )


def allows(answer: Fields) -> bool:
    """Whether the answer is that of a deployment, or a listing."""
    return bool(answer["status"] == 200)
