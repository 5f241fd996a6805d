"""A whole training run on two tiny encoders made for the purpose: data in, a model folder that serves out."""

import json
from pathlib import Path
from typing import Any

import pytest

torch = pytest.importorskip("torch", reason="training needs the 'train' extra")

from dataclasses import replace  # noqa: E402

from safetensors.torch import save_file  # noqa: E402
from tokenizers import Tokenizer, models, normalizers, pre_tokenizers, processors  # noqa: E402
from transformers import BertConfig, BertModel, ElectraConfig, ElectraModel  # noqa: E402

from nlu.dataset import load_dataset  # noqa: E402
from nlu.errors import EncoderNotFound  # noqa: E402
from nlu.interpreter import Interpreter  # noqa: E402
from nlu.pipeline import Pipeline, load_pipeline  # noqa: E402
from nlu.training import train  # noqa: E402
from nlu.unlabelled import passages  # noqa: E402

SAYINGS = {
    "cancel_order": (["cancel it", "please cancel that", "stop my order"], ["取消", "取消订单", "不要了"]),
    "track_order": (["where is it", "track that parcel", "where are my things"], ["到哪了", "查快递", "物流呢"]),
    "out_of_scope": (["the weather today", "sing a song", "two plus two"], ["今天天气", "唱首歌", "一加一"]),
}
SHAPE: dict[str, Any] = {"hidden_size": 16, "num_hidden_layers": 1, "num_attention_heads": 2, "intermediate_size": 32}


@pytest.fixture
def data(tmp_path: Path) -> Path:
    """Each saying with ten tails, so that some are held out."""
    folder = tmp_path / "data"
    folder.mkdir()
    lines = ["nlu:"]
    for intent, (english, chinese) in SAYINGS.items():
        lines += [f"- intent: {intent}", "  examples: |"]
        lines += [f"    - {saying} {tail}" for saying in english for tail in "abcdefghij"]
        lines += [f"    - {saying}{tail}" for saying in chinese for tail in "甲乙丙丁戊己庚辛壬癸"]
    (folder / "all.yml").write_text("\n".join(lines), "utf-8")
    return folder


@pytest.fixture
def encoders(tmp_path: Path) -> Path:
    characters = sorted({c for pair in SAYINGS.values() for texts in pair for text in texts for c in text})
    vocabulary = {token: n for n, token in enumerate(["[PAD]", "[UNK]", "[CLS]", "[SEP]", *characters])}
    size = len(vocabulary)
    _save(tmp_path / "all-minilm-l6-v2", BertModel(BertConfig(vocab_size=size, **SHAPE)), vocabulary)
    electra = ElectraModel(ElectraConfig(vocab_size=size, embedding_size=8, **SHAPE))
    _save(tmp_path / "simbert-tiny-zh", electra, vocabulary)
    torch.save({"weight": torch.eye(16), "bias": torch.zeros(16)}, tmp_path / "simbert-tiny-zh" / "pooler.pt")
    return tmp_path


def _save(folder: Path, model: BertModel | ElectraModel, vocabulary: dict[str, int]) -> None:
    folder.mkdir()
    (folder / "config.json").write_text(json.dumps(model.config.to_dict()), "utf-8")
    save_file(model.state_dict(), folder / "model.safetensors")
    tokenizer = Tokenizer(models.WordLevel(vocabulary, unk_token="[UNK]"))
    tokenizer.normalizer = normalizers.Lowercase()
    tokenizer.pre_tokenizer = pre_tokenizers.Split("", "isolated")
    tokenizer.post_processor = processors.TemplateProcessing(
        single="[CLS] $A [SEP]", special_tokens=[("[CLS]", 2), ("[SEP]", 3)]
    )
    tokenizer.save(str(folder / "tokenizer.json"))


def short() -> Pipeline:
    pipeline = load_pipeline()
    return replace(pipeline, languages={name: replace(s, epochs=6) for name, s in pipeline.languages.items()})


def test_a_training_run_writes_a_model_that_serves(data: Path, encoders: Path, tmp_path: Path) -> None:
    steps: list[tuple[str, int, int, float]] = []
    out = tmp_path / "model"
    metadata = train(
        load_dataset(data), [("en", "our returns")], encoders, out, short(), lambda *step: steps.append(step)
    )
    assert metadata.intents == ("cancel_order", "out_of_scope", "track_order")
    for language in ("en", "zh"):
        losses = [loss for name, _, _, loss in steps if name == language]
        assert len(losses) == next(total for name, _, total, _ in steps if name == language)
        assert sum(losses[-5:]) < sum(losses[:5])
    interpreter = Interpreter.load(out)
    assert interpreter.metadata == metadata
    assert interpreter.parse("cancel it b").intent.name == "cancel_order"
    assert interpreter.parse("到哪了乙").intent.name in metadata.intents


def test_missing_encoders_are_named(data: Path, tmp_path: Path) -> None:
    with pytest.raises(EncoderNotFound, match=r"all-minilm-l6-v2.config\.json is missing"):
        train(load_dataset(data), [], tmp_path / "nowhere", tmp_path / "model", short(), lambda *_: None)


def test_articles_are_read_as_passages_without_their_front_matter(tmp_path: Path) -> None:
    (tmp_path / "a.md").write_text("---\ntitle: x\n---\n# Returns\n\nThirty days.\n- free of charge\n", "utf-8")
    (tmp_path / "b.md").write_text("三十天内可以退货。\n", "utf-8")
    assert list(passages(tmp_path)) == [
        ("en", "Returns"),
        ("en", "Thirty days."),
        ("en", "free of charge"),
        ("zh", "三十天内可以退货。"),
    ]
