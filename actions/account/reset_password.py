"""Has a link sent; says the same whether the account exists or not."""

from actions.account.account_action import AccountAction
from actions.base import Event
from actions.desk import Desk


class ResetPassword(AccountAction):
    clears = ("account_email",)

    def act(self, desk: Desk, key: str) -> list[Event]:
        email = desk.text("account_email") or ""
        desk.shop.request_password_reset(email, key=key, actor=desk.actor)
        desk.say("utter_password_reset", email=email)
        return []
