"""Closing the account: who, and are they sure."""

from actions.account.confirmation import Confirmation
from actions.form import KefuForm
from actions.identification.identity import Identity


class DeleteAccountForm(KefuForm):
    steps = (Identity(), Confirmation("utter_confirm_delete_account"))
