"""Teaches both encoders the intents and moods, jointly, without letting the retrieval vector drift. Needs torch.

`train` writes a complete model folder:

    models/
      metadata.json            intents, temperatures, thresholds, figures
      en/model.onnx            int8 graph: intent logits, sentiment logits, retrieval vector
      en/tokenizer.json
      zh/…
"""

from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np
import torch
from tokenizers import Tokenizer
from torch import Tensor, nn

from nlu.calibration import Floats, fit_lean, fit_temperature, fit_weight, leaned
from nlu.components.encoder import Encoder
from nlu.components.normalizer import fold, for_model
from nlu.curriculum import UNKNOWN, Curriculum, Lesson
from nlu.dataset import SENTIMENTS, Dataset
from nlu.export import save_graph
from nlu.held_out import HeldOut
from nlu.integrity import fingerprint
from nlu.metadata import LanguageFacts, Metadata, Origin
from nlu.network import Network, load_pretrained
from nlu.pipeline import EncoderSettings, Pipeline
from nlu.retrieval import fit_retrieval, stacked, tensors, vectors
from nlu.selection import calibrate_model
from nlu.surface import teach_pairs
from nlu.types import Language

Progress = Callable[[Language, int, int, float], None]
"""Called after every step with language, step, steps in all, loss."""


def train(
    dataset: Dataset,
    texts: Sequence[tuple[Language, str]],
    encoders: Path,
    out: Path,
    pipeline: Pipeline,
    progress: Progress,
) -> Metadata:
    """Trains every language and writes the model to `out`. `texts` are unlabelled: what articles will be retrieved
    from, so that their vectors stay the pretrained ones. Raises EncoderNotFound, DatasetError, ModelRefused."""
    facts: dict[Language, LanguageFacts] = {}
    for language, settings in pipeline.languages.items():
        curriculum = Curriculum(language, pipeline, dataset, [text for its, text in texts if its == language])
        run = Run(language, settings, pipeline, dataset, curriculum)
        facts[language] = run.teach(encoders / settings.encoder, out / language, progress)
    chosen = calibrate_model(dataset, facts, out, pipeline.conversational)
    metadata = Metadata(
        version=fingerprint(out),
        intents=dataset.intent_names,
        sentiments=SENTIMENTS,
        conversational=tuple(sorted(pipeline.conversational & set(dataset.intent_names))),
        fallback_threshold=chosen.fallback_threshold,
        split_threshold=chosen.split_threshold,
        languages=chosen.languages,
        origin=Origin.here(dataset.sha256, pipeline.training.seed),
    )
    return metadata.save(out)


