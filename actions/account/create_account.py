"""Opens an account after a yes."""

from actions.account.account_action import AccountAction
from actions.account.details import split_name
from actions.base import Event
from actions.desk import Desk
from knowledge.shop.errors import RefusalCode, Refused


class CreateAccount(AccountAction):
    clears = ("account_name", "account_email")

    def act(self, desk: Desk, key: str) -> list[Event]:
        """Whoever gave the e-mail still has to open the link sent there; it says the same if the account existed."""
        email, name = desk.text("account_email") or "", desk.text("account_name") or ""
        first, last = split_name(name)
        try:
            desk.shop.create_customer(email, first, last, key=key, actor=desk.actor, locale=desk.language)
        except Refused as refused:
            if refused.code is not RefusalCode.EMAIL_TAKEN:
                raise
        desk.shop.request_password_reset(email, key=f"{key}:link", actor=desk.actor)
        desk.say("utter_account_created", name=name, email=email)
        return []
