"""The n-gram reader: as good as the reference implementation, the same everywhere, and careful with files."""

from pathlib import Path

import numpy as np
import pytest

from nlu import ngrams
from nlu.errors import ModelIncompatible, ModelNotFound
from nlu.ngram_features import ngram_hashes
from nlu.ngrams import NgramReader
from nlu.parquet import read_parquet

TEXTS = ["where is my parcel", "track my parcel please", "i want my money back", "refund my money please"] * 3 + [
    "我的快递到哪了",
    "查一下快递",
    "我要退款",
    "退款什么时候到账",
] * 3
LABELS = np.array([0, 0, 1, 1] * 6)


@pytest.fixture(scope="module")
def reader() -> NgramReader:
    return NgramReader.fit(TEXTS, LABELS, 2)


def test_it_reads_what_it_learnt_and_words_it_half_knows(reader: NgramReader) -> None:
    unseen = ["parcels, where are they?", "Please give MONEY back", "快递呢", "退款吧"]
    assert reader.logits(unseen).argmax(1).tolist() == [0, 1, 0, 1]


def test_takeaway_reviews_are_read_at_the_level_of_the_usual_n_gram_machine(shared_data: Path) -> None:
    _, rows = read_parquet(shared_data / "zh_reviews" / "waimai_10k.parquet", ("split", "text", "label"))
    train, dev = ([row[1:] for row in rows if row[0] == part][::2] for part in ("train", "dev"))
    labels = np.array([label for _, label in train])
    learnt = NgramReader.fit([text for text, _ in train], labels, 2, passes=3)
    read = learnt.logits([text for text, _ in dev]).argmax(1)
    assert (read == [label for _, label in dev]).mean() > 0.87


def test_a_batch_reads_like_its_texts_one_by_one(reader: NgramReader) -> None:
    texts = [*TEXTS, "", "🙂", "?", "nothing known here"]
    single = np.concatenate([reader.logits([text]) for text in texts])
    assert np.allclose(reader.logits(texts), single, atol=1e-5)


def test_the_same_texts_give_the_same_reader(reader: NgramReader) -> None:
    assert (NgramReader.fit(TEXTS, LABELS, 2).logits(TEXTS) == reader.logits(TEXTS)).all()


def test_hashes_are_the_same_in_every_process() -> None:
    assert sorted(ngram_hashes(["退款 ok"])[1].tolist())[:3] == [120839894, 197041271, 947034266]


def test_an_ngram_stays_within_its_text_and_its_word() -> None:
    def hashes(text: str) -> set[int]:
        return set(ngram_hashes([text])[1].tolist())

    both = set(ngram_hashes(["ab", "cd"])[1].tolist())
    assert both == hashes("ab") | hashes("cd")
    assert hashes("ab cd") - both == hashes("ab cd") - hashes("ab") - hashes("cd")
    assert len(hashes("ab cd") - both) == 1  # the pair of words


def test_full_width_and_traditional_characters_read_alike(reader: NgramReader) -> None:
    assert np.allclose(reader.logits(["我要退款ＯＫ", "快遞到哪"]), reader.logits(["我要退款ok", "快递到哪"]))


@pytest.mark.parametrize("text", ["", " ", "\n\t", "🙂", "\ud800", "\x00", "a" * 100_000])
def test_whatever_the_text_it_answers(reader: NgramReader, text: str) -> None:
    assert np.isfinite(reader.logits([text])).all()


def test_no_texts_no_rows(reader: NgramReader) -> None:
    assert reader.logits([]).shape == (0, 2)


def test_texts_without_a_shared_ngram_leave_a_reader_that_knows_nothing() -> None:
    learnt = NgramReader.fit(["甲", "乙", "丙"], np.array([0, 1, 0]), 2)
    assert np.isfinite(learnt.logits(["甲", "丁"])).all()


def test_a_heavier_text_wins_a_contradiction() -> None:
    texts, labels = ["cancel it"] * 4, np.array([0, 0, 1, 1])
    heavy = np.array([9, 9, 1, 1], dtype=np.float32)
    assert NgramReader.fit(texts, labels, 2, weights=heavy).logits(["cancel it"]).argmax() == 0
    assert NgramReader.fit(texts, labels, 2, weights=heavy[::-1]).logits(["cancel it"]).argmax() == 1


def test_a_small_budget_keeps_the_ngrams_that_say_most(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ngrams, "MAX_CELLS", 200)
    small = NgramReader.fit(TEXTS, LABELS, 2)
    assert (small.logits(TEXTS).argmax(1) == LABELS).mean() > 0.9


def test_the_ngrams_that_are_kept_learn_anew_what_the_others_knew(reader: NgramReader) -> None:
    steps: list[tuple[int, int]] = []
    small = NgramReader.fit(TEXTS, LABELS, 2, most=40, passes=4, report=lambda *step: steps.append(step))
    known, scales = small.arrays()["hashes"], small.arrays()["scales"]
    assert len(known) == 40 and set(known) < set(reader.arrays()["hashes"])
    before = reader.arrays()["scales"][np.isin(reader.arrays()["hashes"], known)]
    assert not np.allclose(scales, before, rtol=0.01)
    assert (small.logits(TEXTS).argmax(1) == LABELS).mean() > 0.9
    assert steps == [(done, 8) for done in range(1, 9)]


def test_a_saved_reader_says_the_same(reader: NgramReader, tmp_path: Path) -> None:
    reader.save(tmp_path / "words.npz")
    assert (NgramReader.load(tmp_path / "words.npz").logits(TEXTS) == reader.logits(TEXTS)).all()


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(ModelNotFound, match=r"words\.npz is missing"):
        NgramReader.load(tmp_path / "words.npz")


def test_a_damaged_file_is_refused_and_nothing_is_unpickled(reader: NgramReader, tmp_path: Path) -> None:
    file = tmp_path / "words.npz"
    reader.save(file)
    file.write_bytes(file.read_bytes()[:200])
    with pytest.raises(ModelIncompatible, match="does not hold an n-gram reader"):
        NgramReader.load(file)
    np.savez(file, hashes=np.array([{"a": "pickled object"}], dtype=object))
    with pytest.raises(ModelIncompatible, match="does not hold an n-gram reader"):
        NgramReader.load(file)


def test_the_strongest_n_grams_stay_where_few_may() -> None:
    texts, labels = ["cancel it", "cancel now", "track it", "track now"] * 3, np.array([0, 0, 1, 1] * 3)
    few = NgramReader.fit(texts, labels, 2, most=12)
    assert len(few.arrays()["hashes"]) == 12 < len(NgramReader.fit(texts, labels, 2).arrays()["hashes"])
    weights = few.arrays()["weights"] * few.arrays()["scales"][:, None]
    everything = NgramReader.fit(texts, labels, 2).arrays()
    assert np.square(weights).sum(1).min() >= np.median(
        np.square(everything["weights"] * everything["scales"][:, None]).sum(1)
    )
