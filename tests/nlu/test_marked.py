"""Exact entity spans on a hand-written bilingual set, and the form that such a set has."""

from pathlib import Path

import pytest

from nlu.errors import DatasetError
from nlu.marked import MarkedReport, load_marked, score_spans

BLIND = Path(__file__).with_name("frozen") / "entities_blind.yml"
FLOOR = 0.95
FLOOR_OF_A_KIND = 0.93


@pytest.fixture(scope="module")
def report() -> MarkedReport:
    return score_spans(load_marked(BLIND))


def test_the_set_is_large_enough_in_both_languages() -> None:
    sentences = load_marked(BLIND).sentences
    assert all(sum(one.language == language for one in sentences) >= 300 for language in ("en", "zh"))
    assert len({(one.text, one.language) for one in sentences}) == len(sentences)


def test_entities_are_found_exactly_where_they_stand(report: MarkedReport) -> None:
    assert report.total.f1 >= FLOOR, "\n".join(report.mistakes)
    assert report.total.value_right >= 0.98 * report.total.valued
    assert {kind: score.f1 for kind, score in report.kinds.items() if score.f1 < FLOOR_OF_A_KIND} == {}


def test_each_language_reaches_the_floor() -> None:
    marked = load_marked(BLIND)
    assert score_spans(marked, "en").total.f1 >= FLOOR
    assert score_spans(marked, "zh").total.f1 >= FLOOR


@pytest.mark.parametrize(
    ("content", "complaint"),
    [
        ("now: 2026-11-20\nen:\n  a: |\n    fine\n    my [zip](postcode\nzh: {}\n", "marked.yml:5: this mark is not"),
        ("now: today\nen: {}\nzh: {}\n", "`now` must be a date"),
        ("now: 2026-11-20\nen: [1]\nzh: {}\n", "`en` must be a mapping of texts"),
        ("now: 2026-11-20\nen:\n  a: [1]\nzh: {}\n", "marked.yml:3: `a` must be a text"),
    ],
)
def test_a_wrong_mark_is_named_with_its_line(tmp_path: Path, content: str, complaint: str) -> None:
    file = tmp_path / "marked.yml"
    file.write_text(content, "utf-8")
    with pytest.raises(DatasetError, match=complaint.replace("(", r"\(")):
        load_marked(file)


def test_a_span_of_another_length_is_wrong_and_its_value_does_not_count(tmp_path: Path) -> None:
    file = tmp_path / "marked.yml"
    file.write_text("now: 2026-11-20\nen:\n  a: |\n    in [on Monday](date:2026-11-23)\nzh: {}\n", "utf-8")
    total = score_spans(load_marked(file)).total
    assert (total.right, total.found, total.marked, total.valued) == (0, 1, 1, 0)
