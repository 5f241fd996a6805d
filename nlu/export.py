"""From the trained network to the graph that serves: ONNX, then int8."""

import tempfile
from pathlib import Path

import torch
from onnxruntime.quantization import QuantType, quantize_dynamic
from onnxruntime.quantization.shape_inference import quant_pre_process
from tokenizers import Tokenizer

from nlu.network import Network

OUTPUTS = ["intent_logits", "sentiment_logits", "vector"]


def save_graph(tokenizer: Tokenizer, network: Network, out: Path) -> None:
    """Writes `model.onnx` and `tokenizer.json` into `out`."""
    out.mkdir(parents=True, exist_ok=True)
    tokenizer.no_padding()
    tokenizer.no_truncation()
    tokenizer.save(str(out / "tokenizer.json"), pretty=False)
    with tempfile.TemporaryDirectory() as folder:
        graph = Path(folder) / "float.onnx"
        export_float(network, graph)
        quantise(graph, out / "model.onnx")


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


def quantise(source: Path, target: Path) -> None:
    """Writes the int8 graph: weights of the matrix products by channel, and the embedding tables."""
    with tempfile.TemporaryDirectory() as folder:
        prepared = Path(folder) / "prepared.onnx"
        quant_pre_process(str(source), str(prepared), skip_symbolic_shape=True)
        quantize_dynamic(
            prepared,
            target,
            op_types_to_quantize=["MatMul", "Gemm", "Gather"],
            per_channel=True,
            weight_type=QuantType.QInt8,
        )
