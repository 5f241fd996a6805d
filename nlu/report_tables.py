"""The tables of the evaluation report: what can be promised, the figures, what is confused."""

from collections.abc import Iterable, Mapping, Sequence
from html import escape

from nlu.calibration import calibration_error_by_chance
from nlu.evaluation import Evaluation, Mistake, Report
from nlu.metadata import Metadata
from nlu.pictures import percent
from nlu.risk import Promise, upper_bound
from nlu.types import Language

LANGUAGES: dict[Language, str] = {"en": "English", "zh": "Chinese"}
_CONFUSIONS = 15


def promise_table(model: Metadata, rate: float | None) -> str:
    """What each rate that can be promised costs."""
    found = {name: {one.rate: one for one in facts.promises} for name, facts in model.languages.items()}
    rates = sorted({one for by_rate in found.values() for one in by_rate})
    if not rates:
        return (
            '<h3>What can be promised</h3><p class="quiet">Nothing: too few held-out examples, or too many misread. '
            "<code>kefu evaluate --calibrate</code> works it out for an older model.</p>"
        )
    head = "".join(f'<th class="number">{LANGUAGES[name]}: answers</th><th class="number">from</th>' for name in found)
    rows = "".join(
        f'<tr{_chosen(each, rates, rate)}><th class="number">{percent(each)}</th>'
        + "".join(_promise_cells(by_rate.get(each)) for by_rate in found.values())
        + "</tr>"
        for each in rates
    )
    return (
        '<h3>What can be promised</h3><p class="quiet">The lower the share of misread answers that you allow, the more '
        "often the bot asks back. Rates that are not listed can't be promised with the held-out examples there are.</p>"
        f'<div class="table"><table><thead><tr><th class="number">at most misread</th>{head}</tr></thead>'
        f"<tbody>{rows}</tbody></table></div>"
    )


def _chosen(each: float, rates: Sequence[float], rate: float | None) -> str:
    in_force = max((one for one in rates if rate is not None and one <= rate + 1e-9), default=None)
    return ' class="chosen-row"' if each == in_force else ""


def _promise_cells(one: Promise | None) -> str:
    if one is None:
        return '<td class="number">–</td><td class="number">–</td>'
    return f'<td class="number">{percent(one.coverage)}</td><td class="number">{one.threshold:.2f}</td>'


def figure_table(read: Mapping[Language, Evaluation]) -> str:
    reports = {name: its.report() for name, its in read.items()}
    chance = {name: calibration_error_by_chance(its.confidences) for name, its in read.items()}
    lines: list[tuple[str, str, list[str]]] = [
        ("Right", "intents read rightly, all messages", [_accuracy(one) for one in reports.values()]),
        ("Macro-F1", "the mean over intents, rare ones alike", [f"{one.macro_f1:.3f}" for one in reports.values()]),
        (
            "Calibration error",
            "the gap between said and true, 15 bins; beside it what chance alone would show",
            [f"{one.calibration_error:.3f} <small>/ {chance[name]:.3f}</small>" for name, one in reports.items()],
        ),
        ("Answered", "sure enough to act upon", [percent(one.answered, 1) for one in reports.values()]),
        (
            "Wrong among answered",
            "and at most, with 95 % confidence",
            [_wrong(one) for one in reports.values()],
        ),
        (
            "Out of scope found",
            "not taken for a request",
            [_share(one.out_of_scope_recall) for one in reports.values()],
        ),
        (
            "Out-of-scope AUROC",
            "how well the score tells",
            [_number(one.out_of_scope_auroc) for one in reports.values()],
        ),
        ("Time", "half of the messages; 19 of 20", [_time(one) for one in reports.values()]),
    ]
    head = "".join(f'<th class="number">{LANGUAGES[name]}</th>' for name in read)
    rows = "".join(
        f"<tr><th>{name}<small>{about}</small></th>"
        + "".join(f'<td class="number">{value}</td>' for value in values)
        + "</tr>"
        for name, about, values in lines
    )
    return f'<div class="table"><table><thead><tr><th></th>{head}</tr></thead><tbody>{rows}</tbody></table></div>'


def _accuracy(one: Report) -> str:
    right = round(one.accuracy * one.examples)
    low = 1 - upper_bound(one.examples - right, one.examples, 0.975)
    high = upper_bound(right, one.examples, 0.975)
    return f"{percent(one.accuracy, 1)} <small>({low * 100:.1f}–{high * 100:.1f})</small>"


def _wrong(one: Report) -> str:
    return f"{percent(one.answered_wrong, 1)} <small>≤ {percent(one.answered_wrong_at_most, 1)}</small>"


def _share(value: float | None) -> str:
    return "–" if value is None else percent(value, 1)


def _number(value: float | None) -> str:
    return "–" if value is None else f"{value:.3f}"


def _time(one: Report) -> str:
    return f"{one.milliseconds_p50:.1f} ms <small>{one.milliseconds_p95:.1f} ms</small>"


def confusion_table(read: Mapping[Language, Evaluation]) -> str:
    rows = "".join(row for name, its in read.items() for row in _confusion_rows(name, its))
    if not rows:
        return ""
    return (
        '<h3>What is confused most</h3><div class="table"><table><thead><tr><th></th><th>meant</th><th>read as</th>'
        f'<th class="number">times</th><th>for instance</th></tr></thead><tbody>{rows}</tbody></table></div>'
    )


def _confusion_rows(language: Language, its: Evaluation) -> Iterable[str]:
    for right, read, count in its.confusions[:_CONFUSIONS]:
        one = next(m for m in its.mistakes if (m.example.label, m.read.intent.name) == (right, read))
        yield (
            f"<tr><td>{LANGUAGES[language]}</td><td><code>{escape(right)}</code></td><td><code>{escape(read)}</code></td>"
            f'<td class="number">{count}</td><td>{_instance(one)}</td></tr>'
        )


def _instance(one: Mistake) -> str:
    return f"{escape(one.example.text)} <small>{percent(one.read.intent.confidence)} sure</small>"
