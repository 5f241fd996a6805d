"""The foreign sets as they are read, and the shipped model's figures on them."""

from pathlib import Path

import pytest

from nlu.errors import DatasetError
from nlu.interpreter import Interpreter
from nlu.transfer import bitext, jd, tau
from nlu.transfer.mapping import load_mapping
from nlu.transfer.rows import Row
from nlu.transfer.scoring import Share, score
from nlu.transfer.sources import SOURCES, Source, chosen


@pytest.fixture(scope="module")
def model() -> Interpreter:
    return Interpreter.load()


def rows(source: Source, model: Interpreter, data: Path) -> list[Row]:
    return source.read(data, load_mapping(source.mapping, model.metadata.intents))


@pytest.mark.parametrize("source", SOURCES, ids=lambda source: source.name)
def test_every_row_has_words_a_label_and_no_placeholder(source: Source, model: Interpreter, shared_data: Path) -> None:
    read = rows(source, model, shared_data)
    assert {row.part for row in read} == {"look", "test"}
    assert not [row for row in read if any(mask in row.text for mask in ("{{", "x]", "ORDERID", "#E-s"))]
    assert all(row.labels for row in read)


def test_what_may_be_looked_at_of_jd_shares_no_conversation_with_what_is_counted(shared_data: Path) -> None:
    mapping = load_mapping("jd", Interpreter.load().metadata.intents)
    every, some, reviewed = (read(shared_data, mapping) for read in (jd.read_turns, jd.read_wishes, jd.read_reviewed))
    assert len(every) > len(some) > len(reviewed) > 600
    assert {row.text for row in reviewed} <= {row.text for row in some}


@pytest.mark.parametrize(
    "raw", ["是的", "[ORDERID_10124449]", "咨询订单号:[ORDERID_10190503]商品ID:4354960", "#E-s[数字x]好的"]
)
def test_an_answer_a_number_or_a_card_from_a_page_says_nothing_by_itself(raw: str) -> None:
    assert not jd.says_something(raw)


def test_an_instruction_becomes_what_the_customer_says() -> None:
    story = "You've lost your job and want to return everything you bought. Ask the agent to refund you."
    assert tau.first_person(story) == "I've lost my job and want to return everything I bought. Ask you to refund me."


def test_wilsons_interval_is_the_one_of_the_books() -> None:
    low, high = Share(81, 263).interval()
    assert (round(low, 4), round(high, 4)) == (0.2553, 0.3662)
    assert Share(0, 0).interval() == (0.0, 1.0)


def test_a_request_counts_wherever_it_stands_in_a_message(model: Interpreter) -> None:
    mapping = load_mapping("bitext", model.metadata.intents)
    said = "where is my order #W1234567 and cancel order #W7654321"
    counted = score(model, [Row(said, ("cancel_order",), "test"), Row("knock knock", ("review",), "test")], mapping)
    assert (counted.first.count, counted.any_segment.right) == (1, 1)
    assert counted.refused.count == 1


def test_a_missing_set_is_named_with_the_way_out(model: Interpreter, tmp_path: Path) -> None:
    with pytest.raises(DatasetError, match=r"train\.parquet is missing; --data"):
        bitext.read_intents(tmp_path, load_mapping("bitext", model.metadata.intents))


@pytest.mark.parametrize(("name", "floor"), [("bitext", 0.95), ("jd", 0.66), ("tau-stories", 0.7)])
def test_the_shipped_model_reads_a_few_of_what_nobody_here_wrote(
    name: str, floor: float, model: Interpreter, shared_data: Path
) -> None:
    (source,) = chosen(SOURCES, [name])
    counted = [row for row in rows(source, model, shared_data) if row.part == "test"]
    few = counted[:: max(1, len(counted) // 150)]
    figures = score(model, few, load_mapping(source.mapping, model.metadata.intents))
    assert figures.any_segment.value >= floor
