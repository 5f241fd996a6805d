"""Text in, Understanding out. Loads nothing but onnxruntime, tokenizers and numpy."""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from nlu.batching import Reading
from nlu.components.encoder import Encoder
from nlu.components.entities import READ_CHARACTERS, as_entities, find_spans
from nlu.components.entities.span import Span
from nlu.components.gazetteer import Gazetteer
from nlu.components.intents import OUT_OF_SCOPE, nothing_understood, out_of_scope_first, ranked
from nlu.components.language import detect
from nlu.components.normalizer import MODEL_CHARACTERS, fold, for_model
from nlu.components.readable import Readable
from nlu.components.segments import Clause, Segment, clauses, several_requests
from nlu.components.sentiment import NEUTRAL, felt
from nlu.metadata import Metadata, load_metadata
from nlu.scope import SCOPE_FILE, Scope
from nlu.types import Entity, IntentGuess, Language, Understanding

DEFAULT_MODEL = Path(__file__).with_name("models")
_EMBED_BATCH = 16
_BATCH = 64


class Interpreter:
    """Both languages' encoders and the shop's gazetteer. Thread-safe; `parse` never raises, whatever the text."""

    def __init__(
        self,
        metadata: Metadata,
        encoders: Mapping[Language, Encoder],
        scopes: Mapping[Language, Scope],
        gazetteer: Gazetteer,
        max_error_rate: float | None = None,
        readables: Mapping[Language, Readable] | None = None,
    ) -> None:
        self.metadata = metadata
        self._encoders = encoders
        self._scopes = scopes
        self._gazetteer = gazetteer
        self.max_error_rate = max_error_rate
        self._thresholds = metadata.thresholds(max_error_rate)
        self._conversational = frozenset(metadata.conversational)
        self._readables = readables or {
            language: Readable(language, encoder.words) for language, encoder in encoders.items()
        }

    @classmethod
    def load(
        cls, directory: Path = DEFAULT_MODEL, gazetteer: Gazetteer | None = None, max_error_rate: float | None = None
    ) -> "Interpreter":
        """`max_error_rate`: of the texts that are acted upon, so many may be read wrongly (see nlu/risk.py).

        Raises ModelNotFound, ModelIncompatible, ModelTampered, PromiseImpossible.
        """
        metadata = load_metadata(directory)
        encoders = {
            language: Encoder.load(directory / language, facts.max_tokens)
            for language, facts in metadata.languages.items()
        }
        files = {language: directory / language / SCOPE_FILE for language in metadata.languages}
        scopes = {language: Scope.load(file) for language, file in files.items() if file.is_file()}
        return cls(metadata, encoders, scopes, gazetteer or Gazetteer(), max_error_rate)

    def with_gazetteer(self, gazetteer: Gazetteer) -> "Interpreter":
        """The same model over another catalogue; the encoders are shared, not loaded again."""
        return Interpreter(self.metadata, self._encoders, self._scopes, gazetteer, self.max_error_rate, self._readables)

    @property
    def fallback_threshold(self) -> float:
        """What weighs right acts against wrong ones, both languages together."""
        return self.metadata.fallback_threshold

    @property
    def scope_thresholds(self) -> dict[Language, float]:
        """The out-of-scope scores from which a model without such an intent takes a text for out of scope."""
        return {language: scope.threshold for language, scope in self._scopes.items()}

    def threshold(self, language: Language) -> float:
        """The confidence below which the dialogue should ask back."""
        return self._thresholds[language]

    def parse(self, text: str, now: datetime | None = None, hint: Language | None = None) -> Understanding:
        """What `text` means. `now` anchors "yesterday"; `hint` is the conversation's language so far, which decides for
        texts that show none ("#W2378156", "ok")."""
        text = text.encode("utf-8", "replace").decode("utf-8")
        folded = fold(text[:READ_CHARACTERS])
        spans = find_spans(folded, self._gazetteer, (now or datetime.now(UTC)).date())
        language = detect(folded, [(span.start, span.end) for span in spans if span.name == "product"], hint)
        if not any(character.isalnum() for character in folded):
            return self._not_understood(text, language)
        return self._understood(text, folded, spans, language)

    def embed(self, texts: Sequence[str], language: Language) -> NDArray[np.float32]:
        """(n, d) unit rows in the space that `Understanding.embedding` of that language lives in."""
        encoder = self._encoders[language]
        read = [for_model(fold(text)) for text in texts]
        batches = [encoder.read(read[at : at + _EMBED_BATCH]).vectors for at in range(0, len(read), _EMBED_BATCH)]
        empty = np.zeros((0, self.metadata.languages[language].dimension), dtype=np.float32)
        return np.concatenate(batches) if batches else empty

    def guesses(self, texts: Sequence[str], language: Language) -> list[tuple[IntentGuess, ...]]:
        """All intents of each text, as `parse` would rank them in this language; many texts share a forward pass."""
        readable = self._readables[language]
        read = [readable(fold(text)) for text in texts]
        return [
            self._intents(language, logits, self._out_of_scope_score(language, reading, row))
            for reading in (self._encoders[language].read(read[at : at + _BATCH]) for at in range(0, len(read), _BATCH))
            for row, logits in enumerate(reading.intent_logits)
        ]

    def _not_understood(self, text: str, language: Language) -> Understanding:
        intents = nothing_understood(self.metadata.intents)
        return Understanding(
            text,
            language,
            intents,
            NEUTRAL,
            (),
            model_version=self.metadata.version,
            out_of_scope_score=1.0,
            threshold=self._thresholds[language],
        )

    def _understood(self, text: str, folded: str, spans: list[Span], language: Language) -> Understanding:
        """One forward pass over the text and, where it has several, its clauses."""
        parts = clauses(folded[:MODEL_CHARACTERS])
        parts = parts if len(parts) > 1 else []
        pieces = [folded, *(folded[part.start : part.end] for part in parts)]
        reading = self._encoders[language].read([self._readables[language](piece) for piece in pieces])
        found = self._requests(folded, parts, reading, language) if parts else []
        segments = tuple(self._segment(text, spans, language, reading, segment) for segment in found)
        return self._row(text, language, reading, 0, as_entities(spans, text), segments)

    def _requests(self, folded: str, parts: list[Clause], reading: Reading, language: Language) -> list[Segment]:
        calibration = self.metadata.languages[language].calibration
        best = [ranked(row, self.metadata.intents, calibration)[0] for row in reading.intent_logits]
        return several_requests(folded, parts, best[1:], best[0], self._conversational, self.metadata.split_threshold)

    def _segment(
        self, text: str, spans: list[Span], language: Language, reading: Reading, segment: Segment
    ) -> Understanding:
        end = segment.end if segment.end < MODEL_CHARACTERS else len(text)
        entities = as_entities(spans, text, segment.start, end)
        return self._row(text[segment.start : end], language, reading, segment.clause + 1, entities, ())

    def _row(
        self,
        text: str,
        language: Language,
        reading: Reading,
        row: int,
        entities: tuple[Entity, ...],
        segments: tuple[Understanding, ...],
    ) -> Understanding:
        facts = self.metadata.languages[language]
        score = self._out_of_scope_score(language, reading, row)
        return Understanding(
            text=text,
            language=language,
            intents=self._intents(language, reading.intent_logits[row], score),
            sentiment=felt(
                reading.sentiment_logits[row], self.metadata.sentiments, facts.sentiment_temperature, facts.neutral_lean
            ),
            entities=entities,
            embedding=tuple(reading.vectors[row].tolist()),
            segments=segments,
            model_version=self.metadata.version,
            out_of_scope_score=score,
            threshold=self._thresholds[language],
        )

    def _intents(self, language: Language, logits: NDArray[np.float32], score: float | None) -> tuple[IntentGuess, ...]:
        names = self.metadata.intents
        guesses = ranked(logits, names, self.metadata.languages[language].calibration)
        if score is None or OUT_OF_SCOPE in names or score < self._scopes[language].threshold:
            return guesses
        return out_of_scope_first(guesses, score)

    def _out_of_scope_score(self, language: Language, reading: Reading, row: int) -> float | None:
        scope = self._scopes.get(language)
        if scope is None:
            return None
        here = slice(row, row + 1)
        return float(scope.score(reading.intent_logits[here], reading.vectors[here])[0])
