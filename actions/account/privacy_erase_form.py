"""Erasing personal data: who, and are they sure."""

from actions.account.confirmation import Confirmation
from actions.form import KefuForm
from actions.identification.identity import Identity


class PrivacyEraseForm(KefuForm):
    steps = (Identity(), Confirmation("utter_confirm_privacy_erase"))
