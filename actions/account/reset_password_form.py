"""Which account's password is lost."""

from actions.account.details import AccountEmail
from actions.form import KefuForm


class ResetPasswordForm(KefuForm):
    steps = (AccountEmail("utter_ask_reset_email", takes_own=True),)
