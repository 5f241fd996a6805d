"""Short answers after a question of the bot, held with the real bot: tests/nlu/frozen/context.yml."""

from pathlib import Path

import pytest

from benchmarks.contexts import measure_contexts
from nlu.errors import DatasetError
from nlu.interpreter import DEFAULT_MODEL

CONTEXT = Path(__file__).parents[1] / "nlu/frozen/context.yml"
FLOOR = 0.9
FEWEST_CASES = 60
MOST_UNASKED_WRITES = 1


def test_short_answers_mean_what_the_moment_makes_of_them() -> None:
    for report in measure_contexts(CONTEXT, DEFAULT_MODEL):
        assert report.right.count >= FEWEST_CASES
        assert report.right.value >= FLOOR, "\n".join(report.mistakes)
        assert report.blunders.right <= MOST_UNASKED_WRITES, "\n".join(report.mistakes)


def test_an_answer_to_an_unknown_scene_is_named_with_its_line(tmp_path: Path) -> None:
    file = tmp_path / "context.yml"
    file.write_text("scenes: {}\nen:\n- {scene: lost, user: hi, bot: []}\nzh: []\n", "utf-8")
    with pytest.raises(DatasetError, match=r"context.yml:3: there is no scene 'lost'"):
        measure_contexts(file, DEFAULT_MODEL)
