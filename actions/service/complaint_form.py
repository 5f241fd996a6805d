"""A complaint: what happened, in the customer's own words."""

import re

from actions.desk import Desk
from actions.form import KefuForm, Step
from actions.words import is_chinese

ENOUGH_LETTERS = {True: 9, False: 28}
"""By whether it is Chinese: shorter than this and the opening message is an outcry rather than an account."""


class Story(Step):
    slot = "complaint"

    def read(self, desk: Desk) -> None:
        text = desk.said.text.strip()
        if desk.get(self.slot):
            return
        tells = desk.said.intent == "complaint" and len(text) >= ENOUGH_LETTERS[is_chinese(text)]
        refuses = desk.said.is_no and desk.said.intent in ("deny", "nevermind")  # "nobody answered me" is a story
        answers = desk.requested == self.slot and re.search(r"\w{2}", text) and not refuses
        if tells or answers:
            desk.put(self.slot, text)

    def ask(self, desk: Desk) -> None:
        desk.say("utter_ask_complaint")


class ComplaintForm(KefuForm):
    steps = (Story(),)
