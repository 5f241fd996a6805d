"""One HTML file that says how well a model reads, and what its confidence is worth: nothing to load, nothing to run."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from html import escape
from pathlib import Path

from nlu.calibration import reliability
from nlu.evaluation import Evaluation
from nlu.metadata import Metadata
from nlu.pictures import confusion_matrix, highest_risk, percent, reliability_diagram, risk_coverage, scope_histogram
from nlu.report_tables import LANGUAGES, confusion_table, figure_table, promise_table
from nlu.risk import SURENESS, Promise, kept
from nlu.types import Language

STYLE = Path(__file__).with_name("report.css")


@dataclass(frozen=True)
class Section:
    """One set of examples, read in each language."""

    name: str
    about: str
    read: Mapping[Language, Evaluation]


def html_report(
    model: Metadata,
    scopes: Mapping[Language, float],
    sections: Sequence[Section],
    max_error_rate: float | None = None,
) -> str:
    """The whole page. `scopes` are the out-of-scope thresholds, `max_error_rate` is the promise in force."""
    body = _head(model, sections) + _verdict(model, sections, max_error_rate) + promise_table(model, max_error_rate)
    for number, section in enumerate(sections, start=1):
        body += _section(f"s{number}", section, _all_drawn(f"s{number}", section, model, scopes, max_error_rate))
    return (
        '<!doctype html>\n<html lang="en">\n<head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f"<title>Kefu: how well model {escape(model.version)} understands</title>"
        f"<style>{STYLE.read_text('utf-8')}</style></head>\n<body><main>{body}</main></body>\n</html>\n"
    )


def _head(model: Metadata, sections: Sequence[Section]) -> str:
    counts = ", ".join(
        f"{len(its.examples)} {LANGUAGES[language]} {section.name.lower()}"
        for section in sections
        for language, its in section.read.items()
    )
    return (
        "<header><h1>How well this model understands</h1>"
        f'<p class="quiet">Model <code>{escape(model.version)}</code>, trained {escape(model.origin.created[:10])}, '
        f"{len(model.intents)} intents. Measured on {counts} messages.</p></header>"
    )


def _verdict(model: Metadata, sections: Sequence[Section], rate: float | None) -> str:
    """What the threshold in force comes to, in words."""
    means = f"with {percent(SURENESS)} confidence, as long as your customers write like the held-out examples"
    if rate is not None:
        promised = {name: kept(facts.promises, rate, name) for name, facts in model.languages.items()}
        answered = " and ".join(f"{percent(one.coverage)} of {LANGUAGES[name]}" for name, one in promised.items())
        first = (
            f"Of the messages that the bot answers, at most <strong>{percent(rate, 1)}</strong> are misread, {means}."
        )
        return _box(first, f"For that it asks back when it is not sure, and answers {answered} messages at once.")
    seen = [(LANGUAGES[name], its.report()) for name, its in sections[0].read.items()]
    first = "; ".join(
        f"in {name} it answers <strong>{percent(one.answered)}</strong> of the messages and misreads "
        f"<strong>{percent(one.answered_wrong, 1)}</strong> of those"
        for name, one in seen
    )
    bounds = " and ".join(f"{percent(one.answered_wrong_at_most, 1)} in {name}" for name, one in seen)
    then = (
        f"At most {bounds}, {means}. No error rate is promised: the threshold, {model.fallback_threshold:g}, "
        "weighs right answers against wrong ones. <code>KEFU_NLU_MAX_ERROR_RATE</code> promises one of the rates below."
    )
    return _box(f"{first[0].upper()}{first[1:]}.", then)


def _box(first: str, then: str) -> str:
    return f'<div class="verdict"><p>{first}</p><p>{then}</p></div>'


@dataclass(frozen=True)
class Drawn:
    """One language's pictures."""

    risk: str
    bins: str
    scope: str | None
    matrix: str


def _all_drawn(
    key: str, section: Section, model: Metadata, scopes: Mapping[Language, float], max_error_rate: float | None
) -> dict[Language, Drawn]:
    thresholds = model.thresholds(max_error_rate)
    highest = max((highest_risk(its.risk_curve) for its in section.read.values()), default=0.0)
    return {
        name: _drawn(
            f"{key}-{name}",
            f"{section.name}, {LANGUAGES[name]}",
            its,
            model.languages[name].promises,
            thresholds[name],
            scopes.get(name),
            highest,
        )
        for name, its in section.read.items()
    }


def _drawn(
    key: str,
    where: str,
    its: Evaluation,
    promises: Sequence[Promise],
    threshold: float,
    scope_threshold: float | None,
    highest: float,
) -> Drawn:
    bins, error = reliability(its.confidences, its.correct), its.report().calibration_error
    labels, read = [one.label for one in its.examples], [one.intent.name for one in its.read]
    scope = None
    if its.scores is not None:
        scope = scope_histogram(f"{key}-scope", where, its.scores, its.outside, scope_threshold)
    return Drawn(
        risk_coverage(f"{key}-risk", where, its.risk_curve, len(labels), promises, threshold, highest),
        reliability_diagram(f"{key}-bins", where, bins, error),
        scope,
        confusion_matrix(f"{key}-matrix", where, labels, read),
    )


def _section(key: str, section: Section, drawn: Mapping[Language, Drawn]) -> str:
    parts = [
        f'<section aria-labelledby="{key}"><h2 id="{key}">{escape(section.name)}</h2>',
        f'<p class="quiet">{escape(section.about)}</p>{figure_table(section.read)}',
        _pair(
            "How much is answered, and how much of that is wrong",
            "The surer the bot must be, the less it answers and the less of that is wrong. Red: the threshold now. "
            "Rings: rates that can be promised. Shade: how high the error may really be, with 95 % confidence.",
            {name: one.risk for name, one in drawn.items()},
        ),
        _pair(
            "Is it right as often as it says?",
            "Of the messages that it reads with 80 % confidence, 80 % should be right: the points lie on the line. "
            "Their strokes are what chance allows for so few messages.",
            {name: one.bins for name, one in drawn.items()},
        ),
        _pair(
            "Does it know what it does not know?",
            "Messages that no intent covers should score high (right), all others low (left). Red: from here on a "
            "message counts as out of scope where the model has no such intent.",
            {name: one.scope for name, one in drawn.items() if one.scope},
        ),
        confusion_table(section.read),
        *(_figure(f"Confusion matrix, {LANGUAGES[name]}", one.matrix, "wide") for name, one in drawn.items()),
        "</section>",
    ]
    return "".join(parts)


def _pair(title: str, about: str, pictures: Mapping[Language, str]) -> str:
    figures = "".join(_figure(LANGUAGES[name], svg) for name, svg in pictures.items())
    return f'<h3>{title}</h3><p class="quiet">{about}</p><div class="pair">{figures}</div>' if figures else ""


def _figure(caption: str, svg: str, kind: str = "plain") -> str:
    return f'<figure class="{kind}"><figcaption>{caption}</figcaption>{svg}</figure>'
