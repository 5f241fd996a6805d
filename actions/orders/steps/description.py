"""What happened, in the customer's own words: for the person who will read the ticket."""

from actions.desk import Desk
from actions.form import Step

LONGEST = 1000


class Description(Step):
    slot = "description"

    def read(self, desk: Desk) -> None:
        if desk.requested in (None, self.slot) and desk.said.text.strip():
            told = [desk.text(self.slot) or "", desk.said.text.strip()]
            desk.put(self.slot, "\n".join(filter(None, told))[:LONGEST])

    def is_missing(self, desk: Desk) -> bool:
        return False

    def ask(self, desk: Desk) -> None:
        """What opened the form is the description; nobody has to tell it twice."""
