"""The first step of every form about somebody's own things: proving who they are."""

from actions.desk import Desk
from actions.form import Step
from actions.identification import proofs

GIVES_UP_AFTER = 3


class Identity(Step):
    """Fills `customer_id` from what was said, by `policy.identification`. Proven once, it holds for the conversation.

    What does not fit is forgotten and asked for again, with the same words whether the order, the e-mail or the pair is
    wrong; after three wrong tries the form ends and a person is offered.
    """

    slot = "customer_id"

    def read(self, desk: Desk) -> None:
        if desk.customer_id:
            return
        self._collect(desk)
        given = {
            "order_number": desk.text("order_number"),
            "email": desk.text("email"),
            "full_name": desk.text("person_name"),
            "postcode": desk.text("postcode"),
        }
        is_first = desk.requested is None  # then what was said before the form may do
        if not (is_first or desk.changed) or not self._is_enough(desk, given):
            return
        found = desk.shop.identify(**given)
        if found:
            desk.put("customer_id", found.customer_id)
        else:
            self._forget(desk)

    def _collect(self, desk: Desk) -> None:
        is_asked = desk.requested == self.slot
        said = desk.said
        if numbers := said.order_numbers:
            desk.put("order_number", numbers[0])
        if emails := said.emails:
            desk.put("email", emails[-1].lower())
        if code := proofs.postcode(said, is_asked):
            desk.put("postcode", code)
        if name := proofs.person(said, is_asked):
            desk.put("person_name", name)

    @staticmethod
    def _is_enough(desk: Desk, given: dict[str, str | None]) -> bool:
        has = {"name" if part == "full_name" else part for part, value in given.items() if value}
        return any(set(proof.split("+")) <= has for proof in desk.shop.policy.identification)

    @staticmethod
    def _forget(desk: Desk) -> None:
        for slot in ("order_number", "email", "postcode", "person_name"):
            desk.put(slot, None)
        tries = desk.problem_before.times + 1 if desk.problem_before and desk.problem_before.code == "not_found" else 1
        desk.refuse("not_found", is_final=tries >= GIVES_UP_AFTER)

    def ask(self, desk: Desk) -> None:
        """Ask for what is missing to the proof that is nearest to what was given."""
        has = {name for name, slot in _SLOTS.items() if desk.text(slot)}
        accepted = [set(proof.split("+")) for proof in desk.shop.policy.identification if proof != "signed"]
        nearest = min(accepted, key=lambda proof: (len(proof - has), len(proof)), default=set())
        missing = nearest - has
        order_is_needed = all("order_number" in proof for proof in accepted)
        if not order_is_needed:
            desk.say("utter_ask_email_or_name" if "email" in missing else "utter_ask_postcode_or_name")
        elif "order_number" not in has:
            desk.say("utter_ask_order_number_only" if has else "utter_ask_order_number_and_email")
        else:
            desk.say("utter_ask_email_of_order", order_number=desk.text("order_number"))


_SLOTS = {"order_number": "order_number", "email": "email", "name": "person_name", "postcode": "postcode"}
