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

_PAIR_BUCKETS = 32_768
_CENTROID_SCALE = 10.0
_KINDS = {"bert": (BertConfig, BertModel), "electra": (ElectraConfig, ElectraModel)}


class Pairs(nn.Module):
    """A linear reading of single tokens and of neighbouring pairs, hashed: what n-grams know, inside the same graph."""

    def __init__(self, intents: int) -> None:
        super().__init__()
        self.weights = nn.Embedding(_PAIR_BUCKETS, intents)
        self.dropout = nn.Dropout(0.3)
        nn.init.zeros_(self.weights.weight)

    def forward(self, input_ids: Tensor, attention_mask: Tensor) -> Tensor:
        pairs = (input_ids[:, :-1] * 31 + input_ids[:, 1:] * 1009) % _PAIR_BUCKETS
        buckets = torch.cat([input_ids % _PAIR_BUCKETS, pairs], dim=1)
        present = torch.cat([attention_mask, attention_mask[:, 1:]], dim=1).to(torch.float32)
        length = present.sum(1, keepdim=True).clamp(min=1)
        return cast(Tensor, (self.weights(buckets) * self.dropout(present).unsqueeze(-1)).sum(1) / length.sqrt())


class Network(nn.Module):
    """Tokens in; intent logits, sentiment logits and the unit retrieval vector out, from one pass of the encoder.

    Three readers vote on the intent: one on the retrieval vector, which stays close to the pretrained one and so to
    words never trained on; one free to bend the encoder's states; one on the surface of the words.
    """

    def __init__(
        self, encoder: BertModel | ElectraModel, pooling: str, projection: nn.Linear, intents: int, sentiments: int
    ) -> None:
        super().__init__()
        width = projection.in_features
        self.encoder = encoder
        self.pooling = pooling
        self.projection = projection
        self.dropout = nn.Dropout(0.1)
        self.nearest = nn.Linear(width, intents)
        self.free = nn.Sequential(nn.Linear(2 * width, width), nn.GELU(), nn.Dropout(0.1), nn.Linear(width, intents))
        self.pairs = Pairs(intents)
        self.sentiments = nn.Sequential(nn.Linear(2 * width, 64), nn.GELU(), nn.Dropout(0.1), nn.Linear(64, sentiments))

    def forward(self, input_ids: Tensor, attention_mask: Tensor) -> tuple[Tensor, Tensor, Tensor]:
        first, mean = self.pooled(input_ids, attention_mask)
        vector = self._vector(first, mean)
        features = self.dropout(torch.cat([first, mean], dim=-1))
        intents = self.nearest(vector) + self.free(features) + self.pairs(input_ids, attention_mask)
        return intents, self.sentiments(features), vector

    def pooled(self, input_ids: Tensor, attention_mask: Tensor) -> tuple[Tensor, Tensor]:
        """The first token's state, and the mean of all tokens' states."""
        states = self.encoder(input_ids=input_ids, attention_mask=attention_mask).last_hidden_state
        mask = attention_mask.unsqueeze(-1).to(states.dtype)
        return states[:, 0], (states * mask).sum(1) / mask.sum(1).clamp(min=1)

    @torch.no_grad()
    def vectors(self, input_ids: Tensor, attention_mask: Tensor) -> Tensor:
        """The retrieval vectors alone."""
        return self._vector(*self.pooled(input_ids, attention_mask))

    def start_from(self, centroids: Tensor) -> None:
        """Lets the first reader begin as a nearest-centroid classifier: (intents, width) mean pretrained vectors."""
        directions = nn.functional.normalize(centroids - centroids.mean(0), dim=-1)
        self.nearest.weight.data.copy_(directions * _CENTROID_SCALE)
        nn.init.zeros_(self.nearest.bias)

    def _vector(self, first: Tensor, mean: Tensor) -> Tensor:
        return nn.functional.normalize(self.projection(first if self.pooling == "pooler" else mean), dim=-1)

    def heads(self) -> list[nn.Parameter]:
        """The parameters that start fresh and learn fast."""
        readers = (self.nearest, self.free, self.pairs, self.sentiments)
        return [parameter for reader in readers for parameter in reader.parameters()]

    def body(self) -> list[nn.Parameter]:
        """The pretrained parameters that are tuned."""
        pretrained = [*self.encoder.parameters(), *self.projection.parameters()]
        return [parameter for parameter in pretrained if parameter.requires_grad]


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
