"""Keeps the retrieval vector where pretraining put it. Needs torch.

Learning the intents bends the encoder's states. Afterwards the last layer of the vector is fitted, by least squares, to
the vectors that the pretrained encoder gave.
"""

from collections.abc import Sequence

import torch
from tokenizers import Tokenizer
from torch import Tensor

from nlu.components.encoder import token_batch
from nlu.components.normalizer import fold, for_model
from nlu.network import Network

_CHUNK = 64
_RIDGE = 1e-2


def tensors(tokenizer: Tokenizer, texts: Sequence[str]) -> tuple[Tensor, Tensor]:
    """Ids and attention mask of texts that went through `for_model`."""
    ids, mask = token_batch(tokenizer, texts)
    return torch.from_numpy(ids), torch.from_numpy(mask)


@torch.no_grad()
def vectors(tokenizer: Tokenizer, network: Network, texts: Sequence[str]) -> dict[str, Tensor]:
    """Each text's vector by the network as it is now."""
    network.eval()
    return {
        text: row
        for chunk in _chunks(texts)
        for text, row in zip(chunk, network.vectors(*_read(tokenizer, chunk)), strict=True)
    }


def stacked(rows: dict[str, Tensor], texts: Sequence[str]) -> Tensor:
    """(texts, width)"""
    return torch.stack([rows[text] for text in texts])


@torch.no_grad()
def fit_retrieval(tokenizer: Tokenizer, network: Network, teacher: dict[str, Tensor]) -> None:
    """Sets the network's retrieval layer so that its vectors come nearest to the teacher's."""
    network.eval()
    states, targets = [], []
    for chunk in _chunks(list(teacher)):
        states.append(torch.cat(network.pooled(*_read(tokenizer, chunk)), dim=-1))
        targets.append(stacked(teacher, chunk))
    inputs, wanted = torch.cat(states).double(), torch.cat(targets).double()
    inputs = torch.cat([inputs, torch.ones(len(inputs), 1, dtype=inputs.dtype)], dim=1)
    square = inputs.T @ inputs
    square += torch.eye(len(square), dtype=square.dtype) * _RIDGE * square.diagonal().mean()
    solution = torch.linalg.solve(square, inputs.T @ wanted).float()
    network.retrieval.weight.copy_(solution[:-1].T)
    network.retrieval.bias.copy_(solution[-1])


def _chunks(texts: Sequence[str]) -> list[list[str]]:
    ordered = sorted(set(texts), key=lambda text: (len(text), text))
    return [ordered[start : start + _CHUNK] for start in range(0, len(ordered), _CHUNK)]


def _read(tokenizer: Tokenizer, texts: Sequence[str]) -> tuple[Tensor, Tensor]:
    return tensors(tokenizer, [for_model(fold(text)) for text in texts])
