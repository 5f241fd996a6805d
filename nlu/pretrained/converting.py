"""A BERT checkpoint with factorised embeddings → the folder of an ELECTRA encoder, in safetensors."""

import json
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from nlu.pretrained.checkpoint import read_checkpoint

_RENAMED = (
    ("bert/", ""),
    ("encoder/embedding_hidden_mapping_in/", "embeddings_project/"),
    ("embeddings/word_embeddings", "embeddings/word_embeddings/weight"),
    ("embeddings/position_embeddings", "embeddings/position_embeddings/weight"),
    ("embeddings/token_type_embeddings", "embeddings/token_type_embeddings/weight"),
    ("/layer_", "/layer/"),
    ("/gamma", "/weight"),
    ("/beta", "/bias"),
    ("/kernel", "/weight"),
    ("/", "."),
)
_POOLER = "pooler.dense."
_KEPT = ("embeddings.", "embeddings_project.", "encoder.", _POOLER)
_SPECIAL = ("[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]")


def convert(checkpoint: Path, vocabulary: Path, config: Path, out: Path) -> None:
    """Writes config.json, model.safetensors, pooler.safetensors and tokenizer.json into `out`, from the checkpoint's
    stem, its vocab.txt and its bert_config.json. The pooler is linear, as SimBERT was trained."""
    from safetensors.numpy import save_file

    tensors = {_name(name): _turned(name, tensor) for name, tensor in read_checkpoint(checkpoint).items()}
    kept = {name: tensor for name, tensor in tensors.items() if name.startswith(_KEPT)}
    out.mkdir(parents=True, exist_ok=True)
    save_file({name: t for name, t in kept.items() if not name.startswith(_POOLER)}, out / "model.safetensors")
    pooler = {name.removeprefix(_POOLER): t for name, t in kept.items() if name.startswith(_POOLER)}
    save_file(pooler, out / "pooler.safetensors")
    settings = {"model_type": "electra", "layer_norm_eps": 1e-12, **json.loads(config.read_text("utf-8"))}
    (out / "config.json").write_text(json.dumps(settings, indent=2) + "\n", "utf-8")
    _save_tokenizer(vocabulary, out / "tokenizer.json")


def _name(tensorflow: str) -> str:
    for old, new in _RENAMED:
        tensorflow = tensorflow.replace(old, new)
    return tensorflow


def _turned(name: str, tensor: NDArray[np.float32]) -> NDArray[np.float32]:
    """TensorFlow keeps the matrix of a dense layer the other way round than torch."""
    return np.ascontiguousarray(tensor.T) if name.endswith("/kernel") else tensor


def _save_tokenizer(vocabulary: Path, file: Path) -> None:
    from tokenizers import Tokenizer, decoders, models, normalizers, pre_tokenizers, processors

    words = {word: number for number, word in enumerate(vocabulary.read_text("utf-8").splitlines())}
    tokenizer = Tokenizer(models.WordPiece(words, unk_token="[UNK]"))
    tokenizer.normalizer = normalizers.BertNormalizer(lowercase=True)
    tokenizer.pre_tokenizer = pre_tokenizers.BertPreTokenizer()
    tokenizer.decoder = decoders.WordPiece()
    tokenizer.post_processor = processors.BertProcessing(("[SEP]", words["[SEP]"]), ("[CLS]", words["[CLS]"]))
    tokenizer.add_special_tokens([word for word in _SPECIAL if word in words])
    tokenizer.save(str(file))
