"""The Chinese public sets."""

from pathlib import Path

import numpy as np

from nlu.calibration import Ints
from nlu.classification.public_sets import PublicSet, Split, by_split_column
from nlu.classification.reading import Columns, read_labelled
from nlu.classification.splitting import grouped_folds
from nlu.classification.texts import LabelledTexts
from nlu.parquet import read_parquet

_FOLDS = 5


def _massive(data: Path) -> list[Split]:
    """Learns from the zh-TW rows of the training part too: `fold` reads traditional characters as simplified ones."""
    folder = data / "massive_zh_en"
    own, taiwan = (read_labelled(folder / "train.parquet", Columns(text, "intent")) for text in ("zh_cn", "zh_tw"))
    dev, test = (read_labelled(folder / f"{part}.parquet", Columns("zh_cn", "intent")) for part in ("dev", "test"))
    return [Split(_together(own, taiwan), dev, test)]


def _together(one: LabelledTexts, other: LabelledTexts) -> LabelledTexts:
    return LabelledTexts(one.texts + other.texts, one.labels + other.labels, one.where + other.where)


def _smp2017(data: Path) -> list[Split]:
    folder = data / "smp_ecdt_zh"
    return [Split(read_labelled(folder / "smp2017_train.parquet"), None, read_labelled(folder / "smp2017_dev.parquet"))]


def _waimai(data: Path) -> list[Split]:
    return [by_split_column(data / "zh_reviews" / "waimai_10k.parquet", Columns("text", "label"))]


def _shopping(data: Path) -> list[Split]:
    return [by_split_column(data / "zh_reviews" / "online_shopping_9_cats.parquet", Columns("text", "label"))]


def _satisfaction(data: Path) -> list[Split]:
    """The customers' turns, cross-validated by dialogue: three fifths to learn from, one to choose on, one to test."""
    file = data / "jddc_zh" / "valid.parquet"
    _, table = read_parquet(file, ("dialog", "level"))
    rows = read_labelled(file, Columns("text", "satisfaction"))
    kept = [row for row, cells in enumerate(table) if cells[1] == "turn"]
    assigned = grouped_folds([str(table[row][0]) for row in kept], _FOLDS)
    turns = rows.at(kept)
    return [_turn(turns, assigned, fold) for fold in range(_FOLDS)]


def _turn(rows: LabelledTexts, assigned: Ints, fold: int) -> Split:
    chosen_on = (fold + 1) % _FOLDS
    learnt = np.flatnonzero((assigned != fold) & (assigned != chosen_on))
    return Split(
        rows.at(learnt), rows.at(np.flatnonzero(assigned == chosen_on)), rows.at(np.flatnonzero(assigned == fold))
    )


SETS = (
    PublicSet("massive-zh", "MASSIVE, zh-CN (learnt with its zh-TW rows)", "accuracy", _massive),
    PublicSet("smp2017", "SMP2017 ECDT, dev as test", "accuracy", _smp2017),
    PublicSet("waimai", "waimai reviews", "accuracy", _waimai),
    PublicSet("online-shopping", "online shopping reviews, 9 categories", "accuracy", _shopping),
    PublicSet("jd-satisfaction", "JD chats, satisfaction by turn, 5-fold by dialogue", "macro_f1", _satisfaction),
)
