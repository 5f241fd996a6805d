"""Whose points."""

from actions.form import KefuForm
from actions.identification.identity import Identity


class LoyaltyPointsForm(KefuForm):
    steps = (Identity(),)
