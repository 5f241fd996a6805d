"""Small labelled texts in both languages, and a toy encoder to tune."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from nlu.classification.texts import LabelledTexts

SHAPE: dict[str, Any] = {"hidden_size": 64, "num_hidden_layers": 2, "num_attention_heads": 2, "intermediate_size": 128}
ENGLISH = {
    "cancel": ("cancel my order", "please cancel that", "stop the order", "I want to cancel", "call it off"),
    "track": ("where is my parcel", "track the package", "when does it arrive", "is it shipped yet", "delivery status"),
    "oos": ("what's the weather", "tell me a joke", "who won the match", "sing a song", "how tall is it"),
}
CHINESE = {
    "cancel": ("取消订单", "不要了帮我取消", "我想取消", "撤销这个单子", "订单不要了"),
    "track": ("快递到哪了", "什么时候发货", "查一下物流", "包裹到了吗", "我的货在哪"),
    "oos": ("今天天气怎么样", "讲个笑话", "谁赢了比赛", "唱首歌", "你多高"),
}
TAILS = ("", " now", " please", " ok", " today", " again")


def of(sayings: Mapping[str, tuple[str, ...]], tails: tuple[str, ...] = TAILS) -> LabelledTexts:
    """Every saying with every tail."""
    rows = [(saying + tail, label) for label, texts in sayings.items() for saying in texts for tail in tails]
    return LabelledTexts(
        tuple(text for text, _ in rows), tuple(label for _, label in rows), tuple(f"row {n}" for n in range(len(rows)))
    )


@pytest.fixture
def english() -> LabelledTexts:
    return of(ENGLISH)


@pytest.fixture
def both() -> LabelledTexts:
    one, other = of(ENGLISH), of(CHINESE, tuple(tail.strip() for tail in TAILS))
    return LabelledTexts(one.texts + other.texts, one.labels + other.labels, one.where + other.where)


@pytest.fixture
def encoders(tmp_path: Path) -> Path:
    """A folder with both encoders in the layout of the real ones, untrained and tiny."""
    torch = pytest.importorskip("torch", reason="tuning needs the 'train' extra")
    from transformers import BertConfig, BertModel, ElectraConfig, ElectraModel

    torch.manual_seed(0)
    folder = tmp_path / "encoders"
    characters = sorted({c for group in (ENGLISH, CHINESE) for texts in group.values() for text in texts for c in text})
    vocabulary = {token: n for n, token in enumerate(["[PAD]", "[UNK]", "[CLS]", "[SEP]", *characters])}
    bert = BertModel(BertConfig(vocab_size=len(vocabulary), **SHAPE), add_pooling_layer=False)
    _save(folder / "all-minilm-l6-v2", bert, vocabulary)
    electra = ElectraModel(ElectraConfig(vocab_size=len(vocabulary), embedding_size=8, **SHAPE))
    _save(folder / "simbert-tiny-zh", electra, vocabulary)
    torch.save({"weight": torch.eye(64), "bias": torch.zeros(64)}, folder / "simbert-tiny-zh" / "pooler.pt")
    return folder


def _save(folder: Path, model: Any, vocabulary: dict[str, int]) -> None:
    from safetensors.torch import save_file
    from tokenizers import Tokenizer, models, normalizers, pre_tokenizers, processors

    folder.mkdir(parents=True)
    (folder / "config.json").write_text(json.dumps(model.config.to_dict()), "utf-8")
    save_file(model.state_dict(), folder / "model.safetensors")
    tokenizer = Tokenizer(models.WordLevel(vocabulary, unk_token="[UNK]"))
    tokenizer.normalizer = normalizers.Lowercase()
    tokenizer.pre_tokenizer = pre_tokenizers.Split("", "isolated")
    tokenizer.post_processor = processors.TemplateProcessing(
        single="[CLS] $A [SEP]", special_tokens=[("[CLS]", 2), ("[SEP]", 3)]
    )
    tokenizer.save(str(folder / "tokenizer.json"))
