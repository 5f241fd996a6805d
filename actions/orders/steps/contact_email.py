"""Where an answer can be sent to somebody who has not said who they are."""

from actions.desk import Desk
from actions.form import Step


class ContactEmail(Step):
    slot = "email"

    def read(self, desk: Desk) -> None:
        if emails := desk.said.emails:
            desk.put(self.slot, emails[-1].lower())

    def is_missing(self, desk: Desk) -> bool:
        return not desk.customer_id and not desk.text(self.slot)

    def ask(self, desk: Desk) -> None:
        desk.say("utter_ask_contact_email")
