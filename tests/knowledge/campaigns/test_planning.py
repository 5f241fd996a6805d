"""Planning: who fits, who is held out, what is refused."""

from collections import Counter
from datetime import timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from knowledge.campaigns.audience import Condition, Criteria, find_audience
from knowledge.campaigns.errors import CampaignError
from knowledge.campaigns.facts import coupon_conditions
from knowledge.campaigns.lift import Arm, difference_of_rates
from knowledge.campaigns.message import Message, load_message, message_from, packaged_names
from knowledge.campaigns.permission import Cap, Permission
from knowledge.campaigns.planning import Design, draw, plan
from knowledge.campaigns.power import detectable, usual_rate
from knowledge.campaigns.schema import CampaignRow, MemberRow
from knowledge.profiles.schema import ProfileRow
from knowledge.shop.schema import CouponRow, CustomerRow
from knowledge.shop.shop import Shop
from tests.knowledge.campaigns.conftest import CUSTOMERS, NOW, PRINTS, Transaction, planned


def profile(session: Session, customer_id: str, segment: str, churn: float) -> None:
    session.add(
        ProfileRow(
            customer_id=customer_id,
            computed_at=NOW,
            version="v1",
            segment=segment,
            segment_since=NOW,
            features={"recency_days": 30.0},
            predictions=[{"task": "churn", "value": churn, "reasons": []}],
        )
    )


def found(transaction: Transaction, criteria: Criteria) -> tuple[list[str], dict[str, int]]:
    with transaction() as session:
        audience = find_audience(session, criteria, Permission.for_many(session, PRINTS, Cap(), NOW))
    return list(audience.customers), dict(audience.left_out)


def test_everybody_who_agreed_fits_unless_more_is_asked_for(transaction: Transaction) -> None:
    customers, left_out = found(transaction, Criteria())
    assert len(customers) == CUSTOMERS and left_out == {"no consent": 1}
    chinese, left_out = found(transaction, Criteria(language="zh"))
    assert len(chinese) == CUSTOMERS // 4 and left_out["another language"] == 31
    first, left_out = found(transaction, Criteria(limit=6))
    assert first == customers[:6] and left_out["over the limit"] == CUSTOMERS - 6


def test_segments_and_predictions_choose_and_who_has_none_is_left_out(transaction: Transaction) -> None:
    with transaction() as session:
        for number in range(20):
            profile(session, f"c{number:02}", "at_risk" if number < 12 else "loyal", number / 20)
    assert len(found(transaction, Criteria(segments=("at_risk",)))[0]) == 12
    criteria = Criteria(("at_risk",), (Condition.read("churn >= 0.3"), Condition.read("recency_days<31")))
    customers, left_out = found(transaction, criteria)
    assert customers == [f"c{number:02}" for number in range(6, 12)]
    assert left_out == {"another segment": 8, "no profile yet": 21, "a condition does not hold": 6}
    with pytest.raises(CampaignError, match="no profile has a figure 'nobody_knows'; they have: churn, recency_days"):
        found(transaction, Criteria(conditions=(Condition.read("nobody_knows>0"),)))
    with pytest.raises(CampaignError, match="no customer is in a segment 'champs'; there are: at_risk, loyal"):
        found(transaction, Criteria(segments=("champs",)))


def test_without_profiles_the_way_to_them_is_told(transaction: Transaction) -> None:
    with pytest.raises(CampaignError, match="kefu crm fit"):
        found(transaction, Criteria(segments=("loyal",)))


@pytest.mark.parametrize("text", ["churn", "churn=0.4", "churn>>1", ">1", "churn>=a", "Churn>1", "churn>1.2.3"])
def test_a_condition_that_is_none_is_told(text: str) -> None:
    with pytest.raises(CampaignError, match="is no condition"):
        Condition.read(text)


def test_the_control_group_has_the_share_asked_for_and_the_seed_draws_it_again() -> None:
    arms = draw(1000, 0.2, 7)
    assert Counter(arms) == {"mail": 800, "control": 200}
    assert draw(1000, 0.2, 7) == arms != draw(1000, 0.2, 8)
    assert draw(10, 0.0, 7) == ["mail"] * 10


def test_every_customer_is_as_likely_to_be_held_out() -> None:
    held_out: Counter[int] = Counter()
    for seed in range(600):
        held_out.update(place for place, arm in enumerate(draw(20, 0.25, seed)) if arm == "control")
    assert min(held_out.values()) > 100 and max(held_out.values()) < 200  # 150 expected, ± 11


def test_a_plan_is_stored_whole(transaction: Transaction) -> None:
    planned(transaction, control=0.25, seed=11)
    with transaction() as session:
        campaign = session.get_one(CampaignRow, "spring")
        assert (campaign.seed, campaign.control_share, campaign.sent_from) == (11, 0.25, None)
        assert campaign.audience["left_out"] == {"no consent": 1} and campaign.audience["cap"] == {
            "mails": 1,
            "days": 7,
        }
        assert message_from(campaign.message, "spring") == load_message("picked_for_you")
        states = Counter(session.scalars(select(MemberRow.state)))
    assert states == {"waiting": 30, "held out": 10}


