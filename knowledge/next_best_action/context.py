"""What is known when the next action is chosen; and the part of it that a policy may learn from."""

from dataclasses import dataclass

import numpy as np

from knowledge.customers.transactions import Floats

UNKNOWN = 0.5
"""For a probability that nobody has predicted (a new customer, no models fitted yet)."""
FEATURES = ("one", "consent", "mood", "had_problem", "active", "churn", "overdue", "value", "fatigue")
"""What a policy reads, in this order. Nothing about who somebody is: no age, gender, health, religion or address."""


@dataclass(frozen=True)
class Context:
    """One customer at one moment. Probabilities and ranks are 0–1, None where nothing is known."""

    has_consent: bool = False
    """To personal offers, as it is now; not as it was when a profile was computed."""
    consent_asked_days_ago: float | None = None
    contacts_lately: int = 0
    """Offers, recommendations nobody asked for and campaign mails within `limits.fatigue.days`."""
    mood: float = 0.0
    """−1 (furious) to 1 (delighted)."""
    is_waiting: bool = False
    """What the customer came for is not done yet."""
    had_problem: bool = False
    """The shop got something wrong in this conversation's matter: late, damaged, missing …"""
    wants_person: bool = False
    asked_for_advice: bool = False
    """Then a recommendation is service and needs no consent."""
    voucher_share: float | None = None
    """What the best voucher in hand takes off the price, 0–1; None without one."""
    margin_share: float | None = None
    """The share of the price that is margin; None: `limits.margin.usual`."""
    vouchers_this_year: int = 0
    has_recommendations: bool = False
    active: float | None = None
    """Probability of a purchase within 28 days."""
    churn: float | None = None
    """Probability of none within 56 days."""
    recency_over_gap: float | None = None
    """Days since the last purchase over the customer's usual gap."""
    value_rank: float | None = None
    """Share of customers who spent less."""

    def features(self) -> dict[str, float]:
        """By name, in the order of FEATURES, each between −1 and 1."""
        overdue = 0.0 if self.recency_over_gap is None else min(self.recency_over_gap / 4, 1.0)
        values = (
            1.0,
            float(self.has_consent),
            self.mood,
            float(self.had_problem),
            _known(self.active),
            _known(self.churn),
            overdue,
            _known(self.value_rank),
            min(self.contacts_lately / 4, 1.0),
        )
        return dict(zip(FEATURES, values, strict=True))


def vector(features: dict[str, float]) -> Floats:
    """(len(FEATURES),) what a logged decision said; a feature that came later counts as 0."""
    return np.array([features.get(name, 0.0) for name in FEATURES])


def _known(probability: float | None) -> float:
    return UNKNOWN if probability is None else probability
