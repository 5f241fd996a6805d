"""One language's graph: a batch of texts in, one forward pass, three outputs. onnxruntime and tokenizers only."""

from collections.abc import Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path

import numpy as np
import onnxruntime as ort
from numpy.typing import NDArray
from tokenizers import Tokenizer

from nlu.batching import Reading, Together, alike
from nlu.components.head import HEAD_FILE, Head
from nlu.errors import ModelNotFound

GRAPH_FILE = "model.onnx"
TOKENIZER_FILE = "tokenizer.json"


def load_tokenizer(file: Path, max_tokens: int) -> Tokenizer:
    """The tokenizer, padding to the longest text of a batch and cutting at `max_tokens`."""
    tokenizer = Tokenizer.from_file(str(file))
    tokenizer.enable_truncation(max_tokens)
    tokenizer.enable_padding(pad_id=tokenizer.token_to_id("[PAD]") or 0, pad_token="[PAD]")
    return tokenizer


def token_batch(tokenizer: Tokenizer, texts: Sequence[str]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Ids and attention mask, both (n, longest)."""
    encodings = tokenizer.encode_batch(list(texts))
    ids = np.array([encoding.ids for encoding in encodings], dtype=np.int64)
    mask = np.array([encoding.attention_mask for encoding in encodings], dtype=np.int64)
    return ids, mask


class Encoder:
    """Thread-safe: turns run in several threads and share it, and what they ask at the same time is read together."""

    def __init__(self, tokenizer: Tokenizer, session: ort.InferenceSession, head: Head | None = None) -> None:
        """With a head, the intents are the head's."""
        self._tokenizer = tokenizer
        self._together = Together(partial(_run, tokenizer, session, head))  # not a method: a circle is freed late

    @classmethod
    def load(cls, folder: Path, max_tokens: int) -> "Encoder":
        """Raises ModelNotFound when the graph or tokenizer is missing, ModelIncompatible when the head is broken."""
        for name in (GRAPH_FILE, TOKENIZER_FILE):
            if not (folder / name).is_file():
                raise ModelNotFound(f"{folder / name} is missing; train the model again with `kefu train`")
        options = ort.SessionOptions()
        options.intra_op_num_threads = 1
        options.inter_op_num_threads = 1
        options.log_severity_level = 3
        session = ort.InferenceSession(str(folder / GRAPH_FILE), options, providers=["CPUExecutionProvider"])
        head = Head.load(folder / HEAD_FILE) if (folder / HEAD_FILE).is_file() else None
        return cls(load_tokenizer(folder / TOKENIZER_FILE, max_tokens), session, head)

    @property
    def words(self) -> frozenset[str]:
        """The words that the tokenizer has whole, in lower case."""
        return frozenset(word for word in self._tokenizer.get_vocab() if word.isascii() and word.isalpha())

    def read(self, texts: Sequence[str]) -> Reading:
        """What the graph says; of one text it depends on the others by rounding alone (1e-3)."""
        return self._together.read(texts)


def _run(tokenizer: Tokenizer, session: ort.InferenceSession, head: Head | None, texts: Sequence[str]) -> Reading:
    """One forward pass for each group of texts of about the same length: a message is longer than its clauses."""
    groups = alike(texts)
    readings = [_pass(tokenizer, session, head, [texts[place] for place in group]) for group in groups]
    return Reading.joined(readings).at(np.argsort([place for group in groups for place in group]))


def _pass(tokenizer: Tokenizer, session: ort.InferenceSession, head: Head | None, texts: Sequence[str]) -> Reading:
    ids, mask = token_batch(tokenizer, texts)
    outputs = session.run(None, {"input_ids": ids, "attention_mask": mask})
    reading = Reading(*(np.asarray(output, dtype=np.float32) for output in outputs))
    if head is None:
        return reading
    return replace(reading, intent_logits=head.logits(texts, reading.intent_logits, reading.vectors))
