"""The last step before anything is written: the preview, and a plain yes to it."""

import re

from actions import wording
from actions.consent import takes_back
from actions.desk import Desk
from actions.form import Step
from actions.orders.operation import Operation
from actions.orders.refusals import refusal_response
from knowledge.shop.errors import RefusalCode, Refused

CANCELS = re.compile(r"(?<![a-z])cancel|取消|撤销")
CLEARED = {
    "gift_card_too_low": "payment_method",
    "payment_method_same": "payment_method",
    "payment_method_unknown": "payment_method",
    "refund_method_not_allowed": "payment_method",
    "variant_unavailable": "changes",
    "variant_unknown": "changes",
    "same_variant": "changes",
    "different_product": "changes",
    "quantity_not_allowed": "changes",
    "same_address": "address",
    "address_incomplete": "address",
    "reason_not_accepted": "cancel_reason",
}
"""What to ask for again after a refusal; every other refusal ends the form."""


class Confirmation(Step):
    """Fills `confirmed`: True on a yes that changes nothing, False on "never mind" or a second no."""

    slot = "confirmed"

    def __init__(self, operation: Operation) -> None:
        self.operation = operation

    def read(self, desk: Desk) -> None:
        if desk.requested != self.slot or desk.problem:
            return
        was_declined = bool(desk.problem_before and desk.problem_before.code == "declined")
        if desk.has_news():
            desk.put(self.slot, None)
        elif was_declined and desk.said.is_yes:
            desk.changed["problem"] = (
                None  # a yes to "what shall be different?" is none to what was refused: show it again
            )
        elif self._agrees(desk) or self._repeats_the_request(desk):
            desk.put(self.slot, True)
        elif desk.said.drops_it:
            desk.put(self.slot, False)
        elif desk.said.is_no:
            self._decline(desk, was_declined)

    def _agrees(self, desk: Desk) -> bool:
        """ "ok, cancel it" agrees to a cancellation and to nothing else."""
        return desk.said.is_yes and ("cancel" in self.operation.topic or not CANCELS.search(desk.said.folded))

    def _repeats_the_request(self, desk: Desk) -> bool:
        """ "cancel it" in answer to "shall I cancel it?" is a yes; "change the address" asks for another one."""
        is_same = desk.said.intent == self.operation.topic and not self.operation.topic.startswith("change_")
        return is_same and len(desk.said.text) <= 20 and not desk.said.is_no and not takes_back(desk.said.folded)

    def _decline(self, desk: Desk, was_declined: bool) -> None:
        if was_declined:
            desk.put(self.slot, False)
        else:
            desk.refuse("declined")

    def check(self, desk: Desk) -> None:
        """Let the shop object before the customer is asked to say yes."""
        self._leave_out_what_stays(desk)
        if refusal := self._refusal(desk):
            self._object(desk, refusal)

    def check_early(self, desk: Desk) -> None:
        """Let it object, while something is still missing, to what no further answer can mend."""
        if not self.operation.refused_early:
            return
        self._leave_out_what_stays(desk)
        refusal = self._refusal(desk)
        if refusal and refusal.code in self.operation.refused_early:
            self._object(desk, refusal)

    def _leave_out_what_stays(self, desk: Desk) -> None:
        """Go on without the items that cannot come back, as long as there are others."""
        kept_here: list[str] = []
        while (refusal := self._refusal(desk)) and refusal.code == RefusalCode.ITEM_NOT_RETURNABLE:
            if not _without(desk, refusal.facts["line_id"]):
                return
            code, facts = refusal_response(refusal, desk)
            kept_here.append(facts["product"])
            facts["product"] = wording.listing(kept_here, desk.language)
            desk.refuse(code, is_final=False, **facts)

    def _refusal(self, desk: Desk) -> Refused | None:
        try:
            self.operation.preview(desk)
        except Refused as refusal:
            return refusal
        return None

    def _object(self, desk: Desk, refusal: Refused) -> None:
        code, facts = refusal_response(refusal, desk)
        cleared = CLEARED.get(refusal.code.value)
        if cleared == "payment_method" and desk.customer and len(desk.customer.payment_methods) < 2:
            cleared = None
        if cleared:
            desk.put(cleared, None)
        desk.refuse(code, is_final=cleared is None, **facts)

    def ask(self, desk: Desk) -> None:
        if desk.problem and desk.problem.code == "declined":
            return
        facts = self.operation.facts(desk, self.operation.preview(desk))
        yes, no = wording.pick(("Yes", "确认"), desk.language), wording.pick(("No", "先不"), desk.language)
        buttons = [{"title": yes, "payload": yes}, {"title": no, "payload": no}]
        desk.say(f"utter_confirm_{self.operation.topic}", buttons, **facts)


def _without(desk: Desk, line_id: object) -> bool:
    """Whether anything is left when this line is taken out."""
    items = [item for item in desk.get("items") or [] if item != line_id]
    changes = [change for change in desk.get("changes") or [] if change["line_id"] != line_id]
    if items or changes:
        desk.put("items", items or None)
        desk.put("changes", changes or None)
    return bool(items or changes)
