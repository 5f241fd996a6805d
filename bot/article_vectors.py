"""The articles' vectors, kept in the database: a start need not make them again, a second for hundreds of texts."""

import base64
import hashlib
from collections.abc import Sequence

import numpy as np
from sqlalchemy import text

from bot.database import Database
from knowledge.articles.article import Language
from knowledge.articles.index import Embed, Vectors

_NAME = "article_vectors_{language}_{model}"
_READ = text("SELECT value FROM instance WHERE name = :name")
_KEEP = text(
    "INSERT INTO instance (name, value) VALUES (:name, :value) ON CONFLICT (name) DO UPDATE SET value = :value"
)
_FORGET = text("DELETE FROM instance WHERE name LIKE :like ESCAPE '!' AND name NOT IN (:name, :beside)")


class StoredVectors:
    """`embed`, remembering what it made of several texts, until they or the model change. One text is a question.

    `beside` is the version of the model that serves while this one is made ready: its vectors are kept too, in case it
    must serve again.
    """

    def __init__(self, database: Database, embed: Embed, model_version: str, beside: str = "") -> None:
        self._database = database
        self._embed = embed
        self._model_version = model_version
        self._beside = beside

    def __call__(self, texts: Sequence[str], language: Language) -> Vectors:
        if len(texts) <= 1:
            return self._embed(texts, language)
        name, mark = _NAME.format(language=language, model=self._model_version), self._mark(texts)
        found = self._read(name, mark)
        if found is None:
            # one by one: a batch pads all to the longest, and would take thrice the time and keep 90 MB
            found = np.concatenate([self._embed([one], language) for one in texts])
            self._store(name, language, f"{mark} {base64.b64encode(found.astype('<f4').tobytes()).decode()}")
        return found.reshape(len(texts), -1)

    def _store(self, name: str, language: Language, value: str) -> None:
        beside = _NAME.format(language=language, model=self._beside)
        others = f"article!_vectors!_{language}%"
        with self._database.transaction() as session:
            session.execute(_KEEP, {"name": name, "value": value})
            session.execute(_FORGET, {"like": others, "name": name, "beside": beside})

    def _read(self, name: str, mark: str) -> Vectors | None:
        with self._database.read() as connection:
            value = connection.execute(_READ, {"name": name}).scalar() or ""
        kept_mark, _, encoded = value.partition(" ")
        return np.frombuffer(base64.b64decode(encoded), dtype="<f4") if kept_mark == mark else None

    def _mark(self, texts: Sequence[str]) -> str:
        return hashlib.sha256("\0".join((self._model_version, *texts)).encode()).hexdigest()
