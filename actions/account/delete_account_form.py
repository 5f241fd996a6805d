"""Closing the account: who, and are they sure."""

from actions.account.retention import ConfirmationWithOffer
from actions.form import KefuForm
from actions.identification.identity import Identity


class DeleteAccountForm(KefuForm):
    steps = (Identity(), ConfirmationWithOffer("utter_confirm_delete_account"))
