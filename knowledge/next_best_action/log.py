"""The log of choices: written with every choice, rewarded when it is known what came of it, read to judge policies.

Customers stand in it under a pseudonym (a keyed hash that the caller hands in); the features hold nothing that names
anybody. `forget` takes a customer out, `forget_before` what is too old.
"""

import json
from collections.abc import Callable, Iterable
from datetime import datetime, timedelta
from hashlib import sha256

from sqlalchemy import delete, func, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from knowledge.customers.shop_lines import SENT_BACK
from knowledge.next_best_action.actions import SELLING, Action
from knowledge.next_best_action.choosing import Choice
from knowledge.next_best_action.limits import Limits
from knowledge.next_best_action.rules import RULES, Because
from knowledge.next_best_action.schema import DecisionRow
from knowledge.shop.schema import OrderRow
from knowledge.shop.types import OrderStatus

Pseudonym = Callable[[str], str]
"""A customer id → the name the customer has in the log."""
UNDONE = (OrderStatus.CANCELLED, *SENT_BACK)
BATCH = 500


def key_of(asked: str, subject: str, possible: Iterable[Action]) -> str:
    """The key of a choice: what is being answered (a message), for whom, and between what."""
    return sha256(json.dumps([asked, subject, sorted(possible)]).encode()).hexdigest()


def made(session: Session, key: str) -> Choice | None:
    """The choice that was logged under this key."""
    row = session.scalar(select(DecisionRow).where(DecisionRow.key == key))
    if row is None:
        return None
    took = {one["rule"]: tuple(map(Action, one["actions"])) for one in row.because}
    return Choice(
        Action(row.action),
        row.propensity,
        tuple(Because(rule, took[rule.name]) for rule in RULES if rule.name in took),
        row.policy,
        {Action(action): chance for action, chance in row.propensities.items()},
        row.features,
    )


def write_once(session: Session, choice: Choice, subject: str, at: datetime, key: str) -> Choice:
    """Log a choice; where another process was quicker with the same key, its choice stands and is returned."""
    try:
        with session.begin_nested():
            write(session, choice, subject, at, key)
    except IntegrityError:
        if quicker := made(session, key):
            return quicker
        raise
    return choice


def write(session: Session, choice: Choice, subject: str, at: datetime, key: str | None = None) -> int:
    """Log a choice that is acted upon; returns its number. The caller commits, with what the action does."""
    row = DecisionRow(
        key=key,
        at=at,
        subject=subject,
        policy=choice.policy_version,
        action=choice.action.value,
        propensity=choice.propensity,
        propensities={action.value: chance for action, chance in choice.propensities.items()},
        features=choice.features,
        because=[{"rule": one.rule.name, "actions": [str(action) for action in one.actions]} for one in choice.because],
        reward=None,
        rewarded_at=None,
    )
    session.add(row)
    session.flush()
    return row.decision_id


def contacts_since(session: Session, subject: str, since: datetime) -> int:
    """How often something was offered, recommended or asked for; for `Context.contacts_lately`."""
    query = select(func.count()).where(
        DecisionRow.subject == subject,
        DecisionRow.at >= since,
        DecisionRow.action.in_([action.value for action in SELLING]),
    )
    return session.scalar(query) or 0


def vouchers_since(session: Session, subject: str, since: datetime) -> int:
    """How many vouchers were given; for `Context.vouchers_this_year`."""
    given = (Action.OFFER.value, Action.APOLOGISE_WITH_VOUCHER.value)
    query = select(func.count()).where(
        DecisionRow.subject == subject, DecisionRow.at >= since, DecisionRow.action.in_(given)
    )
    return session.scalar(query) or 0


def last_asked(session: Session, subject: str) -> datetime | None:
    """When the customer was last asked for consent."""
    query = select(func.max(DecisionRow.at)).where(
        DecisionRow.subject == subject, DecisionRow.action == Action.ASK_CONSENT.value
    )
    return session.scalar(query)


def reward_due(session: Session, pseudonym: Pseudonym, limits: Limits, now: datetime) -> int:
    """Give every choice whose time is over its reward; returns how many. An order counts from its placing."""
    wait = timedelta(days=limits.reward.within_days)
    due = session.scalars(
        select(DecisionRow).where(DecisionRow.reward.is_(None), DecisionRow.at <= now - wait).order_by(DecisionRow.at)
    ).all()
    if not due:
        return 0
    orders = _orders(session, pseudonym, due[0].at, now)
    for row in due:
        has_bought = any(row.at < placed <= row.at + wait for placed in orders.get(row.subject, ()))
        row.reward = limits.reward.of(Action(row.action), has_bought)
        row.rewarded_at = now
    session.flush()
    return len(due)


def forget(session: Session, subject: str) -> int:
    """Take a customer's choices out of the log; returns how many there were."""
    count = session.scalar(select(func.count()).where(DecisionRow.subject == subject)) or 0
    session.execute(delete(DecisionRow).where(DecisionRow.subject == subject))
    return count


def forget_before(session: Session, moment: datetime) -> int:
    """Take out what was chosen before `moment`, rewarded or not; returns how many there were."""
    before = DecisionRow.at < moment
    count = session.scalar(select(func.count()).where(before)) or 0
    if count:
        session.execute(delete(DecisionRow).where(before))
    return count


def _orders(session: Session, pseudonym: Pseudonym, since: datetime, until: datetime) -> dict[str, list[datetime]]:
    """By pseudonym, when orders that stand were placed."""
    query = select(OrderRow.customer_id, OrderRow.placed_at).where(
        OrderRow.placed_at > since, OrderRow.placed_at <= until, OrderRow.status.not_in(UNDONE)
    )
    found: dict[str, list[datetime]] = {}
    for customer_id, placed_at in session.execute(query).yield_per(BATCH):
        if placed_at is not None:
            found.setdefault(pseudonym(customer_id), []).append(placed_at)
    return found
