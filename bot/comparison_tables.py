"""Two models side by side, as tables for a terminal."""

from collections.abc import Iterable, Sequence

from rich.markup import escape
from rich.table import Table

from nlu.comparison import Comparison, Difference
from nlu.gates import Verdict


def figures(comparison: Comparison, before: str, after: str, megabytes: Sequence[float]) -> Table:
    """Accuracy, parity, calibration and out-of-scope recall by set and language; speed and size."""
    table = Table("figure", before, after, "change", title="Figures", title_justify="left")
    for pair in comparison.pairs:
        at, old, new = f"{pair.name}, {pair.language}", pair.before, pair.after
        _shares(table, f"{at}: accuracy ({old.examples})", old.accuracy, new.accuracy)
        if old.out_of_scope_recall is not None and new.out_of_scope_recall is not None:
            _shares(table, f"{at}: out-of-scope recall", old.out_of_scope_recall, new.out_of_scope_recall)
        _shares(table, f"{at}: calibration error", old.calibration_error, new.calibration_error)
    _numbers(table, "median, CPU ms", comparison.speed_before.p50, comparison.speed_after.p50)
    _numbers(table, "99 of 100 within, CPU ms", comparison.speed_before.p99, comparison.speed_after.p99)
    _numbers(table, "size, MB", *megabytes)
    return table


def changed(comparison: Comparison, at_most: int) -> Table:
    """Broken sentences first, then fixed ones, then those that are wrong in another way."""
    differences = sorted(comparison.differences, key=_rank)
    title = f"Sentences that change: {len(differences)}"
    table = Table("", "right", "before", "after", "sentence", title=title, title_justify="left")
    for one in differences[:at_most]:
        guesses = (f"{guess.name} {guess.confidence:.2f}" for guess in (one.before.intent, one.after.intent))
        table.add_row(_word(one), one.example.label, *guesses, escape(one.example.text))
    if len(differences) > at_most:
        table.caption = f"{len(differences) - at_most} more; --changes N lists them"
    return table


def judged(verdicts: Iterable[Verdict]) -> Table:
    """What every gate found."""
    table = Table("gate", "", "found", title="Gates", title_justify="left")
    for one in verdicts:
        table.add_row(one.gate, "[green]holds" if one.holds else "[red]falls", escape(one.found))
    return table


def _shares(table: Table, name: str, before: float, after: float) -> None:
    table.add_row(name, f"{before:.2%}", f"{after:.2%}", f"{(after - before) * 100:+.2f}")


def _numbers(table: Table, name: str, before: float, after: float) -> None:
    table.add_row(name, f"{before:.1f}", f"{after:.1f}", f"{after - before:+.1f}")


def _rank(one: Difference) -> int:
    return 0 if one.is_broken else 1 if one.is_fixed else 2


def _word(one: Difference) -> str:
    return ("[red]broken", "[green]fixed", "other")[_rank(one)]
