"""Records the yes to the newsletter, with its time."""

from actions.account.account_action import AccountAction
from actions.base import Event
from actions.desk import Desk


class NewsletterSubscribe(AccountAction):
    def act(self, desk: Desk, key: str) -> list[Event]:
        receipt = desk.shop.set_newsletter_consent(desk.customer_id or "", True, key=key, actor=desk.actor)
        desk.say("utter_already_subscribed" if receipt.facts["was_already"] else "utter_subscribed")
        return []
