"""From the trained network to the graph that serves: ONNX, then int8, and proof that int8 cost nothing.

fp32 graph → int8 by blocks (quantisation.py) → held-out texts by both, against their labels
               ↑ lost more than 0.3 points: the products that rounding hurts most read exact states
"""

import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import onnx
import torch
from tokenizers import Tokenizer

from nlu.batching import Reading
from nlu.calibration import Floats
from nlu.components.encoder import GRAPH_FILE, TOKENIZER_FILE, Encoder
from nlu.errors import ModelRefused
from nlu.held_out import HeldOut
from nlu.network import Network
from nlu.quantisation import products, quantised, reading_exactly

OUTPUTS = ["intent_logits", "sentiment_logits", "vector"]
MOST_LOST = 0.003
"""The share of right answers that int8 may cost, in intents and in moods."""
_EXACT_SHARES = (0.1, 0.25, 1.0)
_PROBES = 64
_BATCH = 16


@dataclass(frozen=True)
class Right:
    """Shares of right answers on held-out texts; of the moods None where there are none."""

    intents: float
    moods: float | None

    def lost_by(self, other: "Right") -> float:
        """What the other gets wrong more often, the worse of both."""
        moods = 0.0 if self.moods is None or other.moods is None else self.moods - other.moods
        return max(self.intents - other.intents, moods)

    def __str__(self) -> str:
        return f"{self.intents:.2%} of the intents" + ("" if self.moods is None else f", {self.moods:.2%} of the moods")


def save_graph(tokenizer: Tokenizer, network: Network, out: Path, held_out: HeldOut, max_tokens: int) -> None:
    """Writes `model.onnx` (int8) and `tokenizer.json` into `out`.

    Raises ModelRefused, and writes no graph, when int8 costs more than `MOST_LOST` of the held-out answers.
    """
    out.mkdir(parents=True, exist_ok=True)
    tokenizer.no_padding()
    tokenizer.no_truncation()
    with tempfile.TemporaryDirectory() as folder:
        scratch = Path(folder)
        tokenizer.save(str(scratch / TOKENIZER_FILE), pretty=False)
        export_float(network, scratch / GRAPH_FILE)
        trial = Trial(scratch, max_tokens, held_out)
        onnx.save(trial.good_enough(onnx.load(scratch / GRAPH_FILE)), out / GRAPH_FILE)
    tokenizer.save(str(out / TOKENIZER_FILE), pretty=False)


class Trial:
    """Graphs of one network, read in the same folder one after another."""

    def __init__(self, folder: Path, max_tokens: int, held_out: HeldOut) -> None:
        self._folder = folder
        self._max_tokens = max_tokens
        self._held_out = held_out

    def good_enough(self, exact: onnx.ModelProto) -> onnx.ModelProto:
        """The fastest int8 graph that loses little enough against the fp32 one. Raises ModelRefused."""
        wanted = self.right(exact)
        found = []
        for graph in self._candidates(exact):
            found.append(self.right(graph))
            if wanted.lost_by(found[-1]) <= MOST_LOST:
                return graph
        raise ModelRefused(
            f"as int8 the model gets at best {min(found, key=wanted.lost_by)} of the held-out texts right, in fp32 "
            f"{wanted}; more than {MOST_LOST:.1%} lost is not published: train with another seed or a lower "
            "learning_rate (nlu/pipeline.yml), or give it more examples"
        )

    def right(self, graph: onnx.ModelProto) -> Right:
        """What a graph gets right of the held-out texts."""
        intents = self.read(graph, self._held_out.texts).intent_logits
        hits = float((intents.argmax(axis=1) == self._held_out.intents).mean())
        if not self._held_out.mood_texts:
            return Right(hits, None)
        moods = self.read(graph, self._held_out.mood_texts).sentiment_logits
        return Right(hits, float((moods.argmax(axis=1) == self._held_out.moods).mean()))

    def _candidates(self, exact: onnx.ModelProto) -> Iterator[onnx.ModelProto]:
        """Fastest first: the last one rounds nothing but the weights."""
        graph = quantised(exact)
        yield graph
        ranked = self._most_hurt_first(graph)
        for share in _EXACT_SHARES:
            yield reading_exactly(graph, ranked[: int(np.ceil(share * len(ranked)))])

    def _most_hurt_first(self, graph: onnx.ModelProto) -> list[str]:
        """The products by how far rounding what they read, alone, moves the logits."""
        names = products(graph)
        texts = self._held_out.texts[:_PROBES]
        still = self._logits(reading_exactly(graph, names), texts)
        moved = {}
        for name in names:
            others = [other for other in names if other != name]
            moved[name] = float(np.abs(self._logits(reading_exactly(graph, others), texts) - still).mean())
        return sorted(names, key=lambda name: -moved[name])

    def _logits(self, graph: onnx.ModelProto, texts: Sequence[str]) -> Floats:
        reading = self.read(graph, texts)
        return np.concatenate([reading.intent_logits, reading.sentiment_logits], axis=1)

    def read(self, graph: onnx.ModelProto, texts: Sequence[str]) -> Reading:
        """What a graph says about texts."""
        onnx.save(graph, self._folder / GRAPH_FILE)
        encoder = Encoder.load(self._folder, self._max_tokens)
        readings = [encoder.read(texts[at : at + _BATCH]) for at in range(0, len(texts), _BATCH)]
        return Reading.joined(readings)


def export_float(network: Network, file: Path) -> None:
    """Writes the fp32 graph."""
    network.eval()
    example = (torch.ones(2, 8, dtype=torch.int64), torch.ones(2, 8, dtype=torch.int64))
    dynamic = {0: "batch", 1: "tokens"}
    torch.onnx.export(
        network,
        example,
        str(file),
        input_names=["input_ids", "attention_mask"],
        output_names=OUTPUTS,
        dynamic_axes={"input_ids": dynamic, "attention_mask": dynamic} | {name: {0: "batch"} for name in OUTPUTS},
        opset_version=17,
        dynamo=False,
    )
