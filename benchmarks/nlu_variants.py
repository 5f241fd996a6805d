"""Smaller and larger variants of the shipped graphs: megabytes, milliseconds, and right answers on held-out utterances.

Made from the shipped weights alone, without training again: what a variant loses here, training
it would have to win back.
"""

import re
import tempfile
import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from shutil import copyfile
from typing import Any

import numpy as np
import onnx
from onnx import ModelProto, NodeProto, helper, numpy_helper
from onnxruntime.quantization import QuantType, quantize_dynamic

from nlu.components.encoder import GRAPH_FILE, TOKENIZER_FILE, Encoder, load_tokenizer
from nlu.components.normalizer import fold, for_model
from nlu.dataset import Dataset, load_dataset
from nlu.metadata import load_metadata
from nlu.quantisation import BLOCK, products, reading_exactly
from nlu.types import Language

ROOT = Path(__file__).parents[1]
MOST_TEXTS = 400
"""Held-out utterances a language."""
_SUFFIX = "_int8"
_LAYER_END = re.compile(r"/layer\.(\d+)/output/LayerNorm/")


@dataclass(frozen=True)
class Shipped:
    """One language of the shipped model and what it is measured on."""

    language: Language
    folder: Path
    max_tokens: int
    intents: tuple[str, ...]
    texts: Sequence[str]
    labels: Sequence[str]
    learnt: Sequence[str]


Variant = Callable[[ModelProto, Shipped], ModelProto]


def variants(directory: Path) -> list[dict[str, Any]]:
    """A row for each variant and language."""
    metadata, dataset = load_metadata(directory), load_dataset(ROOT / "bot/assistant/nlu", keep_first=True)
    rows = []
    for language, facts in metadata.languages.items():
        shipped = _shipped(language, directory, facts.max_tokens, metadata.intents, dataset)
        served = onnx.load(shipped.folder / GRAPH_FILE)
        for name, make in VARIANTS.items():
            rows.append({"variant": f"{language}: {name}", **_measured(make(served, shipped), shipped)})
    return rows


def _shipped(
    language: Language, directory: Path, max_tokens: int, intents: tuple[str, ...], dataset: Dataset
) -> Shipped:
    own = [one for one in dataset.intents if one.language == language]
    held_out = [one for one in own if one.is_held_out][:MOST_TEXTS]
    learnt = [for_model(fold(one.text)) for one in own if not one.is_held_out]
    texts = [for_model(fold(one.text)) for one in held_out]
    return Shipped(language, directory / language, max_tokens, intents, texts, [one.label for one in held_out], learnt)


def _measured(graph: ModelProto, shipped: Shipped) -> dict[str, Any]:
    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(scratch)
        copyfile(shipped.folder / TOKENIZER_FILE, folder / TOKENIZER_FILE)
        onnx.save(graph, folder / GRAPH_FILE)
        encoder = Encoder.load(folder, shipped.max_tokens)
        right, times = 0, []
        for text, label in zip(shipped.texts, shipped.labels, strict=True):
            started = time.thread_time()
            logits = encoder.read([text]).intent_logits[0]
            times.append(time.thread_time() - started)
            right += shipped.intents[int(logits.argmax())] == label
        return {
            "megabytes": round((folder / GRAPH_FILE).stat().st_size / 1e6, 1),
            "p50_milliseconds": round(float(np.median(times)) * 1000, 2),
            "accuracy": round(right / len(times), 3),
            "texts": len(times),
        }


def _as_served(graph: ModelProto, _: Shipped) -> ModelProto:
    return graph


def _exact_states(graph: ModelProto, _: Shipped) -> ModelProto:
    return reading_exactly(graph, products(graph))


def _in_fp32(graph: ModelProto, _: Shipped) -> ModelProto:
    """The served weights as fp32 numbers."""
    stored = {one.name: numpy_helper.to_array(one) for one in graph.graph.initializer}
    nodes, added = [], []
    for node in graph.graph.node:
        if node.op_type == "MatMulNBits":
            integers, scales = stored[node.input[1]].astype(np.float32) - 128, stored[node.input[2]]
            width = next(one.i for one in node.attribute if one.name == "K")
            weight = (integers * scales.reshape(*integers.shape[:2], 1)).reshape(len(integers), -1)[:, :width]
            added.append(numpy_helper.from_array(np.ascontiguousarray(weight.T), f"{node.input[1]}_fp32"))
            node = helper.make_node("MatMul", [node.input[0], added[-1].name], list(node.output), name=node.name)
        elif node.op_type == "Gather" and node.input[0].endswith(_SUFFIX):
            table = stored[node.input[0]] * stored[node.input[0].removesuffix(_SUFFIX) + "_scales"]
            added.append(numpy_helper.from_array(table.astype(np.float32), f"{node.input[0]}_fp32"))
            whole = node.output[0].removesuffix("_row")
            node = helper.make_node("Gather", [added[-1].name, node.input[1]], [whole], name=node.name)
        nodes.append(node)
    replaced = {node.output[0] for node in nodes if node.op_type == "Gather" and node.input[0].endswith("_fp32")}
    kept = [node for node in nodes if not (node.op_type == "Mul" and node.output[0] in replaced)]
    return _graph_of(graph, kept, added)


