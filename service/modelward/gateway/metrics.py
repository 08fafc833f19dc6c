"""Numbers for the operator, in Prometheus' text form."""

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, generate_latest

_DECISION_SECONDS = (0.00005, 0.0001, 0.0002, 0.0005, 0.001, 0.002, 0.005, 0.01, 0.05, 0.4)


class Metrics:
    """This process's numbers, in a registry of their own."""

    def __init__(self) -> None:
        self._registry = CollectorRegistry()
        self._answers = self._counter("answers", "requests answered", "route", "status")
        self._denials = self._counter("denials", "requests denied, by first rule", "rule")
        self._unavailable = self._counter("decisions_unavailable", "requests without a decision")
        self._shed = self._counter("decisions_shed", "requests shed because too many waited for a decision")
        self._lost = self._counter("decision_log_lost", "lines of the log that could not be written")
        self._seconds = Histogram(
            "decision_seconds",
            "time to a decision",
            buckets=_DECISION_SECONDS,
            namespace="modelward",
            registry=self._registry,
        )
        self._config = Gauge(
            "config_current",
            "1 if the config as it lies is in force, 0 if the last good one",
            namespace="modelward",
            registry=self._registry,
        )
        self._config.set(1)

    def _counter(self, name: str, text: str, *labels: str) -> Counter:
        return Counter(name, text, labels, namespace="modelward", registry=self._registry)

    def answered(self, route: str, status: int) -> None:
        """Counts an answer; `route` is the template, empty for an unknown one."""
        self._answers.labels(route, str(status)).inc()

    def denied(self, rule: str) -> None:
        """Counts a refusal by its first rule."""
        self._denials.labels(rule).inc()

    def lost(self, lines: int) -> None:
        """Counts lines of the log that could not be written."""
        self._lost.inc(lines)

    def unavailable(self) -> None:
        """Counts a request that got no decision."""
        self._unavailable.inc()

    def shed(self) -> None:
        """Counts a request that was shed because too many waited for a decision."""
        self._shed.inc()

    def decided(self, seconds: float) -> None:
        """Notes how long a decision took."""
        self._seconds.observe(seconds)

    def config_is_current(self, current: bool) -> None:
        """Notes whether the config as it lies is in force (K3)."""
        self._config.set(1 if current else 0)

    def text(self) -> bytes:
        """All numbers."""
        return generate_latest(self._registry)
