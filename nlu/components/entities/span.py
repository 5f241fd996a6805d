"""A candidate an extractor found, before overlaps are settled."""

from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True)
class Span:
    """A stretch of the folded text and what it would mean."""

    name: str
    value: str
    start: int
    end: int
    confidence: float = 1.0
    details: dict[str, Any] = field(default_factory=dict)


def without_overlaps(spans: list[Span]) -> list[Span]:
    """The spans in reading order. Where two overlap the earlier in the list wins: extractors run in order of trust."""
    claimed = bytearray(max((span.end for span in spans), default=0))
    kept: list[Span] = []
    for span in spans:
        if not any(claimed[span.start : span.end]):
            claimed[span.start : span.end] = b"\x01" * (span.end - span.start)
            kept.append(span)
    return sorted(kept, key=lambda span: (span.start, span.end))
