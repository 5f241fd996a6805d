"""Records the no to the newsletter, with its time."""

from actions.account.account_action import AccountAction
from actions.base import Event
from actions.desk import Desk


class NewsletterUnsubscribe(AccountAction):
    def act(self, desk: Desk, key: str) -> list[Event]:
        receipt = desk.shop.set_newsletter_consent(desk.customer_id or "", False, key=key, actor=desk.actor)
        desk.say("utter_not_subscribed" if receipt.facts["was_already"] else "utter_unsubscribed")
        return []
