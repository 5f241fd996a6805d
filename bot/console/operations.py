"""For those who run Kefu: is it alive, is it ready, which version is it, how does it do."""

from collections.abc import Callable
from typing import Literal

from fastapi import APIRouter, Response
from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, Counter, Gauge, Histogram, generate_latest

from bot.problem import Problem

BUCKETS = (0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1.0, 2.0, 5.0, 10.0)


class Metrics:
    """What /metrics shows. Labels never hold anything about a customer."""

    def __init__(self) -> None:
        self.registry = CollectorRegistry()
        labels = ("channel", "outcome")
        self._turns = Counter("kefu_turns", "Turns by how they ended", labels, registry=self.registry)
        self._seconds = Histogram(
            "kefu_turn_seconds", "Time of a turn", ("channel",), buckets=BUCKETS, registry=self.registry
        )

        self._model = Gauge("kefu_model", "1 for the language model that serves", ("version",), registry=self.registry)
        self._swaps = Counter(
            "kefu_model_swaps", "Promoted models by what became of them", ("outcome",), registry=self.registry
        )

        self._lines = Counter(
            "kefu_deliveries", "Lines to platforms by what became of them", labels, registry=self.registry
        )
        self._attachments = Counter(
            "kefu_attachments", "Fetched files by what became of them", labels, registry=self.registry
        )
        self._pulls = Counter(
            "kefu_pull", "Times that a platform was asked for messages", labels, registry=self.registry
        )

        self._untold = Gauge(
            "kefu_handoff_cases_waiting",
            "Handoffs that the outside help desk does not take now",
            registry=self.registry,
        )

    def cases_wait(self, count: Callable[[], int]) -> None:
        """`count` is asked whenever the metrics are read."""
        self._untold.set_function(count)

    def line_settled(self, channel: str, outcome: str) -> None:
        self._lines.labels(channel, outcome).inc()

    def attachment_settled(self, channel: str, outcome: str) -> None:
        self._attachments.labels(channel, outcome).inc()

    def pulled(self, channel: str, outcome: str) -> None:
        self._pulls.labels(channel, outcome).inc()

    def model_serves(self, version: str) -> None:
        self._model.clear()
        self._model.labels(version).set(1)

    def model_swapped(self, outcome: Literal["taken up", "refused"]) -> None:
        """What became of a model that was promoted while this process serves."""
        self._swaps.labels(outcome).inc()

    def turn_finished(self, channel: str, seconds: float, outcome: str) -> None:
        self._turns.labels(channel, outcome).inc()
        self._seconds.labels(channel).observe(seconds)


def router(
    metrics: Metrics,
    versions: dict[str, str],
    missing: Callable[[], list[str]],
    notes: Callable[[], list[str]] = lambda: [],
) -> APIRouter:
    """`missing` names what is not ready yet; an empty list means ready. It may do blocking I/O.

    `notes` are worth a look although customers are answered.
    """
    routes = APIRouter(tags=["operations"])

    @routes.get("/healthz", summary="Is the process alive?")
    async def healthz() -> dict[str, str]:
        return {"status": "alive"}

    @routes.get("/readyz", summary="Can it answer customers?")
    def readyz() -> dict[str, str | list[str]]:
        if lacking := missing():
            raise Problem(503, "Not ready", f"Not ready: {', '.join(lacking)}.")
        worth_a_look = notes()
        return {"status": "ready", "notes": worth_a_look} if worth_a_look else {"status": "ready"}

    @routes.get("/version", summary="Which versions run?")
    async def version() -> dict[str, str]:
        return versions

    @routes.get("/metrics", summary="Prometheus metrics", response_class=Response)
    def metrics_text() -> Response:
        return Response(generate_latest(metrics.registry), media_type=CONTENT_TYPE_LATEST)

    return routes
