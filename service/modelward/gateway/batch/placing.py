"""Where a whole file may go: one account must serve every model that stands in it."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from modelward.contract import Deployment, Use
from modelward.errors import DecisionUnavailable, Invalid
from modelward.gateway.accounts import beside
from modelward.gateway.batch.groups import Asked
from modelward.gateway.batch.lines import Group
from modelward.gateway.judge import Verdict
from modelward.gateway.outgoing import Rename
from modelward.gateway.wildcard import upstream_model

Judged = Sequence[tuple[Asked, Verdict]]


@dataclass(frozen=True, slots=True)
class Placement:
    """The deployments that may take the file, and what their accounts, all alike, call the models of each group."""

    deployments: Sequence[Deployment]
    names: Mapping[Group, Mapping[str, str]]

    def renaming(self, group: Group) -> Rename:
        """What the models of a group are called there."""
        names = self.names.get(group, {})

        def rename(name: str) -> str:
            if name not in names:
                raise DecisionUnavailable("a line names a model that was not judged")
            return names[name]

        return rename

    def uses(self) -> tuple[Use, ...]:
        """What running the file asks for."""
        return tuple(
            Use(url, tuple(names), tuple(names.values()), customer) for (url, customer), names in self.names.items()
        )


def place(candidates: Iterable[Deployment], judged: Judged) -> Placement:
    """Those of `candidates` whose account serves all, by the names that the first of them has for the models.

    Raises Invalid when there is none.
    """
    fitting = [(each, names) for each in candidates if (names := _names(each, judged)) is not None]
    if not fitting:
        raise Invalid("the models of the lines are served at different places; send a file for each")
    first = fitting[0][1]
    return Placement([deployment for deployment, names in fitting if names == first], first)


def _upstream_names(deployment: Deployment, name: str, verdict: Verdict) -> list[str]:
    """What the account of `deployment` calls a judged model, by each of its deployments there."""
    model = verdict.target(name).model
    return [upstream_model(other, model) for other in beside(deployment, verdict.deployments(name))]


def _names(deployment: Deployment, judged: Judged) -> dict[Group, dict[str, str]] | None:
    """What the account of `deployment` calls the models that travel; `None` where it lacks one."""
    names = dict[Group, dict[str, str]]()
    for asked, verdict in judged:
        own = names.setdefault(asked.group, {})
        for name in asked.travelling:
            found = _upstream_names(deployment, name, verdict)
            if not found:
                return None
            own[name] = found[0]
    return names
