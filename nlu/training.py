"""Teaches both encoders the intents and moods, jointly, without letting the retrieval vector drift. Needs torch.

`train` writes a complete model folder:

    models/
      metadata.json            intents, temperatures, thresholds, figures
      en/model.onnx            int8 graph: intent logits, sentiment logits, retrieval vector
      en/tokenizer.json
      zh/…
"""

import hashlib
import random
import tempfile
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from tokenizers import Tokenizer
from torch import Tensor, nn

from nlu.augmentation import augment, gibberish, mix_into_chinese
from nlu.calibration import fit_temperature
from nlu.components.encoder import Encoder, token_batch
from nlu.components.normalizer import fold, for_model
from nlu.dataset import SENTIMENTS, Dataset, Example
from nlu.export import export_float, quantise
from nlu.metadata import LanguageFacts, Metadata
from nlu.network import Network, load_pretrained
from nlu.pipeline import EncoderSettings, Pipeline, TrainingSettings
from nlu.selection import choose_thresholds
from nlu.types import Language

OUT_OF_SCOPE = "out_of_scope"
_IGNORE = -100
Progress = Callable[[Language, int, int, float], None]
"""Called after every step with language, step, steps in all, loss."""


@dataclass(frozen=True)
class Lesson:
    """One row of a batch: a text and what is known about it."""

    text: str
    intent: int = _IGNORE
    sentiment: int = _IGNORE
    language: Language = "en"


def train(
    dataset: Dataset,
    texts: Sequence[tuple[Language, str]],
    encoders: Path,
    out: Path,
    pipeline: Pipeline,
    progress: Progress,
) -> Metadata:
    """Trains every language and writes the model to `out`. `texts` are unlabelled: what articles will be retrieved
    from, so that their vectors stay the pretrained ones. Raises EncoderNotFound, DatasetError."""
    facts: dict[Language, LanguageFacts] = {}
    for language, settings in pipeline.languages.items():
        school = School(language, settings, pipeline, dataset, [text for its, text in texts if its == language])
        facts[language] = school.teach(encoders / settings.encoder, out / language, progress)
    fallback, split = choose_thresholds(dataset, facts, out, pipeline.conversational)
    metadata = Metadata(
        version=_version(out, pipeline),
        intents=dataset.intent_names,
        sentiments=SENTIMENTS,
        conversational=tuple(sorted(pipeline.conversational & set(dataset.intent_names))),
        fallback_threshold=fallback,
        split_threshold=split,
        languages=facts,
    )
    metadata.save(out)
    return metadata


