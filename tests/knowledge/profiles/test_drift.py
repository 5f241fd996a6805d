from pathlib import Path

import numpy as np
import pytest

from knowledge.profiles.drift import ALARM, Snapshot
from knowledge.profiles.errors import ModelTampered


def columns(seed: int, shift: float = 0.0) -> dict[str, np.ndarray]:
    random = np.random.default_rng(seed)
    return {
        "recency_days": random.exponential(20, 3000) * np.exp(shift),
        "spend": random.lognormal(3, 1, 3000),
        "orders": random.poisson(2, 3000).astype(float),
    }


def test_the_same_customers_a_little_later_are_no_alarm() -> None:
    drifts = Snapshot.of(columns(1)).against(columns(2))
    assert len(drifts) == 3
    assert max(drift.index for drift in drifts) < 0.02
    assert not any(drift.is_alarm for drift in drifts)


def test_an_injected_shift_is_an_alarm_and_only_where_it_is() -> None:
    drifts = Snapshot.of(columns(1)).against(columns(2, shift=0.7))
    assert [(drift.name, drift.is_alarm) for drift in drifts if drift.index > 0.02] == [("recency_days", True)]
    assert drifts[0].index > ALARM
    assert drifts[0].mean_now > 1.8 * drifts[0].mean_then


def test_a_column_of_one_value_only_moves_when_the_value_does() -> None:
    snapshot = Snapshot.of({"orders": np.ones(100)})
    assert snapshot.against({"orders": np.ones(80)})[0].index < 0.001
    assert snapshot.against({"orders": np.full(80, 3.0)})[0].is_alarm


def test_a_handful_of_customers_raises_no_alarm() -> None:
    few = {name: values[:12] for name, values in columns(2).items()}
    drifts = Snapshot.of(columns(1)).against(few)
    assert max(drift.index for drift in drifts) > 0.2, "the bare index would"
    assert not any(drift.is_alarm for drift in drifts)


def test_chance_alone_raises_one_alarm_in_a_thousand_at_most() -> None:
    random = np.random.default_rng(3)
    alarms = [
        drift.is_alarm
        for _ in range(400)
        for drift in Snapshot.of({"x": random.normal(size=60)}).against({"x": random.normal(size=60)})
    ]
    assert sum(alarms) <= 6


def test_it_is_the_same_after_saving(tmp_path: Path) -> None:
    snapshot = Snapshot.of(columns(1))
    snapshot.save(tmp_path)
    assert Snapshot.load(tmp_path) == snapshot


def test_one_that_cannot_be_read_is_named(tmp_path: Path) -> None:
    (tmp_path / "drift.json").write_text("{}")
    with pytest.raises(ModelTampered, match=r"drift\.json"):
        Snapshot.load(tmp_path)
