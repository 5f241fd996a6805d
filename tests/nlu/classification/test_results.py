"""What is kept of benchmarks, and the page made from it."""

from dataclasses import replace
from pathlib import Path

import pytest

from nlu.classification.benchmark import Cost, Outcome
from nlu.classification.goals import ABOVE_FLOOR, REACH, missed_goals
from nlu.classification.measuring import Figures, OutsiderFigures, Share
from nlu.classification.public_sets import public_sets
from nlu.classification.references import references
from nlu.classification.results import (
    BEGIN,
    END,
    FLOOR,
    RESULTS_FILE,
    floor_entry,
    load,
    merge,
    outcome_entry,
    tables,
    with_tables,
)

ROOT = Path(__file__).parents[3]
OUTCOME = Outcome(
    Figures(
        rows=100,
        accuracy=Share(0.9312345, 0.92, 0.94),
        macro_f1=Share(0.931, 0.92, 0.94),
        calibration_error=0.0123,
        in_scope_accuracy=None,
        in_scope_calibration_error=0.008,
        outsiders=OutsiderFigures(0.91, 0.035, 0.987),
        unknown_labels=(),
    ),
    Cost(61.2, 24.9, 2.21, 3.9),
    (),
    ("int8 would cost more",),
)


def test_an_outcome_takes_the_place_of_the_one_before(tmp_path: Path) -> None:
    file = tmp_path / "results" / "nlu.json"
    merge(file, "BANKING77", "ours", floor_entry("banking77", "accuracy", Share(0.5, 0.4, 0.6)))
    merge(file, "BANKING77", "ours", outcome_entry("banking77", "accuracy", OUTCOME))
    merge(file, "BANKING77", FLOOR, floor_entry("banking77", "accuracy", Share(0.908, 0.897, 0.918)))
    results = load(file)
    assert set(results["BANKING77"]) == {"ours", FLOOR}
    assert results["BANKING77"]["ours"]["figures"]["accuracy"]["value"] == 0.9312


def test_the_table_shows_ours_the_floor_and_the_published_ones(tmp_path: Path) -> None:
    file = tmp_path / "nlu.json"
    merge(file, "BANKING77", FLOOR, floor_entry("banking77", "accuracy", Share(0.908, 0.897, 0.918)))
    merge(file, "BANKING77", "ours", outcome_entry("banking77", "accuracy", OUTCOME))
    lines = tables(load(file)).splitlines()
    row = "| ours | 93.1 (92.0–94.0) ‡ | 93.1 | 0.012 (in scope 0.008) | 91.0 / 3.5 / 0.987 | 61 | 24.9 | 2.2 / 3.9 |"
    assert lines.index(row) < lines.index(f"| {FLOOR} | 90.8 (89.7–91.8) |  |  |  |  |  |  |")
    assert any("93.66" in line and "†" in line for line in lines)
    assert "ours: int8 would cost more." in lines
    page = with_tables(f"before\n{BEGIN}\nold\n{END}\nafter\n", load(file))
    assert page.startswith("before") and page.endswith("after\n") and "old" not in page and row in page


def test_a_figure_below_its_goal_is_marked_and_the_goal_is_told(tmp_path: Path) -> None:
    file = tmp_path / "nlu.json"
    short = replace(OUTCOME, figures=replace(OUTCOME.figures, calibration_error=0.0312))
    merge(file, "BANKING77", FLOOR, floor_entry("banking77", "accuracy", Share(0.908, 0.897, 0.918)))
    merge(file, "BANKING77", "ours", outcome_entry("banking77", "accuracy", short))
    lines = tables(load(file)).splitlines()
    assert any(line.startswith("| ours | 93.1 (92.0–94.0) ‡ | 93.1 | 0.031 (in scope 0.008) ‡ |") for line in lines)
    assert "‡ ours: accuracy should reach 93.7%." in lines
    assert "‡ ours: the calibration error should be at most 0.030." in lines


def test_a_lead_over_the_floor_is_judged_where_that_is_the_goal() -> None:
    entry = outcome_entry("smp2017", "accuracy", OUTCOME)
    assert missed_goals(entry, floor=0.90) == {}
    assert missed_goals(entry, floor=0.91) == {
        "accuracy": "should be 3.0 points above the floor (91.0%) and is 2.1",
    }
    assert missed_goals(entry, floor=None) == {}


def test_every_goal_is_of_a_set_we_measure() -> None:
    assert {*REACH, *ABOVE_FLOOR} == set(public_sets())


def test_the_page_is_in_step_with_the_results() -> None:
    page = (ROOT / "docs" / "benchmarks.md").read_text("utf-8")
    assert with_tables(page, load(ROOT / RESULTS_FILE)) == page, (
        "run python -m nlu.classification.results docs/benchmarks.md"
    )


@pytest.mark.parametrize("name", sorted(references()))
def test_every_published_figure_is_of_a_set_we_measure(name: str) -> None:
    assert name in public_sets()
    assert all(50 < one.value < 100 and one.system and one.source for one in references()[name])
