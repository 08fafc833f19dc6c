"""Where a call goes that names no model: to its objects, or to the one account there is."""

from modelward.contract import Deployment
from modelward.errors import Invalid
from modelward.gateway.accounts import beside
from modelward.gateway.objects.held import Held
from modelward.gateway.providers import keeps_objects
from modelward.snapshot import Snapshot


def only_place(held: Held, snapshot: Snapshot, team_id: str | None) -> list[Deployment]:
    """The deployments to send it to. `team_id` is the caller's team: those of another are not its (C6).

    If there are providers that keep such objects, only they count. Raises Invalid where it names no object, and there
    are several accounts.
    """
    if held.deployment is not None:
        return [held.deployment]
    visible = [each for each in snapshot.deployments.values() if each.team_id in {None, team_id}]
    real = [each for each in visible if each.mock_response is None] or visible
    places = [each for each in real if keeps_objects(each.provider)] or real
    if not places or len(beside(places[0], places)) != len(places):
        raise Invalid(
            "there is more than one account in which this could be made; name a model that is served in the one to use "
            "with `?model=`"
        )
    return places
