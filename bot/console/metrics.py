"""What /metrics says about the console: logins, the queue and how long it waits. Nothing in it names anybody."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Literal

from prometheus_client import CollectorRegistry, Counter
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.registry import Collector

Outcome = Literal["in", "wrong", "wrong code", "locked"]


@dataclass(frozen=True)
class QueueNow:
    """How many conversations are in each state, and how long the one that waits longest has waited."""

    by_state: dict[str, int]
    longest_wait_seconds: float


class ConsoleMetrics:
    def __init__(self, registry: CollectorRegistry, queue: Callable[[], QueueNow]) -> None:
        """`queue` is asked whenever the metrics are read."""
        self._logins = Counter("kefu_console_logins", "Logins by how they ended", ("outcome",), registry=registry)
        registry.register(_QueueCollector(queue))

    def signed_in(self, outcome: Outcome) -> None:
        self._logins.labels(outcome).inc()


class _QueueCollector(Collector):
    def __init__(self, queue: Callable[[], QueueNow]) -> None:
        self._queue = queue

    def describe(self) -> Iterable[GaugeMetricFamily]:
        """Named beforehand, so that registering does not ask the database."""
        return [GaugeMetricFamily("kefu_queue", ""), GaugeMetricFamily("kefu_queue_longest_wait_seconds", "")]

    def collect(self) -> Iterable[GaugeMetricFamily]:
        now = self._queue()
        states = GaugeMetricFamily("kefu_queue", "Conversations with people by state", labels=("state",))
        for state, count in sorted(now.by_state.items()):
            states.add_metric((state,), count)
        longest = GaugeMetricFamily("kefu_queue_longest_wait_seconds", "Longest wait for a person, of those waiting")
        longest.add_metric((), now.longest_wait_seconds)
        return states, longest
