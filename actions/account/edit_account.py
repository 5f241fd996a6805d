"""Changes name, phone or e-mail after a yes."""

from actions.account.account_action import AccountAction
from actions.account.details import described, split_name
from actions.base import Event
from actions.desk import Desk


class EditAccount(AccountAction):
    clears = ("account_change",)

    def act(self, desk: Desk, key: str) -> list[Event]:
        change: dict[str, str] = desk.get("account_change") or {}
        first, last = split_name(change["name"]) if "name" in change else (None, None)
        desk.shop.edit_customer(
            desk.customer_id or "",
            key=key,
            actor=desk.actor,
            first_name=first,
            last_name=last or None,
            phone=change.get("phone"),
            email=change.get("email"),
        )
        desk.say("utter_account_edited", change=described(change, desk.language))
        return []
