"""Why the order is to be cancelled: one of the reasons that the policy accepts."""

from actions import wording
from actions.choosing import Choice, choose
from actions.desk import Desk
from actions.form import Step
from actions.orders.reading.reasons import read_reason


class Reason(Step):
    slot = "cancel_reason"

    def read(self, desk: Desk) -> None:
        if desk.requested == "confirmed" and desk.said.drops_it:  # "nope, changed my mind" is no other reason
            return
        if desk.get(self.slot) and desk.said.is_about_something_else("cancel_order"):  # 有优惠券吗 is no other reason
            return
        accepted = desk.shop.policy.cancel_order.reasons
        said = read_reason(desk.heard.text, accepted)
        if not said and desk.requested is None:  # it may stand in another part of the message
            said = read_reason(desk.said.whole, accepted)
        if not said and desk.requested == self.slot:
            picked = choose(desk.said.text, desk.choices("reason"))
            said = picked[0].id if picked else None
        if said:
            desk.put(self.slot, said)

    def ask(self, desk: Desk) -> None:
        accepted = desk.shop.policy.cancel_order.reasons
        labels = [wording.reason(code, desk.language) for code in accepted]
        desk.offer([Choice(code, "reason", label) for code, label in zip(accepted, labels, strict=True)])
        buttons = [{"title": label[:1].upper() + label[1:], "payload": label} for label in labels]
        order_number = desk.text("order_number")
        desk.say("utter_ask_why_cancel", buttons, reasons=wording.numbered(labels), order_number=order_number)
