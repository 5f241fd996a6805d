"""From fp32 to int8 by blocks: 64 weights share a scale, and so do 64 values of a token's state while they are read.

Nothing is shared between the texts of a batch, so a text is read alone as it is among others. And a scale of few
numbers is fine enough for the states of late layers, where a handful of large values would spoil a scale of them all.

    MatMul, Gemm     MatMulNBits of com.microsoft, 8 bits
    Gather           an int8 row and a scale for each row of the table
"""

from collections.abc import Iterable, Mapping
from pathlib import Path

import numpy as np
import onnx
from numpy.typing import NDArray
from onnx import ModelProto, NodeProto, TensorProto, helper, numpy_helper

Floats = NDArray[np.float32]
Rewritten = tuple[list[NodeProto], list[TensorProto]]

BLOCK = 64
_PRODUCT = "MatMulNBits"
_DOMAIN = "com.microsoft"
_MIDDLE = 128
"""Of the 8 bits: what stands for 0."""
_BY_BLOCKS = 4
"""The `accuracy_level` at which states are read as int8."""
_SMALL_PRODUCT = 65_536
_SMALL_TABLE = 16_384
"""Weights; the heads and the token types are no larger, and stay as they are."""


def quantise(source: Path, target: Path) -> None:
    """Writes the int8 graph of the fp32 graph in `source`."""
    onnx.save(quantised(onnx.load(source)), target)


def quantised(model: ModelProto) -> ModelProto:
    """The int8 graph; the fp32 one is left as it is."""
    weights = {one.name: numpy_helper.to_array(one) for one in model.graph.initializer if len(one.dims) == 2}
    nodes: list[NodeProto] = []
    added: dict[str, TensorProto] = {}
    for node in model.graph.node:
        instead, tensors = _rewritten(node, weights)
        nodes += instead
        added |= {tensor.name: tensor for tensor in tensors}
    read = {name for node in nodes for name in node.input}
    kept = [one for one in model.graph.initializer if one.name in read]
    graph = helper.make_graph(nodes, model.graph.name, model.graph.input, model.graph.output, [*kept, *added.values()])
    opsets = [*model.opset_import, helper.make_opsetid(_DOMAIN, 1)]
    return helper.make_model(graph, opset_imports=opsets, ir_version=model.ir_version)


def products(model: ModelProto) -> list[str]:
    """The names of the products that round what they read."""
    return [node.name for node in model.graph.node if node.op_type == _PRODUCT]


def reading_exactly(model: ModelProto, names: Iterable[str]) -> ModelProto:
    """The same graph, in which the named products read the states as they are: as large, slower, closer to fp32."""
    chosen = frozenset(names)
    nodes: list[NodeProto] = []
    added: list[TensorProto] = []
    for node in model.graph.node:
        if node.op_type == _PRODUCT and node.name in chosen:
            instead, tensors = _exact(node)
            nodes += instead
            added += tensors
        else:
            nodes.append(node)
    graph = helper.make_graph(
        nodes, model.graph.name, model.graph.input, model.graph.output, [*model.graph.initializer, *added]
    )
    return helper.make_model(graph, opset_imports=model.opset_import, ir_version=model.ir_version)


