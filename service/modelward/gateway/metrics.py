"""Numbers for the operator, in Prometheus' text form."""

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, generate_latest

_DECISION_SECONDS = (0.00005, 0.0001, 0.0002, 0.0005, 0.001, 0.002, 0.005, 0.01, 0.05, 0.4)


class Metrics:
    """This process's numbers, in a registry of their own. A `route` is a template, empty for an unknown one."""

    def __init__(self) -> None:
        self._registry = CollectorRegistry()
        self.answers = self._counter("answers", "requests answered", "route", "status")
        self.denials = self._counter("denials", "requests denied, by first rule", "rule")
        self.unavailable = self._counter("decisions_unavailable", "requests without a decision")
        self.shed = self._counter("decisions_shed", "requests shed because too many waited for a decision")
        memo = self._counter("decision_memo", "decisions that were known, and that were asked for", "outcome")
        self.memo_hit, self.memo_miss = memo.labels("hit").inc, memo.labels("miss").inc
        self.log_lost = self._counter("decision_log_lost", "lines of the log that could not be written")
        self.decision_seconds = Histogram(
            "decision_seconds",
            "time to a decision",
            buckets=_DECISION_SECONDS,
            namespace="modelward",
            registry=self._registry,
        )
        self.config_current = Gauge(
            "config_current",
            "1 if the config as it lies is in force, 0 if the last good one",
            namespace="modelward",
            registry=self._registry,
        )
        self.config_current.set(1)

    def _counter(self, name: str, text: str, *labels: str) -> Counter:
        return Counter(name, text, labels, namespace="modelward", registry=self._registry)

    def text(self) -> bytes:
        """All numbers."""
        return generate_latest(self._registry)
