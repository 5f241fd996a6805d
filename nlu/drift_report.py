"""Drift in words, and as one HTML page: no script, nothing loaded from elsewhere."""

from collections.abc import Sequence
from html import escape
from pathlib import Path

from nlu.drift import FEWEST, Drift, Snapshot

_STYLE = Path(__file__).with_name("report.css")
_SHOWN = 12
_TITLES = {
    "intent": "What customers want",
    "confidence": "How sure the model is",
    "topic": "What they write about (nearest of a dozen topics)",
    "distance": "How far their words lie from those topics",
    "scope": "In and out of scope",
    "language": "Language",
}
_BAR_CSS = """
.drift td { padding: 1px 8px; white-space: nowrap } .drift .bar { height: 7px; background: var(--main) }
.drift .then { background: var(--quiet) } .alarm { color: var(--wrong); font-weight: bold }
"""


def verdict(drift: Drift) -> str:
    """ "moved", "steady" or "too few messages"."""
    if drift.messages < FEWEST:
        return "too few messages"
    return "moved" if drift.is_alarm else "steady"


def moved(drift: Drift, count: int = 2) -> str:
    """The bins whose share changed most: "refund_status 4 % → 19 %"."""
    if drift.messages < FEWEST:
        return ""
    names = sorted(drift.then, key=lambda name: -abs(drift.now[name] - drift.then[name]))[:count]
    return ", ".join(f"{name} {drift.then[name]:.0%} → {drift.now[name]:.0%}" for name in names)


def drift_report(snapshot: Snapshot, drifts: Sequence[Drift], days: float) -> str:
    """A page with a pair of bars for every bin: then above, now below."""
    alarms = [drift for drift in drifts if drift.is_alarm]
    said = "; ".join(f"{_title(drift)} moved (PSI {drift.psi:.2f})" for drift in alarms) or "Nothing has moved."
    source = "customers' messages" if snapshot.source == "traffic" else "examples held out from training"
    body = "".join(_section(drift) for drift in drifts)
    return (
        '<!doctype html><html lang="en"><meta charset="utf-8"><title>Drift</title>'
        f"<style>{_STYLE.read_text('utf-8')}{_BAR_CSS}</style><main><h1>Do customers write what they used to?</h1>"
        f'<p class="{"alarm" if alarms else "steady"}">{escape(said)}</p>'
        f"<p>The last {days:g} days against the snapshot{_of(snapshot.made)}: {source}, read by model "
        f"{escape(snapshot.model_version)}. Grey is then, blue is now.</p>{body}</main></html>\n"
    )


def _of(made: str) -> str:
    return f" of {escape(made)}" if made else ""


def _title(drift: Drift) -> str:
    return _TITLES[drift.measure] + (f" ({drift.language})" if drift.language else "")


def _section(drift: Drift) -> str:
    names = sorted(drift.then, key=lambda name: -max(drift.then[name], drift.now[name]))[:_SHOWN]
    if drift.measure in ("confidence", "distance"):
        names = sorted(drift.then)
    rows = "".join(_row(name, drift.then[name], drift.now[name]) for name in names)
    figures = f"PSI {drift.psi:.3f}; by chance it stays below {drift.noise:.3f}; {drift.messages} messages"
    kind = ' class="alarm"' if drift.is_alarm else ""
    return (
        f"<section><h2{kind}>{escape(_title(drift))}: {verdict(drift)}</h2><p>{figures}</p>"
        f'<table class="drift">{rows}</table></section>'
    )


def _row(name: str, then: float, later: float) -> str:
    bars = "".join(
        f'<div class="bar {kind}" style="width:{share * 400:.0f}px"></div>'
        for kind, share in (("then", then), ("", later))
    )
    return f"<tr><td>{escape(name)}</td><td>{then:.1%} → {later:.1%}</td><td>{bars}</td></tr>"