def test_a_name_is_taken_once_and_a_tiny_audience_is_none(transaction: Transaction) -> None:
    planned(transaction)
    with pytest.raises(CampaignError, match="there is a campaign 'spring' already"):
        planned(transaction)
    with pytest.raises(CampaignError, match="is no name"):
        planned(transaction, name="Spring Sale")
    with pytest.raises(CampaignError, match=r"fewer than 5 customers fit; left out: .*another language"):
        with transaction() as session:
            session.execute(
                delete(CustomerRow).where(CustomerRow.customer_id.in_([f"c{n:02}" for n in range(0, 28, 4)]))
            )
        planned(transaction, name="small", criteria=Criteria(language="zh"))


def test_an_empty_shop_has_no_campaign(transaction: Transaction) -> None:
    with transaction() as session:
        session.execute(delete(CustomerRow))
    with pytest.raises(CampaignError, match="there is nobody"), transaction() as session:
        plan(session, "x", load_message("thank_you"), Design(Criteria(), Cap(), 0.2, 1), PRINTS, NOW + timedelta(1))


@pytest.mark.parametrize("name", packaged_names())
def test_the_messages_that_come_with_kefu_say_the_same_in_both_languages(name: str) -> None:
    message = load_message(name)
    assert len(message.en.paragraphs) == len(message.zh.paragraphs)
    assert any("一" <= letter <= "鿿" for letter in message.zh.subject)
    assert ("{coupon}" in " ".join(message.en.texts())) == ("{coupon}" in " ".join(message.zh.texts()))


def wrong(**changes: Any) -> dict[str, Any]:
    words = load_message("thank_you").model_dump(mode="json")
    return {**words, **changes}


@pytest.mark.parametrize(
    ("changes", "named"),
    [
        ({"zh": None}, "zh"),
        ({"products": 99}, "products"),
        ({"colour": "red"}, "colour"),
        ({"link": "javascript:alert(1)"}, "link"),
        ({"en": {**wrong()["en"], "subject": "Hi {phone}"}}, "names {phone}"),
        ({"en": {**wrong()["en"], "subject": "Hi {name.__class__}"}}, "name.__class__"),
        ({"en": {**wrong()["en"], "subject": "Use {coupon}"}}, "names {coupon}"),
        ({"en": {**wrong()["en"], "subject": "Hi {"}}, "Single '{'"),
        ({"en": {**wrong()["en"], "subject": "two\nlines"}}, "subject"),
    ],
)
def test_a_wrong_message_is_told_with_its_key(changes: dict[str, Any], named: str) -> None:
    with pytest.raises(CampaignError) as error:
        message_from(wrong(**changes), "mine.yml")
    assert "mine.yml" in str(error.value) and named in str(error.value)


def test_a_message_of_ones_own_and_one_that_is_not_there(tmp_path: Path) -> None:
    file = tmp_path / "mine.yml"
    file.write_text(__import__("yaml").safe_dump(wrong(products=2), allow_unicode=True), "utf-8")
    assert isinstance(load_message(str(file)), Message) and load_message(str(file)).products == 2
    for name in ("nothing", str(tmp_path / "no.yml")):
        with pytest.raises(CampaignError, match=r"nothing|no\.yml"):
            load_message(name)
    file.write_text("a: [", "utf-8")
    with pytest.raises(CampaignError, match="not valid YAML"):
        load_message(str(file))


def test_a_plan_says_how_large_an_effect_must_be_to_be_seen() -> None:
    assert detectable(800, 200, 0.1) == pytest.approx(2.8016 * (0.09 * (1 / 800 + 1 / 200)) ** 0.5, rel=1e-3)
    assert detectable(800, 0, 0.1) is None
    random, found = np.random.default_rng(5), 0
    smallest = detectable(800, 200, 0.1) or 0.0
    for _ in range(400):
        mail = Arm(800, int(random.binomial(800, 0.1 + smallest)), np.zeros(1))
        control = Arm(200, int(random.binomial(200, 0.1)), np.zeros(1))
        found += not difference_of_rates(mail, control).includes(0)
    assert 0.65 < found / 400 < 0.95  # 80 % by the formula


def test_the_usual_rate_is_that_of_the_members_last_month(transaction: Transaction) -> None:
    planned(transaction)
    with transaction() as session:
        assert usual_rate(session, "spring", NOW) == 0
        assert usual_rate(session, "spring", NOW - timedelta(days=20)) == 10 / CUSTOMERS


def test_what_a_coupon_asks_of_an_order_is_told_when_planning(transaction: Transaction) -> None:
    with transaction() as session:
        shop, message = Shop(session), load_message("we_miss_you")
        assert coupon_conditions(load_message("thank_you"), shop) == coupon_conditions(message, shop) == []
        coupon = session.get_one(CouponRow, "WELCOME10")
        coupon.minimum_spend, coupon.category = Decimal(50), "kitchen"
        session.flush()
        assert coupon_conditions(message, shop) == ["orders from $50", "products of the category 'kitchen'"]
