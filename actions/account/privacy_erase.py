"""Records the request to erase personal data; the account goes with it."""

from actions.account.account_action import AccountAction
from actions.base import Event
from actions.desk import Desk


class PrivacyErase(AccountAction):
    def act(self, desk: Desk, key: str) -> list[Event]:
        receipt = desk.shop.request_account_deletion(desk.customer_id or "", key=key, actor=desk.actor)
        desk.say("utter_erasure_requested", ticket=receipt.facts["ticket_number"])
        return []
