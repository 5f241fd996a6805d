"""What can be done next for a customer."""

from enum import StrEnum


class Action(StrEnum):
    SOLVE_ONLY = "solve_only"
    """Do what was asked, and nothing beside it. Always allowed."""
    APOLOGISE_WITH_VOUCHER = "apologise_with_voucher"
    OFFER = "offer"
    RECOMMEND = "recommend"
    ASK_CONSENT = "ask_consent"
    HAND_OFF = "hand_off"


SELLING = frozenset({Action.OFFER, Action.RECOMMEND, Action.ASK_CONSENT})
"""What wants something from the customer."""
