"""The back-test: what it measures, and that it can't see what it must not."""

from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from knowledge.profiles.backtest import backtest
from knowledge.profiles.errors import ProfileError
from knowledge.profiles.fitting import Source
from tests.knowledge.profiles.conftest import CUT, source


def quiet(_what: str, _share: float) -> None: ...


@pytest.fixture(scope="module")
def figures() -> dict[str, dict[str, Any]]:
    return backtest(source(150, days=240), quiet)


def test_every_part_is_measured_beside_its_simplest_rule(figures: dict[str, dict[str, Any]]) -> None:
    recommendation, segmentation = figures["recommendation"], figures["segmentation"]
    assert 0 < recommendation["ndcg at 10"] < 1
    assert "ndcg of what they bought most" in recommendation
    assert 0.3 < segmentation["stay for 28 days"] <= 1
    assert 0 < segmentation["eta squared of the next 28 days' spend"] < 1
    assert set(figures["prediction"]) == {"active", "churn", "purchases", "spend"}


def test_predictions_know_more_than_nothing(figures: dict[str, dict[str, Any]]) -> None:
    predicted = figures["prediction"]
    assert predicted["active"]["auc"] > 0.7
    assert predicted["churn"]["auc"] > 0.7
    assert predicted["purchases"]["mae"] < predicted["purchases"]["mae of the mean"]


def test_what_nobody_can_foresee_is_not_foreseen() -> None:
    """Labels drawn anew for everybody: were the future read, it would still be known."""
    given = source(150, days=240)
    rows = given.transactions
    future = rows.day >= CUT - 28
    drawn = np.sort(np.random.default_rng(3).choice(150, int(future.sum()))).astype(np.int32)
    customer = np.concatenate([rows.customer[~future], drawn])
    by = np.argsort(customer, kind="stable")
    columns = {
        name: np.concatenate([getattr(rows, name)[~future], getattr(rows, name)[future]])[by]
        for name in ("item", "order", "day", "quantity", "amount")
    }
    shuffled = replace(rows, customer=customer[by], **columns)
    figures = backtest(replace(given, transactions=_sorted(shuffled)), quiet)
    assert figures["prediction"]["active"]["auc"] < 0.68


def _sorted(rows: Any) -> Any:
    by = np.lexsort((rows.day, rows.customer))
    names = ("customer", "item", "order", "day", "quantity", "amount")
    return replace(rows, **{name: getattr(rows, name)[by] for name in names})


def test_a_short_history_says_that_there_is_nothing_to_test_on() -> None:
    given: Source = source(40, days=60)
    with pytest.raises(ProfileError, match="less than 84 days"):
        backtest(given, quiet)


def test_a_part_with_too_few_customers_says_so_and_the_others_are_measured() -> None:
    figures = backtest(source(12, days=240), quiet)
    assert "30" in figures["segmentation"]["not measured"]
    assert "active" in figures["prediction"]
