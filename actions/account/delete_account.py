"""Records the request to close the account."""

from actions.account.account_action import AccountAction
from actions.base import Event
from actions.desk import Desk


class DeleteAccount(AccountAction):
    def act(self, desk: Desk, key: str) -> list[Event]:
        receipt = desk.shop.request_account_deletion(desk.customer_id or "", key=key, actor=desk.actor)
        desk.say("utter_account_deletion_requested", ticket=receipt.facts["ticket_number"])
        return []
