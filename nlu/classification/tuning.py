"""Tunes a pretrained encoder to name labels. Needs torch."""

import random
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import numpy as np
import torch
from tokenizers import Tokenizer
from torch import Tensor, nn

from nlu.calibration import Floats, Ints
from nlu.classification.network import ClassifierNetwork
from nlu.classification.pretrained import load_pretrained
from nlu.classification.recipe import Recipe
from nlu.components.encoder import token_batch
from nlu.components.normalizer import fold, for_model

Progress = Callable[[str, int, int], None]
"""Called with what is being done, how much of it is done, and how much there is."""

_READ_BATCH = 128
_BUCKET = 16
_CENTROID_SCALE = 10.0
_CONTRAST_TEMPERATURE = 0.1
_LENGTH_SHARE = 99.0


class TunedReader:
    """A tuned network with its tokenizer. Not thread-safe; what serves is the graph made from it."""

    def __init__(self, tokenizer: Tokenizer, network: ClassifierNetwork, max_tokens: int) -> None:
        self.tokenizer = tokenizer
        self.network = network
        self.max_tokens = max_tokens

    @torch.inference_mode()
    def read(self, texts: Sequence[str]) -> tuple[Floats, Floats]:
        """(n, labels) logits and (n, width) unit vectors."""
        self.network.eval()
        order = sorted(range(len(texts)), key=lambda row: len(texts[row]))
        logits, vectors = [], []
        for start in range(0, len(order), _READ_BATCH):
            batch = _tensors(self.tokenizer, [texts[row] for row in order[start : start + _READ_BATCH]])
            with _half_precision():
                named, placed = self.network(*batch)
            logits.append(named.float().numpy())
            vectors.append(placed.float().numpy())
        back = np.argsort(np.array(order, dtype=np.int64))
        return np.concatenate(logits)[back], np.concatenate(vectors)[back]


def tune(
    folder: Path, texts: Sequence[str], labels: Ints, count: int, recipe: Recipe, progress: Progress
) -> TunedReader:
    """Starts from the encoder in `folder`; `labels` are 0 to `count` - 1. The same data, recipe and library versions
    give the same network. Raises EncoderNotFound."""
    torch.manual_seed(recipe.seed)
    pretrained = load_pretrained(folder, recipe.most_tokens)
    max_tokens = _longest(pretrained.tokenizer, texts, recipe.most_tokens)
    pretrained.tokenizer.enable_truncation(max_tokens)
    reader = TunedReader(pretrained.tokenizer, ClassifierNetwork(pretrained, count), max_tokens)
    targets = torch.from_numpy(labels)
    reader.network.start_from(torch.from_numpy(reader.read(texts)[1]), targets, _CENTROID_SCALE)
    _run(reader, texts, targets, recipe, progress)
    return reader


def _run(reader: TunedReader, texts: Sequence[str], targets: Tensor, recipe: Recipe, progress: Progress) -> None:
    network = reader.network
    rates = network.rate_groups(recipe.learning_rate, recipe.layer_decay, recipe.head_learning_rate)
    optimizer = torch.optim.AdamW(rates, weight_decay=0.01, fused=True)
    batches = list(_batches(texts, targets.tolist(), recipe))
    schedule = torch.optim.lr_scheduler.LambdaLR(optimizer, _slope(len(batches), recipe.warmup))
    network.train()
    for step, rows in enumerate(batches, start=1):
        with _half_precision():
            logits, vectors = network(*_tensors(reader.tokenizer, [texts[row] for row in rows]))
        loss = nn.functional.cross_entropy(logits.float(), targets[rows], label_smoothing=recipe.label_smoothing)
        if recipe.contrast_weight:
            loss = loss + recipe.contrast_weight * contrast(vectors.float(), targets[rows])
        optimizer.zero_grad()
        loss.backward()  # type: ignore[no-untyped-call]
        nn.utils.clip_grad_norm_(network.parameters(), 1.0)
        optimizer.step()
        schedule.step()
        progress("tuning the encoder", step, len(batches))
    network.eval()


def contrast(vectors: Tensor, labels: Tensor) -> Tensor:
    """How far texts of one label are from each other, against the rest of the batch (Khosla et al. 2020)."""
    itself = torch.eye(len(labels), dtype=torch.bool)
    alike = ((vectors @ vectors.T) / _CONTRAST_TEMPERATURE).masked_fill(itself, -1e9).log_softmax(1)
    same = (labels[:, None] == labels[None]) & ~itself
    counts = same.sum(1)
    has_partner = counts > 0
    if not has_partner.any():
        return vectors.sum() * 0.0
    return -((alike * same).sum(1)[has_partner] / counts[has_partner]).mean()


def _batches(texts: Sequence[str], labels: Sequence[int], recipe: Recipe) -> Iterator[list[int]]:
    """Every text once an epoch, in batches of like length so that little is padding; where texts of one label are to be
    drawn together, two of them at a time."""
    source = random.Random(recipe.seed)
    size = recipe.batch_size
    for _ in range(recipe.epochs):
        units = _pairs(labels, source) if recipe.contrast_weight else [[row] for row in range(len(texts))]
        source.shuffle(units)
        batches = []
        for start in range(0, len(units), size * _BUCKET // 2):
            bucket = sorted(
                units[start : start + size * _BUCKET // 2], key=lambda rows: max(len(texts[r]) for r in rows)
            )
            rows = [row for unit in bucket for row in unit]
            batches += [rows[at : at + size] for at in range(0, len(rows), size)]
        source.shuffle(batches)
        yield from batches


def _pairs(labels: Sequence[int], source: random.Random) -> list[list[int]]:
    """Every row once, two of one label together; the last of an odd number stays alone."""
    by_label: dict[int, list[int]] = defaultdict(list)
    for row, label in enumerate(labels):
        by_label[label].append(row)
    shuffled = [source.sample(rows, len(rows)) for rows in by_label.values()]
    return [rows[at : at + 2] for rows in shuffled for at in range(0, len(rows), 2)]


def _slope(steps: int, warmup: float) -> Callable[[int], float]:
    first = max(1, int(steps * warmup))
    return lambda step: (step + 1) / first if step < first else max(0.0, (steps - step) / max(1, steps - first))


def _longest(tokenizer: Tokenizer, texts: Sequence[str], most: int) -> int:
    """How many tokens nearly all texts have: longer ones are cut there."""
    lengths = [sum(one.attention_mask) for one in tokenizer.encode_batch([for_model(fold(text)) for text in texts])]
    return int(min(max(np.percentile(lengths, _LENGTH_SHARE) + 2, 16), most))


def _tensors(tokenizer: Tokenizer, texts: Sequence[str]) -> tuple[Tensor, Tensor]:
    ids, mask = token_batch(tokenizer, [for_model(fold(text)) for text in texts])
    return torch.from_numpy(ids), torch.from_numpy(mask)


def _half_precision() -> torch.autocast:
    """Where the processor has it, half the time for the same result."""
    has_it = bool(torch.ops.mkldnn._is_mkldnn_bf16_supported())
    return torch.autocast("cpu", dtype=torch.bfloat16, enabled=has_it)
