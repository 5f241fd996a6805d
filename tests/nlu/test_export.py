"""The int8 graph says what the fp32 one says, alone or among others, and one that does not is never published."""

import json
from pathlib import Path

import numpy as np
import pytest

torch = pytest.importorskip("torch", reason="export needs the 'train' extra")

import onnx  # noqa: E402
from safetensors.torch import save_file  # noqa: E402
from tokenizers import Tokenizer, models, pre_tokenizers  # noqa: E402
from transformers import BertConfig, BertModel  # noqa: E402

from nlu.components.encoder import Encoder  # noqa: E402
from nlu.errors import ModelRefused  # noqa: E402
from nlu.export import Trial, export_float, save_graph  # noqa: E402
from nlu.held_out import HeldOut  # noqa: E402
from nlu.network import Network, load_pretrained  # noqa: E402
from nlu.quantisation import products, quantised, reading_exactly  # noqa: E402

WORDS = [f"w{number}" for number in range(300)]
INTENTS = 80
MAX_TOKENS = 32
NOBODY = np.array([], dtype=np.int64)


@pytest.fixture(scope="module")
def network(tmp_path_factory: pytest.TempPathFactory) -> tuple[Tokenizer, Network]:
    """Untrained, so that its intents are close and rounding turns some; wide enough for its products to be rounded."""
    torch.manual_seed(7)
    folder = tmp_path_factory.mktemp("encoder")
    vocabulary = {token: number for number, token in enumerate(["[PAD]", "[UNK]", *WORDS])}
    shape = BertConfig(
        vocab_size=len(vocabulary),
        hidden_size=256,
        num_hidden_layers=1,
        num_attention_heads=4,
        intermediate_size=512,
        max_position_embeddings=MAX_TOKENS,
    )
    encoder = BertModel(shape)
    (folder / "config.json").write_text(json.dumps(shape.to_dict()), "utf-8")
    save_file(encoder.state_dict(), folder / "model.safetensors")
    tokenizer = Tokenizer(models.WordLevel(vocabulary, unk_token="[UNK]"))
    tokenizer.pre_tokenizer = pre_tokenizers.Whitespace()
    tokenizer.save(str(folder / "tokenizer.json"))
    return load_pretrained(folder, "mean", MAX_TOKENS, INTENTS, 3)


@pytest.fixture(scope="module")
def exact(network: tuple[Tokenizer, Network], tmp_path_factory: pytest.TempPathFactory) -> onnx.ModelProto:
    file = tmp_path_factory.mktemp("graph") / "model.onnx"
    export_float(network[1], file)
    return onnx.load(file)


@pytest.fixture
def folder(network: tuple[Tokenizer, Network], tmp_path: Path) -> Path:
    network[0].save(str(tmp_path / "tokenizer.json"))
    return tmp_path


def sentences(count: int) -> list[str]:
    chosen = np.random.default_rng(3).integers(0, len(WORDS), (count, 12))
    return [" ".join(WORDS[number] for number in row[: 2 + at % 11]) for at, row in enumerate(chosen)]


def answers(graph: onnx.ModelProto, folder: Path, texts: list[str]) -> np.ndarray:
    """(n,): the intent of each text."""
    return np.asarray(
        Trial(folder, MAX_TOKENS, HeldOut((), NOBODY, (), NOBODY)).read(graph, texts).intent_logits.argmax(1)
    )


def asked(texts: list[str], labels: np.ndarray, keep: np.ndarray) -> HeldOut:
    return HeldOut(tuple(text for text, kept in zip(texts, keep, strict=True) if kept), labels[keep], (), NOBODY)


def test_int8_is_close_to_fp32_and_a_third_of_it(exact: onnx.ModelProto, folder: Path) -> None:
    texts = sentences(64)
    trial = Trial(folder, MAX_TOKENS, HeldOut((), NOBODY, (), NOBODY))
    graph = quantised(exact)
    assert products(graph)
    assert graph.ByteSize() < 0.36 * exact.ByteSize()
    before, after = trial.read(exact, texts), trial.read(graph, texts)
    assert (before.vectors * after.vectors).sum(1).min() > 0.999
    assert np.abs(before.sentiment_logits - after.sentiment_logits).max() < 0.02 * before.sentiment_logits.std() + 0.02


def test_a_text_is_read_alone_as_it_is_among_longer_ones(exact: onnx.ModelProto, folder: Path) -> None:
    onnx.save(quantised(exact), folder / "model.onnx")
    encoder = Encoder.load(folder, MAX_TOKENS)
    texts = sentences(32)
    together = encoder.read(texts)
    for row, text in enumerate(texts):
        alone = encoder.read([text])
        assert np.abs(alone.intent_logits[0] - together.intent_logits[row]).max() < 2e-3
        assert np.abs(alone.vectors[0] - together.vectors[row]).max() < 2e-3


def test_a_graph_that_loses_nothing_is_published_as_it_is(
    network: tuple[Tokenizer, Network], exact: onnx.ModelProto, folder: Path, tmp_path: Path
) -> None:
    texts = sentences(200)
    right = answers(exact, folder, texts)
    same = answers(quantised(exact), folder, texts) == right
    save_graph(*network, tmp_path / "out", asked(texts, right, same), MAX_TOKENS)
    graph = onnx.load(tmp_path / "out" / "model.onnx")
    assert products(graph) == products(quantised(exact))
    assert Encoder.load(tmp_path / "out", MAX_TOKENS).read(["w1 w2"]).vectors.shape == (1, 256)


def test_what_rounding_turned_is_put_right_by_reading_exact_states(exact: onnx.ModelProto, folder: Path) -> None:
    texts = sentences(2_000)
    right = answers(exact, folder, texts)
    rounded = quantised(exact)
    turned = answers(rounded, folder, texts) != right
    rescued = turned & (answers(reading_exactly(rounded, products(rounded)), folder, texts) == right)
    assert rescued.any()
    chosen = Trial(folder, MAX_TOKENS, asked(texts, right, rescued)).good_enough(exact)
    assert len(products(chosen)) < len(products(rounded))


def test_a_graph_that_loses_more_is_refused_with_figures_and_the_way_out(exact: onnx.ModelProto, folder: Path) -> None:
    texts = sentences(2_000)
    right = answers(exact, folder, texts)
    rounded = quantised(exact)
    lost = answers(reading_exactly(rounded, products(rounded)), folder, texts) != right
    assert lost.any()
    with pytest.raises(ModelRefused, match=r"in fp32 100\.00% of the intents; more than 0\.3% .* another seed"):
        Trial(folder, MAX_TOKENS, asked(texts, right, lost)).good_enough(exact)
