"""The lift: right on a known truth, and honest where there is none."""

import numpy as np
import pytest

from knowledge.campaigns.errors import CampaignError
from knowledge.campaigns.lift import (
    Arm,
    difference_of_means,
    difference_of_rates,
    lift,
    ratio_of_rates,
    responses,
    states,
)
from knowledge.campaigns.post import SmtpPost
from knowledge.campaigns.sending import Office, send
from tests.knowledge.campaigns.conftest import NOW, MailServer, Transaction, add_order, planned


def arm(people: int, buyers: int) -> Arm:
    return Arm(people, buyers, np.zeros(people))


def test_the_interval_is_newcombes() -> None:
    found = difference_of_rates(arm(70, 56), arm(80, 48))  # his example (a): .20 [.0524, .3339]
    assert found.value == pytest.approx(0.2)
    assert found.low == pytest.approx(0.0524, abs=1e-4) and found.high == pytest.approx(0.3339, abs=1e-4)
    assert not found.includes(0)


def test_rates_of_nothing_and_everything_have_intervals() -> None:
    for mail, control in ((arm(10, 0), arm(10, 0)), (arm(10, 10), arm(20, 20)), (arm(10, 0), arm(20, 20))):
        found = difference_of_rates(mail, control)
        assert -1 <= found.low <= found.value <= found.high <= 1 and found.high > found.low
    assert ratio_of_rates(arm(10, 0), arm(10, 3)) is None


def test_the_intervals_cover_the_truth_as_often_as_they_say() -> None:
    random, hits = np.random.default_rng(3), {"difference": 0, "ratio": 0, "spend": 0}
    for _ in range(300):
        bought = (random.random(400) < 0.16, random.random(150) < 0.10)
        spends = [np.where(each, random.lognormal(3, 0.8, len(each)), 0.0) for each in bought]
        mail, control = (Arm(len(each), int(each.sum()), spend) for each, spend in zip(bought, spends, strict=True))
        ratio = ratio_of_rates(mail, control)
        truth = (0.16 - 0.10) * np.exp(3 + 0.8**2 / 2)
        hits["difference"] += difference_of_rates(mail, control).includes(0.06)
        hits["ratio"] += ratio is None or ratio.includes(1.6)
        hits["spend"] += difference_of_means(mail.spend, control.spend).includes(truth)
    assert all(count / 300 > 0.9 for count in hits.values()), hits


def test_no_effect_is_said_to_be_possible_when_there_is_none() -> None:
    random, wrong = np.random.default_rng(4), 0
    for _ in range(200):
        mail, control = (arm(n, int(random.binomial(n, 0.12))) for n in (400, 100))
        wrong += not difference_of_rates(mail, control).includes(0)
    assert wrong / 200 < 0.09


@pytest.fixture
def sent(transaction: Transaction, office: Office, mails: MailServer) -> Transaction:
    planned(transaction, control=0.25, seed=3)
    with SmtpPost(mails.server) as post:
        send(transaction, "spring", office, post, lambda: NOW)
    return transaction


def members(transaction: Transaction, arm_name: str) -> list[str]:
    from sqlalchemy import select

    from knowledge.campaigns.schema import MemberRow

    with transaction() as session:
        return list(session.scalars(select(MemberRow.customer_id).where(MemberRow.arm == arm_name)))


def test_both_arms_count_from_the_first_mail_and_undone_orders_do_not(sent: Transaction) -> None:
    from datetime import timedelta

    mailed, control = members(sent, "mail"), members(sent, "control")
    with sent() as session:
        for customer in mailed[:15]:
            add_order(session, customer, NOW + timedelta(days=3))
        add_order(session, mailed[0], NOW + timedelta(days=4))
        add_order(session, mailed[20], NOW + timedelta(days=4), status="cancelled")
        add_order(session, mailed[21], NOW + timedelta(days=29))
        for customer in control[:1]:
            add_order(session, customer, NOW + timedelta(days=3))
        found = lift(session, "spring", 28, NOW + timedelta(days=40))
        assert (found.mail.people, found.mail.buyers, found.control.people, found.control.buyers) == (30, 15, 10, 1)
        assert found.mail.spend.sum() == pytest.approx(16 * 19.80) and found.days_left == 0
        assert found.difference.value == pytest.approx(0.4) and not found.difference.includes(0)
        early = lift(session, "spring", 28, NOW + timedelta(days=1))
        assert early.mail.buyers == 0 and early.days_left == pytest.approx(27)
        assert states(session, "spring") == {"sent": 30, "held out": 10}
        assert responses(session, "spring") == {"replied": 0, "unsubscribed": 0}


def test_who_was_drawn_but_not_reached_stays_in_the_comparison(
    transaction: Transaction, office: Office, mails: MailServer
) -> None:
    planned(transaction, control=0.25)
    mails.answer = lambda recipient: "550 no" if recipient.startswith("c1") else None
    with SmtpPost(mails.server) as post:
        send(transaction, "spring", office, post, lambda: NOW)
    with transaction() as session:
        assert lift(session, "spring", 28, NOW).mail.people == 30


def test_arms_too_small_and_campaigns_not_sent_are_not_shown(
    transaction: Transaction, office: Office, mails: MailServer
) -> None:
    planned(transaction, control=0.1)
    with transaction() as session, pytest.raises(CampaignError, match="has not been sent"):
        lift(session, "spring", 28, NOW)
    with SmtpPost(mails.server) as post:
        send(transaction, "spring", office, post, lambda: NOW)
    with transaction() as session, pytest.raises(CampaignError, match="fewer than 5 people in an arm"):
        lift(session, "spring", 28, NOW)
