"""A copy of one's own data: who, a summary at once, and whether the full copy is wanted."""

from actions.account.confirmation import Confirmation
from actions.account.own_data import summary
from actions.form import KefuForm
from actions.identification.identity import Identity


class PrivacyMyDataForm(KefuForm):
    steps = (Identity(), Confirmation("utter_confirm_privacy_my_data", summary))