def _exact(node: NodeProto) -> Rewritten:
    """The product in fp32. Its weight is multiplied out once, when the graph is loaded."""
    facts = {one.name: one.i for one in node.attribute}
    rows, columns = facts["N"], facts["K"]
    states, integers, scales = node.input
    padded = -(-columns // BLOCK) * BLOCK
    constants: dict[str, NDArray[np.float32] | NDArray[np.int64]] = {
        "middle": np.array(_MIDDLE, dtype=np.float32),
        "blocks": np.array([rows, -1, 1], dtype=np.int64),
        "shape": np.array([rows, padded], dtype=np.int64),
        "start": np.array([0], dtype=np.int64),
        "end": np.array([columns], dtype=np.int64),
        "axis": np.array([1], dtype=np.int64),
    }
    tensors = [numpy_helper.from_array(array, f"{integers}_{name}") for name, array in constants.items()]
    middle, blocks, shape, start, end, axis = (one.name for one in tensors)
    steps = [f"{integers}_{name}" for name in ("number", "centred", "scale", "scaled", "padded", "cut", "weight")]
    number, centred, scale, scaled, flat, cut, weight = steps
    return [
        helper.make_node("Cast", [integers], [number], to=TensorProto.FLOAT),
        helper.make_node("Sub", [number, middle], [centred]),
        helper.make_node("Reshape", [scales, blocks], [scale]),
        helper.make_node("Mul", [centred, scale], [scaled]),
        helper.make_node("Reshape", [scaled, shape], [flat]),
        helper.make_node("Slice", [flat, start, end, axis], [cut]),
        helper.make_node("Transpose", [cut], [weight], perm=[1, 0]),
        helper.make_node("MatMul", [states, weight], list(node.output), name=node.name),
    ], tensors


def _rewritten(node: NodeProto, weights: Mapping[str, Floats]) -> Rewritten:
    if node.op_type in ("MatMul", "Gemm") and node.input[1] in weights:
        return _product(node, weights[node.input[1]])
    if node.op_type == "Gather" and node.input[0] in weights:
        return _lookup(node, weights[node.input[0]])
    return [node], []


def _product(node: NodeProto, weight: Floats) -> Rewritten:
    if weight.size < _SMALL_PRODUCT:
        return [node], []
    turned = weight if _is_turned(node) else weight.T
    rows, columns = turned.shape
    blocks = -(-columns // BLOCK)
    padded = np.zeros((rows, blocks * BLOCK), dtype=np.float32)
    padded[:, :columns] = turned
    integers, scales = _by_row(padded.reshape(-1, BLOCK))
    name, result = node.input[1], node.output[0]
    stored = [
        numpy_helper.from_array(
            (integers.astype(np.int16) + _MIDDLE).astype(np.uint8).reshape(rows, blocks, BLOCK), f"{name}_int8"
        ),
        numpy_helper.from_array(scales.reshape(-1), f"{name}_scales"),
    ]
    bias = list(node.input[2:])
    inner = f"{result}_without_bias" if bias else result
    facts = {"K": columns, "N": rows, "bits": 8, "block_size": BLOCK, "accuracy_level": _BY_BLOCKS}
    inputs = [node.input[0], *(one.name for one in stored)]
    nodes = [helper.make_node(_PRODUCT, inputs, [inner], name=node.name, domain=_DOMAIN, **facts)]
    return nodes + [helper.make_node("Add", [inner, *bias], [result]) for _ in bias], stored


def _is_turned(node: NodeProto) -> bool:
    """Whether the weight is stored as (out, in)."""
    return any(attribute.name == "transB" and attribute.i == 1 for attribute in node.attribute)


def _lookup(node: NodeProto, table: Floats) -> Rewritten:
    if table.size < _SMALL_TABLE or table.shape[1] == 1:
        return [node], []
    integers, scales = _by_row(table)
    name, where, result = node.input[0], node.input[1], node.output[0]
    stored = [numpy_helper.from_array(integers, f"{name}_int8"), numpy_helper.from_array(scales, f"{name}_scales")]
    row, number, scale = (f"{result}_{part}" for part in ("row", "number", "scale"))
    return [
        helper.make_node("Gather", [stored[0].name, where], [row]),
        helper.make_node("Cast", [row], [number], to=TensorProto.FLOAT),
        helper.make_node("Gather", [stored[1].name, where], [scale]),
        helper.make_node("Mul", [number, scale], [result]),
    ], stored


def _by_row(numbers: Floats) -> tuple[NDArray[np.int8], Floats]:
    """Integers of ±127 (n, m), and each row's scale (n, 1)."""
    scales = np.abs(numbers).max(axis=1, keepdims=True) / np.float32(127)
    scales[scales == 0] = 1
    return np.rint(numbers / scales).astype(np.int8), scales
