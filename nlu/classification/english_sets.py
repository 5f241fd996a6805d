"""The English public sets."""

from collections.abc import Callable
from pathlib import Path

import numpy as np

from nlu.classification.public_sets import PublicSet, Split, by_split_column
from nlu.classification.reading import Columns, read_labelled
from nlu.classification.splitting import few_per_label, folds
from nlu.classification.texts import LabelledTexts, with_context
from nlu.parquet import read_parquet

_FEW_SHOT_SEEDS = (0, 1, 2)
_NATCS_FOLDS = 5
_TURNS_BEFORE = 2


def _banking77(data: Path) -> list[Split]:
    folder = data / "banking77"
    return [Split(read_labelled(folder / "train.parquet"), None, read_labelled(folder / "test.parquet"))]


def _banking77_with(shots: int) -> Callable[[Path], list[Split]]:
    def read(data: Path) -> list[Split]:
        (full,) = _banking77(data)
        return [Split(few_per_label(full.train, shots, seed), None, full.test) for seed in _FEW_SHOT_SEEDS]

    return read


def _parts(folder: str, prefix: str, columns: Columns) -> Callable[[Path], list[Split]]:
    """Three files, one for each part."""

    def read(data: Path) -> list[Split]:
        train, dev, test = (
            read_labelled(data / folder / f"{prefix}{part}.parquet", columns) for part in ("train", "dev", "test")
        )
        return [Split(train, dev, test)]

    return read


def _twitter_airline(data: Path) -> list[Split]:
    return [by_split_column(data / "en_sentiment" / "twitter_airline.parquet", Columns("text", "label"))]


def _multidogo(data: Path) -> list[Split]:
    train, dev = (_conversations(data / "multidogo" / f"{part}.parquet") for part in ("train", "dev"))
    return [Split(train, None, dev)]


def _conversations(file: Path) -> LabelledTexts:
    """Each turn with its domain and the two turns of the customer before it; turns without a word are left out."""
    turns = sorted(read_parquet(file, ("conv_id", "turn", "domain", "text", "intent"))[1])
    texts, labels, where = [], [], []
    said: list[str] = []
    for place, (conversation, turn, domain, text, intent) in enumerate(turns):
        if not place or turns[place - 1][0] != conversation:
            said = []
        if text.strip():
            texts.append(with_context([domain, *said[-_TURNS_BEFORE:]], text.strip()))
            labels.append(intent)
            where.append(f"{file}, conversation {conversation}, turn {turn}")
            said.append(text.strip())
    return LabelledTexts(tuple(texts), tuple(labels), tuple(where))


def _natcs(data: Path) -> list[Split]:
    rows = read_labelled(data / "natcs" / "insurance.parquet")
    assigned = folds(rows, _NATCS_FOLDS)
    return [
        Split(rows.at(np.flatnonzero(assigned != turn)), None, rows.at(np.flatnonzero(assigned == turn)))
        for turn in range(_NATCS_FOLDS)
    ]


def _natcs_few(data: Path) -> list[Split]:
    rows = read_labelled(data / "natcs" / "insurance.parquet")
    splits = []
    for seed in _FEW_SHOT_SEEDS:
        train = few_per_label(rows, 5, seed)
        learnt = set(train.where)
        splits.append(Split(train, None, rows.at(row for row, place in enumerate(rows.where) if place not in learnt)))
    return splits


SETS = (
    PublicSet("banking77", "BANKING77", "accuracy", _banking77),
    PublicSet("banking77-10shot", "BANKING77, 10 texts a label", "accuracy", _banking77_with(10), 3),
    PublicSet("banking77-5shot", "BANKING77, 5 texts a label", "accuracy", _banking77_with(5), 3),
    PublicSet("clinc150", "CLINC150", "in_scope_accuracy", _parts("clinc150", "", Columns("text", "intent"))),
    PublicSet("massive-en", "MASSIVE, en-US", "accuracy", _parts("massive_zh_en", "", Columns("en_us", "intent"))),
    PublicSet("sst2", "SST-2, sentences", "accuracy", _parts("en_sentiment", "sst2_", Columns("text", "label"))),
    PublicSet("twitter-airline", "Twitter airline, 3 classes", "macro_f1", _twitter_airline),
    PublicSet("multidogo", "MultiDoGO, dev as test", "accuracy", _multidogo),
    PublicSet("natcs-insurance", "NatCS insurance, 5-fold", "accuracy", _natcs),
    PublicSet("natcs-insurance-5shot", "NatCS insurance, 5 texts a label", "accuracy", _natcs_few, 3),
)