def _int8_by_tensor(graph: ModelProto, shipped: Shipped) -> ModelProto:
    """What onnxruntime's own dynamic quantisation makes of it."""
    with tempfile.TemporaryDirectory() as scratch:
        source, target = Path(scratch) / "fp32.onnx", Path(scratch) / "int8.onnx"
        onnx.save(_in_fp32(graph, shipped), source)
        kinds = ["MatMul", "Gemm", "Gather"]
        quantize_dynamic(source, target, op_types_to_quantize=kinds, per_channel=True, weight_type=QuantType.QInt8)
        return onnx.load(target)


def _half_of_the_layers(graph: ModelProto, _: Shipped) -> ModelProto:
    """Every second layer is left out."""
    ends = {int(found[1]): node.output[0] for node in graph.graph.node if (found := _LAYER_END.search(node.name))}
    instead = {ends[layer]: ends[layer - 1] for layer in ends if layer % 2}
    nodes = []
    for node in graph.graph.node:
        copy = NodeProto()
        copy.CopyFrom(node)
        copy.input[:] = [instead.get(name, name) for name in node.input]
        nodes.append(copy)
    return _graph_of(graph, nodes, ())


def _known_words(graph: ModelProto, shipped: Shipped) -> ModelProto:
    """The vectors of tokens that no learnt utterance holds are left out; such a token is read as [UNK]."""
    tokenizer = load_tokenizer(shipped.folder / TOKENIZER_FILE, shipped.max_tokens)
    pad, unknown = (tokenizer.get_vocab()[token] for token in ("[PAD]", "[UNK]"))
    found = {token for one in tokenizer.encode_batch(list(shipped.learnt)) for token in one.ids}
    kept = sorted(found | {pad, unknown})
    tables = [one for one in graph.graph.initializer if "word_embeddings" in one.name]
    places = np.full(max(one.dims[0] for one in tables), kept.index(unknown), dtype=np.int64)
    places[kept] = range(len(kept))
    added = [numpy_helper.from_array(places.astype(np.int32), "places")]
    added += [numpy_helper.from_array(numpy_helper.to_array(one)[kept], f"{one.name}_kept") for one in tables]
    nodes = [helper.make_node("Gather", ["places", "input_ids"], ["place"])]
    for node in graph.graph.node:
        if node.op_type == "Gather" and node.input[0] in {one.name for one in tables}:
            node = helper.make_node("Gather", [f"{node.input[0]}_kept", "place"], list(node.output), name=node.name)
        nodes.append(node)
    return _graph_of(graph, nodes, added)


def _half_of_the_weights(graph: ModelProto, _: Shipped) -> ModelProto:
    """In each block the smaller half is set to zero; only a packed file or a sparse processor would gain by it."""
    cut = ModelProto()
    cut.CopyFrom(graph)
    for tensor in cut.graph.initializer:
        if tensor.name.endswith(_SUFFIX) and len(tensor.dims) == 3:
            integers = numpy_helper.to_array(tensor).astype(np.int16) - 128
            smallest = np.argsort(np.abs(integers), axis=-1)[..., : BLOCK // 2]
            np.put_along_axis(integers, smallest, 0, axis=-1)
            tensor.CopyFrom(numpy_helper.from_array((integers + 128).astype(np.uint8), tensor.name))
    return cut


def _graph_of(graph: ModelProto, nodes: Sequence[NodeProto], added: Iterable[onnx.TensorProto]) -> ModelProto:
    """A graph of those nodes that its outputs need."""
    needed = {output.name for output in graph.graph.output}
    kept = []
    for node in reversed(nodes):
        if needed & set(node.output):
            kept.append(node)
            needed |= set(node.input)
    tensors = [one for one in (*graph.graph.initializer, *added) if one.name in needed]
    inner = helper.make_graph(kept[::-1], graph.graph.name, graph.graph.input, graph.graph.output, tensors)
    return helper.make_model(inner, opset_imports=graph.opset_import, ir_version=graph.ir_version)


VARIANTS: dict[str, Variant] = {
    "int8 by blocks, as served": _as_served,
    "fp32": _in_fp32,
    "int8 weights, fp32 states": _exact_states,
    "int8 by tensor": _int8_by_tensor,
    "as served, vocabulary of the utterances": _known_words,
    "as served, half of the layers": _half_of_the_layers,
    "as served, half of the weights": _half_of_the_weights,
}
