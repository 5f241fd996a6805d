"""card.md: what a person should know of a customer model, written from its metadata."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from knowledge.profiles.sealing import Metadata

LIMITS = """
## What it must not be used for

Only for serving a shop's own customers: what to show, whom to write to, whom to answer first. Not for credit,
prices that differ by person, insurance, employment, or anything with a legal effect on a person. It knows what was
bought and when, and nothing of age, gender, health, religion, income or address; do not join such data to it. A
prediction is a share among people with a similar history, never a fact about one person. Groups of fewer than 5
customers are shown nowhere.

Whoever asks to be erased (`kefu privacy erase CUSTOMER`) is taken out of every profile and list at once. The
command also names the versions that learned from that customer; remove those, or keep them until the next fit
replaces them.
"""


def card(metadata: Metadata) -> str:
    """The card as Markdown."""
    sections = (_origin(metadata), _parts(metadata), _left_out(metadata), _metrics(metadata))
    lines = [f"# Customer model {metadata.version}", *(line for section in sections for line in section)]
    return "\n".join(lines) + "\n" + LIMITS


def _origin(metadata: Metadata) -> Iterator[str]:
    yield from ("", "## Where it comes from", "")
    yield from _table(
        ("what", "value"),
        [
            ("fitted", metadata.fitted_at),
            ("by Kefu", metadata.code_version),
            ("from", metadata.source),
            ("rows (sha256)", f"`{metadata.data_sha256}`"),
            ("period", f"{metadata.first_day} to {metadata.cut} (not included)"),
            ("customers", f"{metadata.customers:,} (under pseudonyms)"),
            ("items", f"{metadata.items:,}"),
            ("lines bought", f"{metadata.lines:,}"),
            ("seed", str(metadata.seed)),
        ],
    )


def _parts(metadata: Metadata) -> Iterator[str]:
    yield from ("", "## What it can do", "")
    rows = [(part, f"{metadata.seconds.get(part, 0.0):.1f} s to fit") for part in metadata.parts]
    refused = [(part, f"not fitted: {why}") for part, why in metadata.problems.items()]
    yield from _table(("part", "state"), [*rows, *refused])


def _left_out(metadata: Metadata) -> Iterator[str]:
    if metadata.left_out:
        yield from ("", "## Rows left out", "")
        yield from _table(("why", "rows"), [(why, f"{count:,}") for why, count in metadata.left_out.items()])


def _metrics(metadata: Metadata) -> Iterator[str]:
    yield from ("", "## Figures", "")
    if not metadata.metrics:
        yield "None that were measured while fitting. `kefu crm evaluate` tests all parts on the last weeks."
        return
    yield "Predictions: on earlier days of this shop, by models that had not seen what came after them."
    yield "`kefu crm evaluate` tests all parts on the last weeks."
    yield ""
    flat = [(name, _shown(value)) for name, value in flattened(metadata.metrics)]
    yield from _table(("figure", "value"), flat)


def flattened(metrics: Mapping[str, Any], prefix: str = "") -> Iterator[tuple[str, Any]]:
    """Nested figures, one a line: ("prediction · active · auc", 0.89)."""
    for name, value in metrics.items():
        if isinstance(value, Mapping):
            yield from flattened(value, f"{prefix}{name} · ")
        else:
            yield f"{prefix}{name}", value


def _shown(value: Any) -> str:
    return f"{value:.3f}" if isinstance(value, float) else str(value)


def _table(head: tuple[str, ...], rows: Iterable[tuple[str, ...]]) -> Iterator[str]:
    yield f"| {' | '.join(head)} |"
    yield f"|{'---|' * len(head)}"
    yield from (f"| {' | '.join(row)} |" for row in rows)
