"""Records the request to close the account."""

from actions.account.account_action import UTTER_ASKS_BACK, AccountAction, tell
from actions.base import Event
from actions.desk import Desk


class DeleteAccount(AccountAction):
    def act(self, desk: Desk, key: str) -> list[Event]:
        asks = desk.must_ask_back("delete")
        receipt = desk.shop.request_account_deletion(desk.customer_id or "", key=key, actor=desk.actor, ask_back=asks)
        tell(desk, receipt, UTTER_ASKS_BACK if asks else "utter_account_deletion_requested")
        return []
