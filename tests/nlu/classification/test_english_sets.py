"""The public sets are read as they were published."""

from pathlib import Path

import pytest

from nlu.classification.public_sets import PublicSet, public_sets
from nlu.classification.texts import CONTEXT_END

SIZES = {
    "banking77": (10_003, None, 3_080, 77),
    "clinc150": (15_100, 3_100, 5_500, 151),
    "massive-en": (11_514, 2_033, 2_974, 60),
    "sst2": (6_920, 872, 1_821, 2),
}


@pytest.mark.parametrize("name", SIZES)
def test_rows_and_labels_are_those_of_the_paper(shared_data: Path, name: str) -> None:
    (split,) = public_sets()[name].read(shared_data)
    dev = None if split.dev is None else len(split.dev)
    assert (len(split.train), dev, len(split.test), len(split.train.names)) == SIZES[name]


def test_few_shot_draws_share_the_test_and_differ_in_training(shared_data: Path) -> None:
    chosen = public_sets()["banking77-5shot"]
    splits = chosen.read(shared_data)
    assert len(splits) == chosen.repeats
    assert {len(split.train) for split in splits} == {5 * 77}
    assert len({split.train.texts for split in splits}) == len(splits)
    assert len({split.test.texts for split in splits}) == 1


@pytest.mark.parametrize("name", ["natcs-insurance", "natcs-insurance-5shot"])
def test_no_row_is_learnt_and_tested(shared_data: Path, name: str) -> None:
    splits = public_sets()[name].read(shared_data)
    assert all(not set(split.train.where) & set(split.test.where) for split in splits)
    if name == "natcs-insurance":
        assert sorted(place for split in splits for place in split.test.where) == sorted(
            {*splits[0].train.where, *splits[0].test.where}
        )


def test_a_turn_of_multidogo_is_read_after_its_domain_and_what_the_customer_said_before(shared_data: Path) -> None:
    (split,) = public_sets()["multidogo"].read(shared_data)
    at = next(row for row, where in enumerate(split.train.where) if where.endswith("turn 4"))
    context, text = split.train.texts[at].split(CONTEXT_END)
    domain, *before = context.split(" | ")
    assert domain in {"airline", "fastfood", "finance", "insurance", "media", "software"}
    assert before and text


def test_every_set_names_a_metric_that_is_measured() -> None:
    sets: list[PublicSet] = list(public_sets().values())
    assert {one.metric for one in sets} <= {"accuracy", "macro_f1", "in_scope_accuracy"}
