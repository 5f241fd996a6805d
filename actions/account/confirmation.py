"""The last step of a form that writes: a plain yes or no to what will be done."""

from collections.abc import Callable, Mapping

from actions import wording
from actions.desk import Desk
from actions.form import Step

Facts = Mapping[str, str]


def no_facts(_: Desk) -> Facts:
    return {}


class Confirmation(Step):
    """Asks with `response`, whose placeholders `facts` fills. False ends the form as well: nothing is written then.

    A yes only counts as the answer to this question, and not beside a correction: then it is asked anew.
    """

    slot = "confirmed"

    def __init__(self, response: str, facts: Callable[[Desk], Facts] = no_facts) -> None:
        self._response = response
        self._facts = facts

    def read(self, desk: Desk) -> None:
        if desk.requested != self.slot or desk.has_news():
            desk.put(self.slot, None)
        elif desk.said.is_yes:
            desk.put(self.slot, True)
        elif desk.said.is_no:
            desk.put(self.slot, False)

    def ask(self, desk: Desk) -> None:
        yes, no = wording.pick(("Yes", "确认"), desk.language), wording.pick(("No", "先不"), desk.language)
        desk.say(self._response, [{"title": word, "payload": word} for word in (yes, no)], **self._facts(desk))
