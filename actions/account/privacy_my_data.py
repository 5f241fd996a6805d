"""Records the request for a full copy of one's data."""

from actions.account.account_action import UTTER_ASKS_BACK, AccountAction, tell
from actions.base import Event
from actions.desk import Desk


class PrivacyMyData(AccountAction):
    def act(self, desk: Desk, key: str) -> list[Event]:
        asks = desk.must_ask_back("data_export")
        receipt = desk.shop.request_data_export(desk.customer_id or "", key=key, actor=desk.actor, ask_back=asks)
        tell(desk, receipt, UTTER_ASKS_BACK if asks else "utter_data_export_requested")
        return []
