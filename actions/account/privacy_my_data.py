"""Records the request for a full copy of one's data."""

from actions.account.account_action import AccountAction
from actions.base import Event
from actions.desk import Desk


class PrivacyMyData(AccountAction):
    def act(self, desk: Desk, key: str) -> list[Event]:
        receipt = desk.shop.request_data_export(desk.customer_id or "", key=key, actor=desk.actor)
        desk.say("utter_data_export_requested", ticket=receipt.facts["ticket_number"])
        return []
