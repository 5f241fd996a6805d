"""Name and e-mail of a new account."""

from actions.account.confirmation import Confirmation
from actions.account.details import AccountEmail, NewName
from actions.desk import Desk
from actions.form import KefuForm


def _facts(desk: Desk) -> dict[str, str]:
    return {"name": desk.text("account_name") or "", "email": desk.text("account_email") or ""}


class CreateAccountForm(KefuForm):
    steps = (
        AccountEmail("utter_ask_account_email"),
        NewName(),
        Confirmation("utter_confirm_create_account", _facts),
    )
