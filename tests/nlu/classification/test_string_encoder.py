"""An encoder that takes the text itself: what is missing is named."""

import importlib.util
from pathlib import Path

import pytest

from nlu.classification.encoders import find_workshop
from nlu.classification.string_encoder import ReadStrings, StringGraph
from nlu.errors import EncoderNotFound


def test_a_missing_graph_is_named(tmp_path: Path) -> None:
    with pytest.raises(EncoderNotFound, match=r"model\.onnx is missing"):
        StringGraph(tmp_path)


@pytest.mark.skipif(importlib.util.find_spec("onnxruntime_extensions") is not None, reason="it is installed here")
def test_the_missing_library_is_named(tmp_path: Path) -> None:
    (tmp_path / "model.onnx").write_bytes(b"")
    with pytest.raises(EncoderNotFound, match="pip install onnxruntime-extensions"):
        StringGraph(tmp_path)


def test_the_best_encoder_is_the_multilingual_one_where_it_alone_is_there(tmp_path: Path) -> None:
    (tmp_path / "use-multilingual-v3").mkdir()
    workshop = find_workshop(tmp_path, best=True)
    assert "use-multilingual-v3" in workshop.description
    assert all(isinstance(learners[0], ReadStrings) for learners in workshop.learners.values())


def test_without_a_folder_the_best_encoders_are_named() -> None:
    with pytest.raises(EncoderNotFound, match="use-multilingual-v3"):
        find_workshop(None, best=True)
