"""What each error that ends a request unanswered is to its client, its line in the log, and the numbers."""

from modelward.errors import DecisionUnavailable, IssuerUnavailable, Overloaded, Refused, StoreUnavailable
from modelward.gateway.decision_log import Entry
from modelward.gateway.judge import Denied
from modelward.gateway.metrics import Metrics
from modelward.gateway.refusals import Refusal, of_error, overloaded, unavailable

UNAVAILABLE = (DecisionUnavailable, IssuerUnavailable, StoreUnavailable)
REFUSING = (Denied, Refused, *UNAVAILABLE)

Refusing = Denied | Refused | DecisionUnavailable | IssuerUnavailable | StoreUnavailable


def refusal_of(error: Refusing, entry: Entry, metrics: Metrics) -> Refusal:
    """The refusal that `error` is, noted in `entry`: no error on the way is ever a yes (E4)."""
    refusal = _refusal(error, entry, metrics)
    entry.status = refusal.fields.status
    return refusal


def _refusal(error: Refusing, entry: Entry, metrics: Metrics) -> Refusal:
    if isinstance(error, Denied):
        return error.refusal
    entry.error = str(error)
    if isinstance(error, Refused):
        return of_error(error)
    entry.allow = False
    if isinstance(error, Overloaded):
        metrics.shed()
        return overloaded()
    metrics.unavailable()
    return unavailable()
