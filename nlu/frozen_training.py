"""Teaches a trained model new utterances, and new intents, without touching its graphs: in a minute, without torch.

    en/model.onnx, tokenizer.json    copied as they are
    en/head.npz                      learnt: what the graph says and the words themselves → intents (components/head.py)
    en/scope.npz, metadata.json      chosen on what was held out, as in a full training

The moods and the retrieval vectors stay those of the model it starts from.
"""

import shutil
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from os import cpu_count
from pathlib import Path

import numpy as np

from nlu.batching import Reading
from nlu.calibration import Floats, Ints, fit_temperature, fit_weight
from nlu.components.encoder import GRAPH_FILE, TOKENIZER_FILE, Encoder
from nlu.components.head import HEAD_FILE, Head, meaning_of
from nlu.components.normalizer import fold, for_model
from nlu.curriculum import UNKNOWN, Curriculum, Lesson
from nlu.dataset import Dataset
from nlu.errors import NluError
from nlu.held_out import HeldOut
from nlu.integrity import fingerprint
from nlu.linear import LinearReader
from nlu.metadata import LanguageFacts, Metadata, Origin, load_metadata
from nlu.ngrams import NgramReader
from nlu.pipeline import Pipeline
from nlu.selection import calibrate_model
from nlu.types import Language

Progress = Callable[[str, int, int], None]
"""Called with what is being done, how much of it is done, and how much there is."""

_BATCH = 16
_MOST_REWRITTEN = 6_000
"""From so many utterances of a language on, they are read as written alone: rewriting them would double the time."""


def train_frozen(
    dataset: Dataset,
    base: Path,
    out: Path,
    pipeline: Pipeline,
    progress: Progress,
    ngrams: Mapping[Language, int] | None = None,
) -> Metadata:
    """Writes a complete model folder to `out` on top of the model in `base`. Deterministic for the same data and base.

    `ngrams`: so many of a language's words and pairs of words are kept, the strongest; fewer make a smaller model. A
    language that is not named keeps all.

    Raises DatasetError when a language of the base has nothing to learn from, NluError when `out` is the base itself,
    and what `load_metadata` raises.
    """
    if out.resolve() == base.resolve():
        raise NluError(f"{out} is the model to start from; name another folder to write to")
    before, kept = load_metadata(base), ngrams or {}
    facts = {
        language: _teach(
            language, its, dataset, base / language, out / language, pipeline, progress, kept.get(language)
        )
        for language, its in before.languages.items()
    }
    progress("choosing the thresholds", 0, 1)
    chosen = calibrate_model(dataset, facts, out, pipeline.conversational)
    progress("choosing the thresholds", 1, 1)
    metadata = replace(
        before,
        version=fingerprint(out),
        intents=dataset.intent_names,
        conversational=tuple(sorted(pipeline.conversational & set(dataset.intent_names))),
        fallback_threshold=chosen.fallback_threshold,
        split_threshold=chosen.split_threshold,
        languages=chosen.languages,
        origin=Origin.here(dataset.sha256, pipeline.training.seed, before.version),
        figures={},
        gates={},
    )
    return metadata.save(out)


def _teach(
    language: Language,
    facts: LanguageFacts,
    dataset: Dataset,
    base: Path,
    out: Path,
    pipeline: Pipeline,
    progress: Progress,
    ngrams: int | None,
) -> LanguageFacts:
    """One language's head, and the graph it reads."""
    held_out = HeldOut.of(dataset, language)
    out.mkdir(parents=True, exist_ok=True)
    for name in (GRAPH_FILE, TOKENIZER_FILE):
        shutil.copyfile(base / name, out / name)
    (out / HEAD_FILE).unlink(missing_ok=True)
    encoder = Encoder.load(out, facts.max_tokens)
    texts, labels = _learnt(Curriculum(language, pipeline, dataset, ()))
    seen = _read(encoder, texts, lambda done, total: progress(f"reading {language}", done, total))
    progress(f"learning {language}", 0, 11)
    intents = len(dataset.intent_names)
    meaning = LinearReader.fit(meaning_of(seen.intent_logits, seen.vectors), labels, intents)
    words = NgramReader.fit(
        texts,
        labels,
        intents,
        most=ngrams,
        report=lambda done, total: progress(f"learning {language}", 1 + done, 1 + total),
    )
    held = _read(encoder, held_out.texts, lambda *_: None)
    meant = meaning.logits(meaning_of(held.intent_logits, held.vectors))
    shares = _shares(meant, words.logits(held_out.texts), held_out.intents)
    Head(meaning, words, shares).save(out / HEAD_FILE)
    return replace(facts, temperature=1.0, knots=(), promises=(), int8_agreement=None)


def _learnt(curriculum: Curriculum) -> tuple[list[str], Ints]:
    """The utterances, and while there are few each of them a second time, rewritten as strangers would type it."""
    lessons: list[Lesson] = list(curriculum.lessons)
    if len(lessons) < _MOST_REWRITTEN:
        lessons += [lesson for batch in curriculum.epoch() for lesson in batch]
    kept = {(for_model(fold(lesson.text)), lesson.intent) for lesson in lessons if lesson.intent != UNKNOWN}
    ordered = sorted(kept, key=lambda one: (len(one[0]), one))
    return [text for text, _ in ordered], np.array([intent for _, intent in ordered], dtype=np.int64)


def _read(encoder: Encoder, texts: Sequence[str], report: Callable[[int, int], None]) -> Reading:
    """All texts by the graph, on all cores."""
    batches = [texts[at : at + _BATCH] for at in range(0, len(texts), _BATCH)]
    readings = []
    with ThreadPoolExecutor(cpu_count()) as threads:
        for reading in threads.map(encoder.read, batches):
            readings.append(reading)
            report(len(readings), len(batches))
    parts = ("intent_logits", "sentiment_logits", "vectors")
    return Reading(*(np.concatenate([getattr(reading, part) for reading in readings]) for part in parts))


def _shares(meant: Floats, worded: Floats, labels: Ints) -> tuple[float, float]:
    """How loud each reader is, so that the held-out labels are likeliest; the sum needs no further temperature."""
    weight = fit_weight(meant, worded, labels)
    temperature = fit_temperature(meant + np.float32(weight) * worded, labels)
    return 1 / temperature, weight / temperature
