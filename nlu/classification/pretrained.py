"""A pretrained sentence encoder as torch sees it. Reads safetensors (and weights-only tensors) alone. Needs torch."""

import json
from dataclasses import dataclass
from pathlib import Path

import torch
from safetensors.torch import load_file
from tokenizers import Tokenizer
from torch import Tensor, nn
from transformers import AutoConfig, AutoModel

from nlu.components.encoder import load_tokenizer
from nlu.errors import EncoderNotFound
from nlu.pretrained.pooler import pooler_weights

_FILES = ("config.json", "model.safetensors", "tokenizer.json")


@dataclass(frozen=True)
class Pretrained:
    """`projection` maps the pooled state to the sentence vector: the identity, or the encoder's own pooler."""

    tokenizer: Tokenizer
    encoder: nn.Module
    projection: nn.Linear
    reads_first_token: bool
    """Whether the first token's state stands for the sentence; otherwise the mean of all tokens' states."""


def load_pretrained(folder: Path, max_tokens: int) -> Pretrained:
    """Raises EncoderNotFound when a file is missing or holds something else than the whole encoder."""
    for name in _FILES:
        if not (folder / name).is_file():
            raise EncoderNotFound(f"{folder / name} is missing; get the encoders with `kefu encoders fetch`")
    config = AutoConfig.from_pretrained(folder, local_files_only=True)
    arguments = {} if config.model_type == "electra" else {"add_pooling_layer": False}
    encoder = AutoModel.from_config(  # type: ignore[no-untyped-call]
        config, attn_implementation="eager", dtype=torch.float32, **arguments
    )
    missing, _ = encoder.load_state_dict(load_file(folder / "model.safetensors"), strict=False)
    if missing:
        raise EncoderNotFound(f"{folder} does not hold a whole {config.model_type} encoder ({missing[0]} is missing)")
    tokenizer = load_tokenizer(folder / "tokenizer.json", max_tokens)
    return Pretrained(tokenizer, encoder, _projection(folder, config.hidden_size), _reads_first_token(folder))


def _projection(folder: Path, width: int) -> nn.Linear:
    layer = nn.Linear(width, width)
    pooler = pooler_weights(folder)
    if pooler is not None:
        layer.load_state_dict(pooler)
    else:
        nn.init.eye_(layer.weight)
        nn.init.zeros_(layer.bias)
    return layer


def _reads_first_token(folder: Path) -> bool:
    """What the encoder's folder says, in the way of sentence-transformers; with a pooler of its own it does."""
    settings = folder / "1_Pooling" / "config.json"
    if settings.is_file():
        return bool(json.loads(settings.read_text("utf-8")).get("pooling_mode_cls_token", False))
    return pooler_weights(folder) is not None


def mean_state(states: Tensor, mask: Tensor) -> Tensor:
    """(batch, width): the mean over the tokens that are there."""
    present = mask.unsqueeze(-1).to(states.dtype)
    return (states * present).sum(1) / present.sum(1).clamp(min=1)
