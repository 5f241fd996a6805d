"""The network as torch sees it, for training and export only: one encoder, three outputs."""

import json
from pathlib import Path
from typing import Literal, cast

import torch
from safetensors.torch import load_file
from tokenizers import Tokenizer
from torch import Tensor, nn
from transformers import BertConfig, BertModel, ElectraConfig, ElectraModel

from nlu.components.encoder import load_tokenizer
from nlu.errors import EncoderNotFound

_KINDS = {"bert": (BertConfig, BertModel), "electra": (ElectraConfig, ElectraModel)}


class Network(nn.Module):
    """Tokens in; intent logits, sentiment logits and the unit retrieval vector out, from one pass of the encoder."""

    def __init__(self, encoder: nn.Module, pooling: str, projection: nn.Linear, intents: int, sentiments: int) -> None:
        super().__init__()
        width = projection.in_features
        self.encoder = encoder
        self.pooling = pooling
        self.projection = projection
        self.dropout = nn.Dropout(0.1)
        self.intents = nn.Sequential(nn.Linear(width, width), nn.GELU(), nn.Dropout(0.1), nn.Linear(width, intents))
        self.sentiments = nn.Sequential(nn.Linear(width, 64), nn.GELU(), nn.Dropout(0.1), nn.Linear(64, sentiments))

    def forward(self, input_ids: Tensor, attention_mask: Tensor) -> tuple[Tensor, Tensor, Tensor]:
        pooled = self.pooled(input_ids, attention_mask)
        features = self.dropout(pooled)
        vector = nn.functional.normalize(self.projection(pooled), dim=-1)
        return self.intents(features), self.sentiments(features), vector

    def pooled(self, input_ids: Tensor, attention_mask: Tensor) -> Tensor:
        states = self.encoder(input_ids=input_ids, attention_mask=attention_mask).last_hidden_state
        if self.pooling == "pooler":
            return cast(Tensor, states[:, 0])
        mask = attention_mask.unsqueeze(-1).to(states.dtype)
        return cast(Tensor, (states * mask).sum(1) / mask.sum(1).clamp(min=1))

    @torch.no_grad()
    def vectors(self, input_ids: Tensor, attention_mask: Tensor) -> Tensor:
        return nn.functional.normalize(self.projection(self.pooled(input_ids, attention_mask)), dim=-1)


def load_pretrained(
    folder: Path, pooling: Literal["mean", "pooler"], max_tokens: int, intents: int, sentiments: int
) -> tuple[Tokenizer, Network]:
    """A network with the pretrained encoder and fresh heads. Reads safetensors (and weights-only tensors) alone."""
    for name in ("config.json", "model.safetensors", "tokenizer.json"):
        if not (folder / name).is_file():
            raise EncoderNotFound(
                f"{folder / name} is missing; docs/adding-an-intent.md says where the encoders come from"
            )
    config = json.loads((folder / "config.json").read_text("utf-8"))
    config_class, model_class = _KINDS[config["model_type"]]
    settings = config_class(**{**config, "attn_implementation": "eager"})
    arguments = {"add_pooling_layer": False} if model_class is BertModel else {}
    encoder = model_class(settings, **arguments)
    _, unexpected = encoder.load_state_dict(load_file(folder / "model.safetensors"), strict=False)
    if wrong := [key for key in unexpected if not key.startswith(("pooler.", "embeddings.position_ids"))]:
        raise EncoderNotFound(f"{folder} does not hold a plain {config['model_type']} encoder (unexpected {wrong[0]})")
    network = Network(encoder, pooling, _projection(folder, pooling, config["hidden_size"]), intents, sentiments)
    return load_tokenizer(folder / "tokenizer.json", max_tokens), network


def _projection(folder: Path, pooling: str, width: int) -> nn.Linear:
    """Starts as the pretrained vector itself: the identity, or the encoder's own pooler."""
    layer = nn.Linear(width, width)
    if pooling == "pooler":
        layer.load_state_dict(torch.load(folder / "pooler.pt", weights_only=True))
    else:
        nn.init.eye_(layer.weight)
        nn.init.zeros_(layer.bias)
    return layer
