"""Name, phone or e-mail of the account."""

from actions.account.confirmation import Confirmation
from actions.account.details import NewDetails, described
from actions.desk import Desk
from actions.form import KefuForm
from actions.identification.identity import Identity


def _facts(desk: Desk) -> dict[str, str]:
    return {"change": described(desk.get("account_change"), desk.language)}


class EditAccountForm(KefuForm):
    steps = (NewDetails(), Identity(), Confirmation("utter_confirm_edit_account", _facts))
