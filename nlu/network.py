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
from nlu.pretrained.pooler import pooler_weights

_PAIR_BUCKETS = 32_768
_CENTROID_SCALE = 10.0
_KINDS = {"bert": (BertConfig, BertModel), "electra": (ElectraConfig, ElectraModel)}


States = tuple[Tensor, Tensor, Tensor, Tensor]
"""The first token's state, and the mean of all tokens' states in the last, the middle and the first layer."""


class Pairs(nn.Module):
    """A linear reading of single tokens and of neighbouring pairs, hashed: what n-grams know, inside the same graph.

    It learns by itself, before the encoder does, so that neither leans on the other.
    """

    def __init__(self, intents: int) -> None:
        super().__init__()
        self.weights = nn.Embedding(_PAIR_BUCKETS, intents)
        self.rarity = nn.Embedding(_PAIR_BUCKETS, 1)
        nn.init.zeros_(self.weights.weight)
        nn.init.ones_(self.rarity.weight)

    def forward(self, input_ids: Tensor, attention_mask: Tensor) -> Tensor:
        buckets, present = self.buckets(input_ids, attention_mask)
        shares = self.shares(buckets, present)
        return cast(Tensor, (self.weights(buckets) * shares.unsqueeze(-1)).sum(1))

    def buckets(self, input_ids: Tensor, attention_mask: Tensor) -> tuple[Tensor, Tensor]:
        """Where each token and each pair is found, and whether it is there: both (batch, 2 * tokens - 1)."""
        pairs = (input_ids[:, :-1] * 31 + input_ids[:, 1:] * 1009) % _PAIR_BUCKETS
        found = torch.cat([input_ids % _PAIR_BUCKETS, pairs], dim=1)
        return found, torch.cat([attention_mask, attention_mask[:, 1:]], dim=1).to(torch.float32)

    def shares(self, buckets: Tensor, present: Tensor) -> Tensor:
        """How much each piece counts: rare ones more, and the squares of a text's pieces sum to one."""
        rarity = self.rarity(buckets).squeeze(-1) * present
        return cast(Tensor, rarity / rarity.square().sum(1, keepdim=True).clamp(min=1e-6).sqrt())


class Network(nn.Module):
    """Tokens in; intent logits, sentiment logits and the unit retrieval vector out, from one pass of the encoder.

    Three readers vote on the intent: one on the retrieval vector, which stays close to the pretrained one and so to
    words never trained on; one free to bend the encoder's states; one on the surface of the words, which is silent
    while the others learn and whose say, `pairs_weight`, is chosen afterwards.
    """

    pairs_weight: Tensor

    def __init__(
        self, encoder: BertModel | ElectraModel, pooling: str, projection: nn.Linear, intents: int, sentiments: int
    ) -> None:
        super().__init__()
        width = projection.in_features
        self.encoder = encoder
        self.pooling = pooling
        self.projection = projection
        self.retrieval = _wider(projection, 0 if pooling == "pooler" else 1)
        self.dropout = nn.Dropout(0.1)
        self.nearest = nn.Linear(width, intents)
        self.free = nn.Sequential(nn.Linear(4 * width, width), nn.GELU(), nn.Dropout(0.1), nn.Linear(width, intents))
        self.pairs = Pairs(intents)
        self.register_buffer("pairs_weight", torch.zeros(()))
        self.sentiments = nn.Sequential(nn.Linear(2 * width, 64), nn.GELU(), nn.Dropout(0.1), nn.Linear(64, sentiments))

    def forward(self, input_ids: Tensor, attention_mask: Tensor) -> tuple[Tensor, Tensor, Tensor]:
        states = self.pooled(input_ids, attention_mask)
        near = self._near(states)
        features = self.dropout(torch.cat(states, dim=-1))
        intents = self.nearest(near) + self.free(features)
        moods = self.sentiments(features[:, : 2 * near.shape[-1]])
        if self.training:
            return intents, moods, near
        return intents + self.pairs_weight * self.pairs(input_ids, attention_mask), moods, self._vector(states)

    def pooled(self, input_ids: Tensor, attention_mask: Tensor) -> States:
        """What the encoder says about each text: four of (batch, width)."""
        output = self.encoder(input_ids=input_ids, attention_mask=attention_mask, output_hidden_states=True)
        states = output.hidden_states
        mask = attention_mask.unsqueeze(-1).to(states[0].dtype)
        last, middle, start = (
            (layer * mask).sum(1) / mask.sum(1).clamp(min=1)
            for layer in (states[-1], states[len(states) // 2], states[0])
        )
        return states[-1][:, 0], last, middle, start

    @torch.no_grad()
    def vectors(self, input_ids: Tensor, attention_mask: Tensor) -> Tensor:
        """The retrieval vectors alone."""
        return self._vector(self.pooled(input_ids, attention_mask))

    def start_from(self, centroids: Tensor) -> None:
        """Lets the first reader begin as a nearest-centroid classifier: (intents, width) mean pretrained vectors."""
        directions = nn.functional.normalize(centroids - centroids.mean(0), dim=-1)
        self.nearest.weight.data.copy_(directions * _CENTROID_SCALE)
        nn.init.zeros_(self.nearest.bias)

    def _near(self, states: States) -> Tensor:
        """What stands in for the retrieval vector while the encoder learns."""
        return nn.functional.normalize(self.projection(states[0 if self.pooling == "pooler" else 1]), dim=-1)

    def _vector(self, states: States) -> Tensor:
        """The early layers, which bend less, help the vector to stay where pretraining put it."""
        return nn.functional.normalize(self.retrieval(torch.cat(states, dim=-1)), dim=-1)

    def heads(self) -> list[nn.Parameter]:
        """The parameters that start fresh and learn fast."""
        readers = (self.nearest, self.free, self.sentiments)
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
            raise EncoderNotFound(f"{folder / name} is missing; get the encoders with `kefu encoders fetch`")
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
    pooler = pooler_weights(folder) if pooling == "pooler" else None
    if pooler is not None:
        layer.load_state_dict(pooler)
    else:
        nn.init.eye_(layer.weight)
        nn.init.zeros_(layer.bias)
    return layer


def _wider(projection: nn.Linear, part: int) -> nn.Linear:
    """The projection as a layer over all four `States`, of which it reads one."""
    width = projection.in_features
    layer = nn.Linear(4 * width, width)
    nn.init.zeros_(layer.weight)
    layer.weight.data[:, part * width : (part + 1) * width] = projection.weight.data
    layer.bias.data.copy_(projection.bias.data)
    return layer
