"""The classifier's network: one encoder, and a head with two voices. Needs torch."""

from typing import cast

import torch
from torch import Tensor, nn

from nlu.classification.pretrained import Pretrained, mean_state

_DROPOUT = 0.1


class ClassifierNetwork(nn.Module):
    """Tokens in; one logit a label and the unit sentence vector out.

    One voice compares the sentence vector with a direction for each label, which starts at the mean of the label's
    vectors: it knows something before the first step and keeps what pretraining knew. The other is free to use the
    first token, the last layer and the middle layer as it likes.
    """

    def __init__(self, pretrained: Pretrained, labels: int) -> None:
        super().__init__()
        width = pretrained.projection.in_features
        self.encoder = pretrained.encoder
        self.projection = pretrained.projection
        self._reads_first_token = pretrained.reads_first_token
        self.nearest = nn.Linear(width, labels)
        self.free = nn.Sequential(
            nn.Dropout(_DROPOUT), nn.Linear(3 * width, width), nn.GELU(), nn.Dropout(_DROPOUT), nn.Linear(width, labels)
        )

    def forward(self, input_ids: Tensor, attention_mask: Tensor) -> tuple[Tensor, Tensor]:
        """(batch, labels) and (batch, width)."""
        output = self.encoder(input_ids=input_ids, attention_mask=attention_mask, output_hidden_states=True)
        states = output.hidden_states
        first, last = states[-1][:, 0], mean_state(states[-1], attention_mask)
        middle = mean_state(states[len(states) // 2], attention_mask)
        vector = nn.functional.normalize(self.projection(first if self._reads_first_token else last).float(), dim=-1)
        return self.nearest(vector) + self.free(torch.cat([first, last, middle], dim=-1)), vector

    def start_from(self, vectors: Tensor, labels: Tensor, scale: float) -> None:
        """Points each label's direction at the mean of its texts' pretrained vectors: (n, width) and (n,)."""
        count = self.nearest.out_features
        sums = torch.zeros(count, vectors.shape[1]).index_add_(0, labels, vectors)
        means = sums / torch.bincount(labels, minlength=count).clamp(min=1).unsqueeze(1)
        self.nearest.weight.data.copy_(nn.functional.normalize(means - means.mean(0), dim=-1) * scale)
        nn.init.zeros_(self.nearest.bias)

    def rate_groups(self, rate: float, decay: float, head_rate: float) -> list[dict[str, object]]:
        """The parameters with their learning rates: the deeper a layer, the slower."""
        layers = list(cast(nn.ModuleList, cast(nn.Module, self.encoder.encoder).layer))
        groups: list[dict[str, object]] = [
            {"params": list(layer.parameters()), "lr": rate * decay ** (len(layers) - 1 - depth)}
            for depth, layer in enumerate(layers)
        ]
        inside = {id(parameter) for layer in layers for parameter in layer.parameters()}
        below = [parameter for parameter in self.encoder.parameters() if id(parameter) not in inside]
        heads = [*self.nearest.parameters(), *self.free.parameters()]
        return [
            *groups,
            {"params": below, "lr": rate * decay ** len(layers)},
            {"params": list(self.projection.parameters()), "lr": rate},
            {"params": heads, "lr": head_rate},
        ]


class SentenceVector(nn.Module):
    """A pretrained encoder alone: tokens in, (batch, width) unit sentence vectors out."""

    def __init__(self, pretrained: Pretrained) -> None:
        super().__init__()
        self.encoder = pretrained.encoder
        self.projection = pretrained.projection
        self._reads_first_token = pretrained.reads_first_token

    def forward(self, input_ids: Tensor, attention_mask: Tensor) -> Tensor:
        states = self.encoder(input_ids=input_ids, attention_mask=attention_mask).last_hidden_state
        pooled = states[:, 0] if self._reads_first_token else mean_state(states, attention_mask)
        return nn.functional.normalize(self.projection(pooled), dim=-1)
