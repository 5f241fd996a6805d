"""A shift in what customers write raises the alarm; chance does not."""

from pathlib import Path

import numpy as np
import pytest

from nlu.dataset import read_examples
from nlu.drift import Drift, Snapshot, Window, drift
from nlu.drift_report import drift_report
from nlu.errors import DatasetError, ModelIncompatible
from nlu.interpreter import Interpreter
from nlu.types import Understanding

FROZEN = Path(__file__).with_name("frozen")
SHIFTED = ("track_order", "cancel_order")


@pytest.fixture(scope="module")
def heard(interpreter: Interpreter) -> dict[str, list[Understanding]]:
    """Three groups of frozen English sentences: two alike, one about other things; and a fourth in Chinese."""
    english = read_examples(FROZEN / "intents_en.yml", "nlu")
    mixed = english[::3] + english[1::3]
    some = [one.text for one in english if one.label in SHIFTED or "parcel" in one.text]
    chinese = [one.text for one in read_examples(FROZEN / "intents_zh.yml", "nlu")[::8]]
    texts = {"then": mixed[::2], "later": mixed[1::2], "parcels": [], "chinese": []}
    found = {name: [interpreter.parse(one.text) for one in ones[:300]] for name, ones in texts.items() if ones}
    found["parcels"] = [interpreter.parse(text) for text in (some * 4)[:120]]
    found["chinese"] = [interpreter.parse(text) for text in chinese]
    return found


@pytest.fixture(scope="module")
def snapshot(heard: dict[str, list[Understanding]]) -> Snapshot:
    return Snapshot.of(heard["then"] + heard["chinese"], "training")


def drifts_of(snapshot: Snapshot, heard: list[Understanding]) -> dict[tuple[str, str | None], Drift]:
    window = Window(snapshot)
    for one in heard:
        window.hear(one)
    return {(one.measure, one.language): one for one in window.drifts()}


def test_other_messages_of_the_same_kind_raise_no_alarm(
    snapshot: Snapshot, heard: dict[str, list[Understanding]]
) -> None:
    found = drifts_of(snapshot, heard["later"] + heard["chinese"])
    assert {measure for measure, _ in found} == {"intent", "confidence", "topic", "distance", "scope", "language"}
    assert [one for one in found.values() if one.is_alarm] == []


def test_an_injected_shift_raises_the_alarm(snapshot: Snapshot, heard: dict[str, list[Understanding]]) -> None:
    found = drifts_of(snapshot, heard["parcels"])
    assert found["intent", "en"].is_alarm and found["topic", "en"].is_alarm and found["language", None].is_alarm
    assert found["topic", "en"].psi > found["topic", "en"].noise
    page = drift_report(snapshot, list(found.values()), 7)
    assert "moved (PSI" in page and "<script" not in page


def test_a_few_messages_raise_no_alarm_however_odd(snapshot: Snapshot, heard: dict[str, list[Understanding]]) -> None:
    assert not any(one.is_alarm for one in drifts_of(snapshot, heard["parcels"][:20]).values())


def test_messages_that_another_model_read_are_not_counted(
    snapshot: Snapshot, heard: dict[str, list[Understanding]]
) -> None:
    other = Snapshot("another", snapshot.source, snapshot.made, snapshot.messages, snapshot.languages)
    assert all(one.messages == 0 for one in drifts_of(other, heard["later"][:60]).values())


def test_a_snapshot_is_the_same_after_it_was_written_and_read(snapshot: Snapshot) -> None:
    assert Snapshot.from_json(snapshot.to_json(), "here") == snapshot
    for broken in ("", "{}", "[]", '{"languages": 3}'):
        with pytest.raises(ModelIncompatible, match="somewhere holds no snapshot"):
            Snapshot.from_json(broken, "somewhere")


def test_a_snapshot_of_too_few_messages_is_refused(heard: dict[str, list[Understanding]]) -> None:
    with pytest.raises(DatasetError, match="needs 50 messages of one language; there are 10"):
        Snapshot.of(heard["then"][:10], "traffic")


def test_chance_stays_below_its_bound() -> None:
    """Of 1,000 pairs drawn from one spread, hardly any lies above `noise`."""
    chance = np.random.default_rng(1)
    shares = np.array([0.3, 0.25, 0.2, 0.15, 0.1])

    def drawn() -> dict[str, int]:
        return {str(name): int(count) for name, count in enumerate(chance.multinomial(300, shares))}

    above = sum(one.psi > one.noise for one in (drift("topic", "en", drawn(), drawn()) for _ in range(1000)))
    assert above <= 5
