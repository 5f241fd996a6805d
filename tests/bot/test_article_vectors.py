from collections.abc import Sequence
from pathlib import Path

import numpy as np

from bot.article_vectors import StoredVectors
from bot.database import open_database, upgrade
from knowledge.articles.article import Language
from knowledge.articles.index import Vectors


class Encoder:
    """Counts its work; a text's vector is its length and its first letter."""

    def __init__(self) -> None:
        self.read: list[str] = []

    def __call__(self, texts: Sequence[str], _language: Language) -> Vectors:
        self.read += texts
        return np.array([[len(text), ord(text[0])] for text in texts], dtype=np.float32)


def test_vectors_are_made_once_for_the_same_texts_and_model(tmp_path: Path) -> None:
    database, encoder = open_database(f"sqlite:///{tmp_path}/kefu.db"), Encoder()
    upgrade(database)
    first = StoredVectors(database, encoder, "model 1")(["refunds", "delivery"], "en")
    again = StoredVectors(database, encoder, "model 1")(["refunds", "delivery"], "en")
    assert encoder.read == ["refunds", "delivery"]
    assert again.tolist() == first.tolist() == [[7, ord("r")], [8, ord("d")]]


def test_another_text_language_or_model_is_read_anew(tmp_path: Path) -> None:
    database, encoder = open_database(f"sqlite:///{tmp_path}/kefu.db"), Encoder()
    upgrade(database)
    StoredVectors(database, encoder, "model 1")(["refunds", "delivery"], "en")
    for texts, language, model in (
        (["refunds", "hours"], "en", "model 1"),
        (["refunds", "hours"], "zh", "model 1"),
        (["refunds", "hours"], "zh", "model 2"),
    ):
        before = len(encoder.read)
        StoredVectors(database, encoder, model)(texts, language)  # type: ignore[arg-type]
        assert encoder.read[before:] == texts


def test_a_question_is_not_stored(tmp_path: Path) -> None:
    database, encoder = open_database(f"sqlite:///{tmp_path}/kefu.db"), Encoder()
    upgrade(database)
    for _ in range(2):
        StoredVectors(database, encoder, "model 1")(["where?"], "en")
    assert encoder.read == ["where?", "where?"]
