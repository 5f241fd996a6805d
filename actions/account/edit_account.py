"""Changes name, phone or e-mail after a yes."""

from actions.account.account_action import UTTER_ASKS_BACK, AccountAction, tell
from actions.account.details import described, split_name
from actions.base import Event
from actions.desk import Desk


class EditAccount(AccountAction):
    clears = ("account_change",)

    def act(self, desk: Desk, key: str) -> list[Event]:
        change: dict[str, str] = dict(desk.get("account_change") or {})
        new_email = change.pop("email") if "email" in change and desk.must_ask_back("change_email") else None
        if new_email:
            receipt = desk.shop.request_email_change(
                desk.customer_id or "", new_email, key=f"{key}:email", actor=desk.actor
            )
            tell(desk, receipt, UTTER_ASKS_BACK)
        if change:
            self._edit(desk, change, key)
        return []

    @staticmethod
    def _edit(desk: Desk, change: dict[str, str], key: str) -> None:
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
