"""Keeps what benchmarks found (a JSON file) and turns it into the tables of docs/benchmarks.md."""

import json
import sys
from collections.abc import Iterator
from dataclasses import asdict
from pathlib import Path
from typing import Any

from nlu.classification.benchmark import Outcome
from nlu.classification.goals import missed_goals
from nlu.classification.measuring import Share
from nlu.classification.references import references

Results = dict[str, dict[str, dict[str, Any]]]
"""By the set's title, then by the system's description; FLOOR is one of the systems."""

RESULTS_FILE = Path("benchmarks/results/nlu.json")
"""Beside the source; running a benchmark there adds to it."""
FLOOR = "floor: n-gram TF-IDF + linear SVM"
MISSED = "‡"
"""Marks a figure that falls short of its goal."""
BEGIN, END = "<!-- figures: made by nlu/classification/results.py -->", "<!-- end of figures -->"
_COLUMNS = (
    "system",
    "figure (95 %)",
    "macro-F1",
    "ECE",
    "OOS recall / false OOS / AUROC",
    "training, s",
    "MB",
    "ms p50 / p99",
)


def outcome_entry(name: str, metric: str, outcome: Outcome) -> dict[str, Any]:
    """One system's outcome as plain values, rounded."""
    return {
        "set": name,
        "metric": metric,
        "figures": _rounded(asdict(outcome.figures)),
        "cost": _rounded(asdict(outcome.cost)),
        "notes": list(outcome.notes),
    }


def floor_entry(name: str, metric: str, floor: Share) -> dict[str, Any]:
    return {"set": name, "metric": metric, "figures": {metric: _rounded(asdict(floor))}}


def merge(file: Path, title: str, system: str, entry: dict[str, Any]) -> None:
    """Puts one outcome into the file, in the place of an earlier one of the same set and system."""
    results = load(file)
    results.setdefault(title, {})[system] = entry
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(json.dumps(results, indent=1, ensure_ascii=False, sort_keys=True) + "\n", "utf-8")


def load(file: Path) -> Results:
    """Empty when there is no file."""
    results: Results = json.loads(file.read_text("utf-8")) if file.is_file() else {}
    return results


def tables(results: Results) -> str:
    """Markdown: for each set our systems, the floor and what others published."""
    return "\n".join(line for title in sorted(results) for line in _table(title, results[title]))


def with_tables(document: str, results: Results) -> str:
    """The document with what stands between the two marks made anew."""
    before, rest = document.split(BEGIN)
    return f"{before}{BEGIN}\n\n{tables(results)}\n{END}{rest.split(END)[1]}"


def own_rows(entries: dict[str, dict[str, Any]]) -> list[tuple[str, ...]]:
    """One set's systems of ours, the best first, in the columns of the tables."""
    rows = [(system, entry["figures"][entry["metric"]]["value"], _cells(entry)) for system, entry in entries.items()]
    return [(system, *cells) for system, _, cells in sorted(rows, key=lambda row: -row[1])]


def _published_rows(name: str) -> list[tuple[str, ...]]:
    others = sorted(references().get(name, ()), key=lambda one: -one.value)
    nothing = ("",) * (len(_COLUMNS) - 2)
    return [(f"{one.system} ({one.source}){'' if one.read else ' †'}", f"{one.value:.2f}", *nothing) for one in others]


def columns(metric: str) -> tuple[str, ...]:
    """The tables' headings."""
    return (_COLUMNS[0], f"{metric.replace('_', ' ')}, % (95 %)", *_COLUMNS[2:])


def _table(title: str, entries: dict[str, dict[str, Any]]) -> Iterator[str]:
    any_entry = next(iter(entries.values()))
    headings = columns(any_entry["metric"])
    yield from (f"### {title}", "", f"| {' | '.join(headings)} |", "|" + "---|" * len(headings))
    missed = _missed(entries)
    own = [_marked(row, missed.get(row[0], {})) for row in own_rows(entries)]
    yield from (f"| {' | '.join(row)} |" for row in own + _published_rows(any_entry["set"]))
    yield ""
    remarks = [f"{MISSED} {system}: {goal}." for system, goals in missed.items() for goal in goals.values()]
    remarks += [f"{system}: {note}." for system, entry in entries.items() for note in entry.get("notes", ())]
    yield from (line for remark in remarks for line in (remark, ""))


def _missed(entries: dict[str, dict[str, Any]]) -> dict[str, dict[str, str]]:
    """The goals that each system of ours missed."""
    floor = entries.get(FLOOR)
    least = floor["figures"][floor["metric"]]["value"] if floor else None
    return {system: missed_goals(entry, least) for system, entry in entries.items() if system != FLOOR}


def _marked(row: tuple[str, ...], missed: dict[str, str]) -> tuple[str, ...]:
    """A table's row with the figures marked that missed their goals."""
    system, figure, macro, error, *rest = row
    if "calibration_error" in missed:
        error = f"{error} {MISSED}"
    if missed.keys() - {"calibration_error"}:
        figure = f"{figure} {MISSED}"
    return system, figure, macro, error, *rest


def _cells(entry: dict[str, Any]) -> tuple[str, ...]:
    figures, cost = entry["figures"], entry.get("cost")
    outside = figures.get("outsiders")
    return (
        _share(figures[entry["metric"]]),
        _percent(figures["macro_f1"]["value"]) if "macro_f1" in figures else "",
        _calibration(figures),
        _outsiders(outside) if outside else "",
        f"{cost['training_seconds']:.0f}" if cost else "",
        f"{cost['megabytes']:.1f}" if cost else "",
        f"{cost['milliseconds_p50']:.1f} / {cost['milliseconds_p99']:.1f}" if cost else "",
    )


def _calibration(figures: dict[str, Any]) -> str:
    if "calibration_error" not in figures:
        return ""
    inside = figures.get("in_scope_calibration_error")
    return f"{figures['calibration_error']:.3f}" + (f" (in scope {inside:.3f})" if inside is not None else "")


def _outsiders(figures: dict[str, float]) -> str:
    return f"{_percent(figures['recall'])} / {_percent(figures['false_alarms'])} / {figures['ranking']:.3f}"


def _share(share: dict[str, float]) -> str:
    return f"{_percent(share['value'])} ({_percent(share['low'])}–{_percent(share['high'])})"


def _percent(value: float) -> str:
    return f"{100 * value:.1f}"


def _rounded(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _rounded(inner) for key, inner in value.items()}
    if isinstance(value, tuple):
        return [_rounded(inner) for inner in value]
    return round(value, 4) if isinstance(value, float) else value


if __name__ == "__main__":
    page = Path(sys.argv[1])
    page.write_text(with_tables(page.read_text("utf-8"), load(RESULTS_FILE)), "utf-8")
