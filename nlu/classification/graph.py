"""What serves: an encoder's graph under onnxruntime, one thread. No torch."""

import json
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import onnxruntime as ort

from nlu.calibration import Floats
from nlu.components.encoder import load_tokenizer, token_batch
from nlu.components.normalizer import fold, for_model
from nlu.errors import ModelNotFound

GRAPH, TOKENIZER, FACTS = "model.onnx", "tokenizer.json", "graph.json"
_BATCH = 32


class Graph:
    """Thread-safe. Its outputs are one or more arrays with a row for each text."""

    def __init__(self, folder: Path, max_tokens: int) -> None:
        """Raises ModelNotFound when a file is missing."""
        for name in (GRAPH, TOKENIZER):
            if not (folder / name).is_file():
                raise ModelNotFound(f"{folder / name} is missing; train the classifier again")
        self._tokenizer = load_tokenizer(folder / TOKENIZER, max_tokens)
        self.session = one_thread_session(folder / GRAPH)

    @classmethod
    def load(cls, folder: Path) -> "Graph":
        """A graph that was saved with its facts beside it."""
        if not (folder / FACTS).is_file():
            raise ModelNotFound(f"{folder / FACTS} is missing; train the classifier again")
        return cls(folder, int(json.loads((folder / FACTS).read_text("utf-8"))["max_tokens"]))

    def run(self, texts: Sequence[str], outputs: Sequence[str]) -> list[Floats]:
        """The named outputs, each (n, …); long lists go through in batches of like length."""
        order = sorted(range(len(texts)), key=lambda row: len(texts[row]))
        parts: list[list[Floats]] = []
        for start in range(0, len(order), _BATCH):
            chosen = [for_model(fold(texts[row])) for row in order[start : start + _BATCH]]
            ids, mask = token_batch(self._tokenizer, chosen)
            parts.append(self.session.run(list(outputs), {"input_ids": ids, "attention_mask": mask}))
        back = np.argsort(np.array(order, dtype=np.int64))
        return [np.concatenate(part).astype(np.float32)[back] for part in zip(*parts, strict=True)]


def one_thread_session(file: Path) -> ort.InferenceSession:
    options = ort.SessionOptions()
    options.intra_op_num_threads = 1
    options.inter_op_num_threads = 1
    options.log_severity_level = 3
    return ort.InferenceSession(str(file), options, providers=["CPUExecutionProvider"])
