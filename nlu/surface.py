"""Teaches the linear reader of tokens and pairs, by itself and in seconds. Needs torch."""

from collections.abc import Sequence

import torch
from tokenizers import Tokenizer
from torch import Tensor, nn

from nlu.components.encoder import token_batch
from nlu.components.normalizer import fold, for_model
from nlu.curriculum import Lesson
from nlu.network import Pairs

_STEPS = 60
_LEARNING_RATE = 0.5
_DECAY = 3e-6
_CHUNK = 512


def teach_pairs(tokenizer: Tokenizer, pairs: Pairs, lessons: Sequence[Lesson]) -> None:
    """Fits the weights to all lessons at once. Rarity is the logarithm of how seldom a piece is met (IDF)."""
    rows, columns = _found(tokenizer, pairs, lessons)
    met = torch.ones(pairs.weights.num_embeddings).scatter_add_(0, columns, torch.ones(len(columns)))
    pairs.rarity.weight.data.copy_((len(lessons) / met).clamp(min=1.1).log().unsqueeze(1))
    rarity = pairs.rarity.weight.data.squeeze(1)[columns]
    lengths = torch.zeros(len(lessons)).scatter_add_(0, rows, rarity.square()).sqrt()
    features = torch.sparse_coo_tensor(
        torch.stack([rows, columns]), rarity / lengths[rows], (len(lessons), pairs.weights.num_embeddings)
    ).coalesce()
    _fit(pairs.weights, features, torch.tensor([lesson.intent for lesson in lessons]))


def _found(tokenizer: Tokenizer, pairs: Pairs, lessons: Sequence[Lesson]) -> tuple[Tensor, Tensor]:
    """(lesson, bucket) of every piece."""
    rows, columns = [], []
    for start in range(0, len(lessons), _CHUNK):
        texts = [for_model(fold(lesson.text)) for lesson in lessons[start : start + _CHUNK]]
        ids, mask = token_batch(tokenizer, texts)
        buckets, present = pairs.buckets(torch.from_numpy(ids), torch.from_numpy(mask))
        there = present.bool()
        rows.append(there.nonzero()[:, 0] + start)
        columns.append(buckets[there])
    return torch.cat(rows), torch.cat(columns)


def _fit(layer: nn.Embedding, features: Tensor, intents: Tensor) -> None:
    weights = layer.weight
    optimizer = torch.optim.Adam([weights], lr=_LEARNING_RATE)
    for step in range(_STEPS):
        optimizer.param_groups[0]["lr"] = _LEARNING_RATE * (1 - step / _STEPS)
        logits = torch.sparse.mm(features, weights)
        loss = nn.functional.cross_entropy(logits, intents) + _DECAY * weights.square().sum()
        optimizer.zero_grad()
        loss.backward()  # type: ignore[no-untyped-call]
        optimizer.step()
    weights.grad = None  # what follows must not count it
    weights.requires_grad_(False)
