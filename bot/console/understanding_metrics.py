"""What /metrics says about understanding: what was read, how surely, and how far it lies from the snapshot."""

from collections.abc import Callable, Iterable

from prometheus_client import CollectorRegistry, Counter, Histogram
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.registry import Collector

from nlu.components.intents import OUT_OF_SCOPE
from nlu.drift import Drift
from nlu.types import Understanding

_CONFIDENCES = (0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 0.95, 0.99)


class UnderstandingMetrics:
    """What this process understood. Labels are languages and the model's intents, never a customer's words."""

    def __init__(self, registry: CollectorRegistry, drifts: Callable[[], list[Drift]]) -> None:
        """`drifts` is asked whenever the metrics are read."""
        self._messages = Counter(
            "kefu_nlu_messages", "Messages by language and first intent", ("language", "intent"), registry=registry
        )
        self._outside = Counter(
            "kefu_nlu_out_of_scope", "Messages that no intent covers", ("language",), registry=registry
        )
        self._confidence = Histogram(
            "kefu_nlu_confidence",
            "Confidence of the first intent",
            ("language",),
            buckets=_CONFIDENCES,
            registry=registry,
        )
        registry.register(_DriftCollector(drifts))

    def hear(self, heard: Understanding) -> None:
        guess = heard.intent
        self._messages.labels(heard.language, guess.name).inc()
        self._confidence.labels(heard.language).observe(guess.confidence)
        if guess.name == OUT_OF_SCOPE:
            self._outside.labels(heard.language).inc()


class _DriftCollector(Collector):
    def __init__(self, drifts: Callable[[], list[Drift]]) -> None:
        self._drifts = drifts

    def collect(self) -> Iterable[GaugeMetricFamily]:
        labels = ("measure", "language")
        psi = GaugeMetricFamily("kefu_nlu_psi", "Distance from the snapshot (PSI)", labels=labels)
        alarm = GaugeMetricFamily("kefu_nlu_drift_alarm", "1 where the distance is an alarm", labels=labels)
        messages = GaugeMetricFamily("kefu_nlu_drift_messages", "Messages that the distance is of", labels=labels)
        for drift in self._drifts():
            values = (drift.measure, drift.language or "all")
            psi.add_metric(values, drift.psi)
            alarm.add_metric(values, float(drift.is_alarm))
            messages.add_metric(values, drift.messages)
        return psi, alarm, messages
