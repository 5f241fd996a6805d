"""Chances of redeeming an offer: habits are found; nothing from its start on is read."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from knowledge.customers.transactions import Transactions
from knowledge.prediction import DamagedModel, PredictionError, measures, offers
from knowledge.prediction.offer_history import OfferHistory, Sendings
from tests.knowledge.prediction.shops import CUT, shop, silently, with_more

pytest.importorskip("sklearn")
STARTS = CUT + np.array([-180.0, -130.0, -80.0, -10.0])


def campaigns(transactions: Transactions) -> OfferHistory:
    """Everybody gets every offer; every third customer redeems most of them, the others hardly ever."""
    random, count = np.random.default_rng(5), len(transactions.customers)
    everybody = np.tile(np.arange(count, dtype=np.int32), 4)
    offer = np.repeat(np.arange(4, dtype=np.int32), count)
    redeems = random.uniform(size=len(everybody)) < np.where(everybody % 3 == 0, 0.7, 0.05)
    who, which = everybody[redeems], offer[redeems]
    days = STARTS[which] + random.uniform(1, 20, len(who))
    items = tuple(np.arange(5, dtype=np.int32) for _ in range(4))
    return OfferHistory(STARTS, STARTS + 25, np.array(["A"] * 4), items, everybody, offer, who, which, days, who, days)


def test_who_redeemed_before_will_again(tmp_path: Path) -> None:
    transactions = shop(200, later=30)
    history = campaigns(transactions)
    assert offers.ended_before(transactions, history, CUT - 10) == [0, 1, 2]
    model = offers.fit(transactions, history, CUT - 10, silently)
    customers, chances = model.predict(transactions, history, 3)
    labels = history.who_redeemed(3, customers)
    model.save(tmp_path)
    np.testing.assert_array_equal(offers.OfferModel.load(tmp_path).predict(transactions, history, 3)[1], chances)
    with pytest.raises(DamagedModel):
        offers.OfferModel.load(tmp_path / "elsewhere")
    assert measures.auc(chances, labels) > 0.8
    assert chances.mean() == pytest.approx(labels.mean(), abs=0.1)


def test_nothing_from_the_start_on_is_read() -> None:
    transactions = shop(100, later=30)
    history, start = campaigns(transactions), float(STARTS[2])
    expected = Sendings.of(transactions, history, 2).values
    known = history.redeemed_day < start
    forgetful = replace(
        history,
        redeemed_customer=history.redeemed_customer[known],
        redeemed_offer=history.redeemed_offer[known],
        redeemed_day=history.redeemed_day[known],
        coupon_customer=history.coupon_customer[history.coupon_day < start],
        coupon_day=history.coupon_day[history.coupon_day < start],
    )
    np.testing.assert_array_equal(Sendings.of(with_more(transactions, start, 3), forgetful, 2).values, expected)


def test_without_redeemed_offers_there_is_no_such_task() -> None:
    transactions = shop(50)
    with pytest.raises(PredictionError, match="20 redeemed offers"):
        offers.fit(transactions, campaigns(transactions), CUT - 170, silently)