class Run:
    """One language's training run."""

    def __init__(
        self,
        language: Language,
        settings: EncoderSettings,
        pipeline: Pipeline,
        dataset: Dataset,
        curriculum: Curriculum,
    ) -> None:
        self._language: Language = language
        self._settings = settings
        self._shared = pipeline.training
        self._intents = dataset.intent_names
        self._curriculum = curriculum
        self._held_out = HeldOut.of(dataset, language)

    def teach(self, pretrained: Path, out: Path, progress: Progress) -> LanguageFacts:
        """Trains, exports to `out` and measures the graph on what was held out."""
        torch.manual_seed(self._shared.seed)
        tokenizer, network = load_pretrained(
            pretrained, self._settings.pooling, self._settings.max_tokens, len(self._intents), len(SENTIMENTS)
        )
        held_out = self._held_out
        before = stacked(vectors(tokenizer, network, held_out.texts), held_out.texts)
        teacher = vectors(tokenizer, network, [x.text for x in [*self._curriculum.lessons, *self._curriculum.texts]])
        network.start_from(self._centroids(teacher))
        teach_pairs(tokenizer, network.pairs, self._curriculum.surface())
        self._run(tokenizer, network, teacher, progress)
        fit_retrieval(tokenizer, network, teacher)
        with torch.no_grad():
            network.pairs_weight.fill_(self._pairs_weight(tokenizer, network))
            named = network(*tensors(tokenizer, held_out.texts))[0].numpy()
        save_graph(tokenizer, network, out, held_out, self._settings.max_tokens)
        return self._measured(Encoder.load(out, self._settings.max_tokens), named, before.numpy())

    def _run(self, tokenizer: Tokenizer, network: Network, teacher: dict[str, Tensor], progress: Progress) -> None:
        batches = [batch for _ in range(self._settings.epochs) for batch in self._curriculum.epoch()]
        optimizer, schedule = self._optimizer(network, len(batches))
        network.train()
        for step, batch in enumerate(batches, start=1):
            with torch.autocast("cpu", dtype=torch.bfloat16, enabled=_has_fast_bfloat16()):
                loss = self._loss(tokenizer, network, teacher, batch)
            optimizer.zero_grad()
            loss.backward()  # type: ignore[no-untyped-call]
            nn.utils.clip_grad_norm_(network.parameters(), 1.0)
            optimizer.step()
            schedule.step()
            progress(self._language, step, len(batches), float(loss.detach()))
        network.eval()

    def _optimizer(
        self, network: Network, steps: int
    ) -> tuple[torch.optim.Optimizer, torch.optim.lr_scheduler.LRScheduler]:
        for parameter in network.encoder.embeddings.parameters():
            parameter.requires_grad_(self._settings.tune_embeddings)
        rates = [self._settings.learning_rate, self._settings.head_learning_rate]
        groups = [{"params": network.body()}, {"params": network.heads()}]
        optimizer = torch.optim.AdamW(groups, lr=rates[0], weight_decay=0.01)
        schedule = torch.optim.lr_scheduler.OneCycleLR(
            optimizer,
            max_lr=rates,
            total_steps=steps + 1,
            pct_start=0.1,
            anneal_strategy="linear",
            cycle_momentum=False,
        )
        return optimizer, schedule

    def _loss(self, tokenizer: Tokenizer, network: Network, teacher: dict[str, Tensor], batch: list[Lesson]) -> Tensor:
        outputs = network(*tensors(tokenizer, [for_model(fold(lesson.text)) for lesson in batch]))
        intent_logits, sentiment_logits, vectors = (output.float() for output in outputs)
        loss: Tensor = vectors.sum() * 0.0
        intents = torch.tensor([lesson.intent for lesson in batch])
        smoothing = self._shared.label_smoothing
        if (intents != UNKNOWN).any():
            loss = loss + nn.functional.cross_entropy(
                intent_logits, intents, ignore_index=UNKNOWN, label_smoothing=smoothing
            )
        moods = torch.tensor([lesson.sentiment for lesson in batch])
        if (moods != UNKNOWN).any():
            weights = torch.tensor([lesson.sentiment_weight for lesson in batch])
            losses = nn.functional.cross_entropy(
                sentiment_logits, moods, ignore_index=UNKNOWN, label_smoothing=smoothing, reduction="none"
            )
            loss = loss + self._shared.sentiment_weight * (losses * weights).mean()
        known = [row for row, lesson in enumerate(batch) if lesson.text in teacher]
        if known:
            targets = torch.stack([teacher[batch[row].text] for row in known])
            drift = 1 - (vectors[known] * targets).sum(-1).mean()
            loss = loss + self._shared.distillation_weight * drift
        return loss

    def _centroids(self, teacher: dict[str, Tensor]) -> Tensor:
        """(intents, width): the mean pretrained vector of each intent's utterances."""
        width = next(iter(teacher.values())).numel()
        sums, counts = torch.zeros(len(self._intents), width), torch.zeros(len(self._intents), 1)
        for lesson in self._curriculum.lessons:
            if lesson.intent != UNKNOWN:
                sums[lesson.intent] += teacher[lesson.text]
                counts[lesson.intent] += 1
        return sums / counts.clamp(min=1)

    def _pairs_weight(self, tokenizer: Tokenizer, network: Network) -> float:
        """How much say the words themselves have beside the encoder."""
        batch = tensors(tokenizer, self._held_out.texts)
        encoder_logits, _, _ = network(*batch)
        return fit_weight(encoder_logits.numpy(), network.pairs(*batch).numpy(), self._held_out.intents)

    def _measured(self, encoder: Encoder, named: Floats, before: Floats) -> LanguageFacts:
        readings = [encoder.read([text]) for text in self._held_out.texts]
        logits = np.concatenate([reading.intent_logits for reading in readings])
        vectors = np.concatenate([reading.vectors for reading in readings])
        temperature, lean = self._mood_calibration(encoder)
        return LanguageFacts(
            encoder=self._settings.encoder,
            max_tokens=self._settings.max_tokens,
            temperature=1.0,  # until calibrate_model
            dimension=vectors.shape[1],
            sentiment_temperature=temperature,
            neutral_lean=lean,
            int8_agreement=round(float((logits.argmax(1) == named.argmax(1)).mean()), 4),
            retrieval_cosine=round(float((vectors * before).sum(1).mean()), 4),
        )

    def _mood_calibration(self, encoder: Encoder) -> tuple[float, float]:
        """(temperature, how much too neutral)"""
        if not self._held_out.mood_texts:
            return 1.0, 0.0
        logits = np.concatenate([encoder.read([text]).sentiment_logits for text in self._held_out.mood_texts])
        neutral = SENTIMENTS.index("neutral")
        lean = fit_lean(logits, self._held_out.moods, neutral)
        return fit_temperature(leaned(logits, neutral, lean), self._held_out.moods), lean


def _has_fast_bfloat16() -> bool:
    """Where the processor has it, half the time for the same result."""
    return bool(torch.ops.mkldnn._is_mkldnn_bf16_supported())
