"""The reviewed files that say what other people's labels mean here."""

from pathlib import Path

import pytest

from nlu.errors import DatasetError
from nlu.interpreter import Interpreter
from nlu.transfer.mapping import load_mapping
from nlu.transfer.sources import SOURCES, chosen
from tests.parquet import read_column

INTENTS = ("cancel_order", "track_order")


def mapping_file(folder: Path, text: str) -> Path:
    (folder / "foreign.yml").write_text(text, "utf-8")
    return folder


@pytest.fixture(scope="module")
def intents() -> tuple[str, ...]:
    return Interpreter.load().metadata.intents


@pytest.mark.parametrize("name", ["bitext", "jd", "tau"])
def test_the_shipped_mappings_name_intents_of_the_shipped_model(name: str, intents: tuple[str, ...]) -> None:
    mapping = load_mapping(name, intents)
    assert all(mapping.accepted([label]) for label in mapping.covered)
    assert not any(mapping.accepted([label]) for label in mapping.uncovered)
    assert all(why for why in mapping.uncovered.values())


def test_every_label_of_jd_is_covered_or_has_a_reason_not_to_be(intents: tuple[str, ...], shared_data: Path) -> None:
    mapping = load_mapping("jd", intents)
    rows = (shared_data / "jddc_zh" / "action_list.tsv").read_text("utf-8").splitlines()
    names = {name for row in rows if (name := row.split("\t")[1])}
    assert names == mapping.covered.keys() | mapping.uncovered.keys()


def test_all_27_labels_of_bitext_are_judged(intents: tuple[str, ...], shared_data: Path) -> None:
    mapping = load_mapping("bitext", intents)
    labels = read_column(shared_data / "bitext_intents" / "train.parquet", "intent")
    assert set(labels) == mapping.covered.keys() | mapping.uncovered.keys()


def test_several_wishes_accept_the_intents_of_each(tmp_path: Path) -> None:
    text = "covered: {stop: cancel_order, where: [track_order]}\nuncovered: [{why: no such thing, labels: [fly]}]\n"
    mapping = load_mapping("foreign", INTENTS, mapping_file(tmp_path, text))
    assert mapping.accepted(["stop", "where"]) == {"cancel_order", "track_order"}
    assert mapping.accepted(["stop", "fly"]) == frozenset()
    with pytest.raises(DatasetError, match=r"foreign\.yml: label 'sing'"):
        mapping.accepted(["sing"])


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("covered: {stop: cancel}\nuncovered: []\n", "'stop' means 'cancel', which is no intent"),
        ("covered: {stop: cancel_order}\nuncovered: [{why: x, labels: [stop]}]\n", "'stop' is covered and uncovered"),
    ],
)
def test_a_slip_in_a_mapping_is_told_with_file_and_label(tmp_path: Path, text: str, words: str) -> None:
    with pytest.raises(DatasetError, match=words):
        load_mapping("foreign", INTENTS, mapping_file(tmp_path, text))


def test_placeholders_are_filled_the_same_way_each_time(intents: tuple[str, ...]) -> None:
    mapping = load_mapping("bitext", intents)
    filled = mapping.filled("cancel {{Order Number}} for {{Person Name}}")
    assert "{{" not in filled
    assert filled == mapping.filled("cancel {{Order Number}} for {{Person Name}}")


def test_an_unknown_set_is_told_with_those_that_there_are() -> None:
    with pytest.raises(DatasetError, match="bitext-27k"):
        chosen(SOURCES, ["bytext"])
