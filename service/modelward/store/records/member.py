"""The record of a team's member."""

from dataclasses import dataclass, field

from modelward.contract import Member


@dataclass(frozen=True, slots=True)
class MemberRecord:
    """A user in a team; `role` is `user` or `admin` and decides nothing."""

    team_id: str
    user_id: str
    role: str = "user"
    allowed_models: list[str] = field(default_factory=list)
    declared: bool = False

    @classmethod
    def of(cls, member: Member) -> "MemberRecord":
        """The record of a declared member."""
        return cls(
            team_id=member.team_id,
            user_id=member.user_id,
            role=member.role,
            allowed_models=member.models,
            declared=True,
        )

    def subject(self) -> Member:
        """What the rules see."""
        return Member(user_id=self.user_id, team_id=self.team_id, role=self.role, models=self.allowed_models)
