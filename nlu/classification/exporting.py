"""From a tuned network to the int8 graph that serves, which must not cost accuracy. Needs torch and onnx."""

import json
import shutil
import tempfile
import warnings
from collections.abc import Sequence
from pathlib import Path

import torch
from tokenizers import Tokenizer
from torch import nn

from nlu.calibration import Ints
from nlu.classification.graph import FACTS, GRAPH, TOKENIZER, Graph
from nlu.classification.network import SentenceVector
from nlu.classification.pretrained import Pretrained
from nlu.classification.tuning import TunedReader
from nlu.quantisation import quantise

MOST_LOST = 0.003
"""The share of right answers that int8 may cost; where it would cost more, the fp32 graph serves."""

_OUTPUTS = ["logits", "vector"]


def save_reader(reader: TunedReader, folder: Path, texts: Sequence[str], labels: Ints) -> bool:
    """Writes graph and tokenizer to `folder`; True when int8 lost little enough on these texts to be the one."""
    folder.mkdir(parents=True, exist_ok=True)
    _save_tokenizer(reader.tokenizer, folder, reader.max_tokens)
    with tempfile.TemporaryDirectory() as scratch:
        float_graph = Path(scratch) / "float.onnx"
        _export(reader.network, float_graph, _OUTPUTS)
        quantise(float_graph, folder / GRAPH)
        right = float((reader.read(texts)[0].argmax(1) == labels).mean())
        quantised = Graph.load(folder).run(texts, _OUTPUTS[:1])[0]
        is_good = right - float((quantised.argmax(1) == labels).mean()) <= MOST_LOST
        if not is_good:
            shutil.copyfile(float_graph, folder / GRAPH)
    return is_good


def save_sentence_encoder(pretrained: Pretrained, folder: Path, max_tokens: int) -> None:
    """Writes a pretrained encoder, not tuned: an int8 graph whose one output is the sentence vector. All-mpnet-base-v2
    keeps a cosine of 0.9996 with fp32 on average, 0.9989 at worst, in a quarter of the bytes."""
    folder.mkdir(parents=True, exist_ok=True)
    _save_tokenizer(pretrained.tokenizer, folder, max_tokens)
    with tempfile.TemporaryDirectory() as scratch:
        float_graph = Path(scratch) / "float.onnx"
        _export(SentenceVector(pretrained), float_graph, ["vector"])
        quantise(float_graph, folder / GRAPH)


def _save_tokenizer(tokenizer: Tokenizer, folder: Path, max_tokens: int) -> None:
    tokenizer.save(str(folder / TOKENIZER), pretty=False)
    (folder / FACTS).write_text(json.dumps({"max_tokens": max_tokens}) + "\n", "utf-8")


def _export(network: nn.Module, file: Path, outputs: list[str]) -> None:
    network.eval()
    example = (torch.ones(2, 8, dtype=torch.int64), torch.ones(2, 8, dtype=torch.int64))
    tokens = {0: "batch", 1: "tokens"}
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # the tracer guesses that lengths are constant: tests read other lengths
        torch.onnx.export(
            network,
            example,
            str(file),
            input_names=["input_ids", "attention_mask"],
            output_names=outputs,
            dynamic_axes={"input_ids": tokens, "attention_mask": tokens} | {name: {0: "batch"} for name in outputs},
            opset_version=17,
            dynamo=False,
        )