class School:
    """One language's training run."""

    def __init__(
        self, language: Language, settings: EncoderSettings, pipeline: Pipeline, dataset: Dataset, texts: Sequence[str]
    ) -> None:
        self._language: Language = language
        self._settings = settings
        self._shared: TrainingSettings = pipeline.training
        self._intents = dataset.intent_names
        self._random = random.Random(f"{pipeline.training.seed}{language}")
        self._lessons = list(_lessons(dataset, language, pipeline, self._intents))
        self._texts = [Lesson(text, language=language) for text in texts]
        self._held_out = [e for e in dataset.intents if e.is_held_out and e.language == language]
        english = [x for x in _lessons(dataset, "en", pipeline, self._intents) if x.intent != _IGNORE]
        self._to_mix = english if language == "zh" else []

    def teach(self, pretrained: Path, out: Path, progress: Progress) -> LanguageFacts:
        """Trains, exports to `out` and measures the temperature on what was held out."""
        torch.manual_seed(self._shared.seed)
        tokenizer, network = load_pretrained(
            pretrained, self._settings.pooling, self._settings.max_tokens, len(self._intents), len(SENTIMENTS)
        )
        teacher = self._pretrained_vectors(tokenizer, network.eval())
        self._run(tokenizer, network, teacher, progress)
        _export(tokenizer, network, out)
        temperature = self._temperature(Encoder.load(out, self._settings.max_tokens))
        return LanguageFacts(
            self._settings.encoder, self._settings.max_tokens, temperature, network.projection.out_features
        )

    def _run(self, tokenizer: Tokenizer, network: Network, teacher: dict[str, Tensor], progress: Progress) -> None:
        heads = [*network.intents.parameters(), *network.sentiments.parameters()]
        body = [*network.encoder.parameters(), *network.projection.parameters()]
        rates = [self._settings.learning_rate, self._shared.head_learning_rate]
        optimizer = torch.optim.AdamW([{"params": body}, {"params": heads}], lr=rates[0], weight_decay=0.01)
        optimizer.param_groups[1]["lr"] = rates[1]
        batches = [list(self._batches()) for _ in range(self._settings.epochs)]
        steps = sum(len(epoch) for epoch in batches)
        schedule = torch.optim.lr_scheduler.OneCycleLR(
            optimizer,
            max_lr=rates,
            total_steps=steps + 1,
            pct_start=0.1,
            anneal_strategy="linear",
            cycle_momentum=False,
        )
        network.train()
        for step, batch in enumerate((batch for epoch in batches for batch in epoch), start=1):
            loss = self._loss(tokenizer, network, teacher, batch)
            optimizer.zero_grad()
            loss.backward()  # type: ignore[no-untyped-call]
            nn.utils.clip_grad_norm_(network.parameters(), 1.0)
            optimizer.step()
            schedule.step()
            progress(self._language, step, steps, float(loss.detach()))

    def _loss(self, tokenizer: Tokenizer, network: Network, teacher: dict[str, Tensor], batch: list[Lesson]) -> Tensor:
        ids, mask = token_batch(tokenizer, [for_model(fold(lesson.text)) for lesson in batch])
        intent_logits, sentiment_logits, vectors = network(torch.from_numpy(ids), torch.from_numpy(mask))
        loss = vectors.sum() * 0.0
        intents = torch.tensor([lesson.intent for lesson in batch])
        if (intents != _IGNORE).any():
            smoothing = self._shared.label_smoothing
            loss = loss + nn.functional.cross_entropy(
                intent_logits, intents, ignore_index=_IGNORE, label_smoothing=smoothing
            )
        moods = torch.tensor([lesson.sentiment for lesson in batch])
        if (moods != _IGNORE).any():
            sentiment_loss = nn.functional.cross_entropy(sentiment_logits, moods, ignore_index=_IGNORE)
            loss = loss + self._shared.sentiment_weight * sentiment_loss
        known = [row for row, lesson in enumerate(batch) if lesson.text in teacher]
        if known:
            targets = torch.stack([teacher[batch[row].text] for row in known])
            drift = 1 - (vectors[known] * targets).sum(-1).mean()
            loss = loss + self._shared.distillation_weight * drift
        return loss

    def _batches(self) -> Iterator[list[Lesson]]:
        """One epoch: every lesson once, as written or rewritten, batched by length so that little is padding."""
        rows = [self._seen(lesson) for lesson in self._lessons] + self._texts + self._noise()
        if self._to_mix:
            mixed = self._random.sample(self._to_mix, len(self._to_mix) // 8)
            rows += [Lesson(mix_into_chinese(x.text, self._random), x.intent, x.sentiment, "zh") for x in mixed]
        self._random.shuffle(rows)
        size = self._shared.batch_size
        for start in range(0, len(rows), size * 8):
            bucket = sorted(rows[start : start + size * 8], key=lambda lesson: len(lesson.text))
            yield from (bucket[at : at + size] for at in range(0, len(bucket), size))

    def _seen(self, lesson: Lesson) -> Lesson:
        if self._random.random() < self._shared.plain_share:
            return lesson
        return Lesson(augment(lesson.text, self._language, self._random), lesson.intent, lesson.sentiment)

    def _noise(self) -> list[Lesson]:
        if OUT_OF_SCOPE not in self._intents:
            return []
        label = self._intents.index(OUT_OF_SCOPE)
        return [Lesson(gibberish(self._language, self._random), label) for _ in range(12)]

    def _pretrained_vectors(self, tokenizer: Tokenizer, network: Network) -> dict[str, Tensor]:
        texts = sorted({lesson.text for lesson in [*self._lessons, *self._texts]}, key=len)
        vectors: dict[str, Tensor] = {}
        for start in range(0, len(texts), 64):
            chunk = texts[start : start + 64]
            ids, mask = token_batch(tokenizer, [for_model(fold(text)) for text in chunk])
            rows = network.vectors(torch.from_numpy(ids), torch.from_numpy(mask))
            vectors |= dict(zip(chunk, rows, strict=True))
        return vectors

    def _temperature(self, encoder: Encoder) -> float:
        logits = np.concatenate([encoder.read([for_model(fold(e.text))]).intent_logits for e in self._held_out])
        labels = np.array([self._intents.index(e.label) for e in self._held_out])
        return fit_temperature(logits, labels)


def _lessons(dataset: Dataset, language: Language, pipeline: Pipeline, intents: Sequence[str]) -> Iterator[Lesson]:
    for example in _to_learn(dataset.intents, language):
        mood = pipeline.moods.get(example.label, _IGNORE if dataset.sentiments else "neutral")
        sentiment = SENTIMENTS.index(mood) if mood in SENTIMENTS else _IGNORE
        yield Lesson(example.text, intents.index(example.label), sentiment, language)
    for example in _to_learn(dataset.sentiments, language):
        yield Lesson(example.text, sentiment=SENTIMENTS.index(example.label), language=language)


def _to_learn(examples: Sequence[Example], language: Language) -> Iterator[Example]:
    return (example for example in examples if example.language == language and not example.is_held_out)


def _export(tokenizer: Tokenizer, network: Network, out: Path) -> None:
    out.mkdir(parents=True, exist_ok=True)
    tokenizer.no_padding()
    tokenizer.no_truncation()
    tokenizer.save(str(out / "tokenizer.json"), pretty=False)
    with tempfile.TemporaryDirectory() as folder:
        graph = Path(folder) / "float.onnx"
        export_float(network, graph)
        quantise(graph, out / "model.onnx")


def _version(out: Path, pipeline: Pipeline) -> str:
    digest = hashlib.sha256()
    for language in pipeline.languages:
        digest.update((out / language / "model.onnx").read_bytes())
    return digest.hexdigest()[:12]
