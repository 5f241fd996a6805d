"""The Chinese public sets are read as they were published, and never let test texts' dialogues into training."""

from pathlib import Path

import pytest

from nlu.classification.chinese_sets import SETS
from nlu.classification.public_sets import PublicSet
from nlu.classification.recipe import recipe_for, tiny_recipe_for

SIZES = {
    "massive-zh": [(23028, 2033, 2974, 60)],
    "smp2017": [(2127, None, 726, 31)],
    "waimai": [(9591, 1155, 1241, 2)],
    "online-shopping": [(42229, 5233, 5311, 2)],
}


@pytest.mark.parametrize("one", [one for one in SETS if one.name in SIZES], ids=lambda one: one.name)
def test_a_set_has_its_published_sizes(one: PublicSet, shared_data: Path) -> None:
    splits = one.read(shared_data)
    sizes = [(len(s.train), None if s.dev is None else len(s.dev), len(s.test), len(s.train.names)) for s in splits]
    assert sizes == SIZES[one.name]


def test_every_turn_of_the_chats_is_tested_once_and_its_dialogue_is_not_learnt(shared_data: Path) -> None:
    (one,) = (one for one in SETS if one.name == "jd-satisfaction")
    splits = one.read(shared_data)
    tested = [place for split in splits for place in split.test.where]
    assert len(tested) == len(set(tested)) == 4676
    for split in splits:
        assert split.dev is not None
        parts = [set(part.where) for part in (split.train, split.dev, split.test)]
        assert sum(len(part) for part in parts) == len(set.union(*parts)) == 4676
        assert split.train.names == ("0", "1", "2")


def test_a_small_encoder_is_tuned_longer_and_more_boldly() -> None:
    for rows in (500, 3_000, 20_000, 50_000):
        plain, tiny = recipe_for(rows), tiny_recipe_for(rows)
        assert tiny.epochs >= plain.epochs
        assert tiny.learning_rate > plain.learning_rate
