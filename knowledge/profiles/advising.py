"""The next best action for a customer at this moment: profile, consent and mood → a choice, and its place in the log.

The models' figures are those of the last fit; consent, contacts and vouchers are looked up when they are used.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256

import numpy as np
from sqlalchemy.orm import Session

from knowledge.campaigns.permission import mails_since
from knowledge.next_best_action.actions import Action
from knowledge.next_best_action.choosing import Choice, choose
from knowledge.next_best_action.context import Context
from knowledge.next_best_action.limits import Limits, load_limits
from knowledge.next_best_action.log import contacts_since, key_of, last_asked, made, vouchers_since, write_once
from knowledge.next_best_action.policies import Policies
from knowledge.profiles.pseudonyms import Pseudonyms
from knowledge.profiles.reading import Computed, read_computed
from knowledge.shop.columns import utc_now
from knowledge.shop.shop import Shop
from knowledge.shop.types import Coupon, Customer

PROBLEMS = frozenset({"complaint", "damaged", "late", "missing", "payment", "wrong"})
"""Kinds of open tickets that mean that the shop got something wrong."""
WAITS = PROBLEMS | {"handoff"}
"""Kinds of open tickets that the customer is waiting for: first that, then the rest."""
YEAR = timedelta(days=365)


@dataclass(frozen=True)
class Moment:
    """What the conversation says, beside the open tickets, which are looked up; nothing of it is kept with the profile.

    `mood` from -1 (furious) to 1.
    """

    mood: float = 0.0
    is_waiting: bool = False
    had_problem: bool = False
    wants_person: bool = False
    asked_for_advice: bool = False
    has_recommendations: bool = False
    voucher: Coupon | None = None
    possible: frozenset[Action] = frozenset(Action)
    """What the conversation would do at this place; SOLVE_ONLY is always among it."""


class Advisor:
    """Reads and writes through `session`; `before_write` is called before the log is written."""

    def __init__(
        self,
        session: Session,
        shop: Shop,
        before_write: Callable[[], None] = lambda: None,
        now: Callable[[], datetime] = utc_now,
        limits: Limits | None = None,
    ) -> None:
        self._session = session
        self._shop = shop
        self._before_write = before_write
        self._now = now
        self._limits = limits or load_limits()

    def preview(self, customer: Customer, moment: Moment, key: str) -> Choice:
        """What would be chosen. Nothing is logged, so nothing must be done with it but look."""
        pseudonyms = Pseudonyms.kept(self._session)  # without any nothing has been logged
        return self._choose(customer, moment, pseudonyms.of(customer.customer_id) if pseudonyms else "", key)

    def decide(self, customer: Customer, moment: Moment, key: str) -> Choice:
        """Choose and log it: the caller acts on the choice. The same `key` (a message, say) gives the same choice, and
        it stands in the log once."""
        self._before_write()
        subject = Pseudonyms.of_shop(self._session).of(customer.customer_id)
        logged_as = key_of(key, subject, moment.possible)
        if choice := made(self._session, logged_as):
            return choice
        choice = self._choose(customer, moment, subject, key)
        return write_once(self._session, choice, subject, self._now(), logged_as)

    def _choose(self, customer: Customer, moment: Moment, subject: str, key: str) -> Choice:
        random = np.random.default_rng(int.from_bytes(sha256(key.encode()).digest()[:8]))
        context, served = self._context(customer, moment, subject), Policies(self._session).current()
        return choose(context, served, random, self._limits, moment.possible)

    def _context(self, customer: Customer, moment: Moment, subject: str) -> Context:
        computed, now = read_computed(self._session, customer.customer_id), self._now()
        answered = None if customer.newsletter_consent else customer.newsletter_consent_at
        asked = max(filter(None, (last_asked(self._session, subject), answered)), default=None)
        since = now - timedelta(days=self._limits.fatigue.days)
        waits_for = {
            ticket.kind for ticket in self._shop.tickets_of(customer.customer_id) if ticket.status != "solved"
        } & WAITS
        return Context(
            has_consent=customer.newsletter_consent,
            consent_asked_days_ago=(now - asked).total_seconds() / 86_400 if asked else None,
            contacts_lately=contacts_since(self._session, subject, since)
            + mails_since(self._session, customer.customer_id, since),
            mood=moment.mood,
            is_waiting=moment.is_waiting or bool(waits_for),
            had_problem=moment.had_problem or bool(waits_for & PROBLEMS),
            wants_person=moment.wants_person,
            asked_for_advice=moment.asked_for_advice,
            voucher_share=_share(moment.voucher),
            vouchers_this_year=vouchers_since(self._session, subject, now - YEAR),
            has_recommendations=moment.has_recommendations,
            active=_predicted(computed, "active"),
            churn=_predicted(computed, "churn"),
            recency_over_gap=computed.features.get("recency_over_gap") if computed else None,
            value_rank=computed.features.get("spend_rank") if computed else None,
        )

    def voucher(self) -> Coupon | None:
        """The coupon that takes off most of what the margin leaves; for everybody and everything, and valid now."""
        most = self._limits.margin.usual - self._limits.margin.least_left + 1e-9
        fitting = [one for one in self._shop.public_coupons() if one.category is None and (_share(one) or 1.0) <= most]
        return max(fitting, key=lambda one: _share(one) or 0.0, default=None)


def _share(coupon: Coupon | None) -> float | None:
    return coupon.percent_off / 100 if coupon and coupon.percent_off else None


def _predicted(computed: Computed | None, task: str) -> float | None:
    found = computed.prediction(task) if computed else None
    return found.value if found else None
