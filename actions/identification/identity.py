"""The first step of every form about somebody's own things: proving who they are."""

import re
from collections.abc import Collection, Mapping

from actions.desk import Desk
from actions.form import Step
from actions.identification import proofs
from actions.mood import brings_trouble

GIVES_UP_AFTER = 3
NO_NUMBER_PROBLEM = "no_order_number"
NO_NUMBER = re.compile(
    r"(?:don't|do not|can't|cannot|couldn't|didn't|haven't|no) (?:\w+ ){0,3}?(?:order )?number|lost (?:it|the number)|"
    r"forgot|don't (?:know|remember|have) (?:it|that)|no idea|where (?:do|can) i find|"
    r"(?:没有?|不知道|不记得|忘了?|忘记|找不到|哪里?(?:能|可以)?[看找查]).{0,6}(?:单号|号)|(?:单号|号码?).{0,6}(?:没有?|不知道|不记得|忘|找不到|在哪|哪里)|^忘了|"
    r"^(?:不知道|不记得|找不到)了?"
)
PARTS = {"order_number": "order_number", "email": "email", "full_name": "person_name", "postcode": "postcode"}
"""What can be part of a proof, as `Shop.identify` names it, and the slot it is kept in."""
PROOF_NAMES = {"full_name": "name"}
"""How the policy names it, where that differs."""


class Identity(Step):
    """Fills `customer_id` from what was said, by `policy.identification`. Proven once, it holds for the conversation.

    What does not fit is asked for again, with the same words whether the order, the e-mail or the pair is wrong. It is
    kept, so that correcting one part is enough. After three wrong tries the form ends and a person is offered; the form
    may be begun anew. What ends guessing is the shop: it counts wrong proofs beyond form and conversation
    (`identification_tries`), and then refuses right ones too.
    """

    slot = "customer_id"

    def read(self, desk: Desk) -> None:
        if desk.customer_id:
            return
        said_now = self._collect(desk)
        given = {part: desk.text(slot) for part, slot in PARTS.items()}
        is_first = desk.requested is None  # then what was said before the form may do
        if desk.requested == self.slot and not said_now and self._has_no_number(desk):
            desk.refuse(NO_NUMBER_PROBLEM)
            return
        if not (is_first or desk.changed) or not self._is_enough(desk, given):
            return
        found = desk.shop.identify(**given, conversation_id=desk.sender)
        if found:
            desk.put("customer_id", found.customer_id)
        elif is_first and not self._is_enough(desk, said_now):
            self._forget_all_but(desk, said_now)  # the rest is left over from an earlier try
        else:
            self._object(desk)

    @staticmethod
    def _has_no_number(desk: Desk) -> bool:
        is_needed = all("order_number" in proof for proof in desk.shop.policy.identification if proof != "signed")
        return is_needed and not desk.text("order_number") and bool(NO_NUMBER.search(desk.said.folded))

    @staticmethod
    def _forget_all_but(desk: Desk, kept: Collection[str]) -> None:
        for part, slot in PARTS.items():
            if part not in kept:
                desk.put(slot, None)

    @staticmethod
    def _collect(desk: Desk) -> dict[str, str]:
        """What this message says, by part; it is put into the slots.

        A code of any shape answers the question for the order number. Beside a name it is the postcode.
        """
        is_asked, said = desk.requested == Identity.slot, desk.said
        name = proofs.person(said, is_asked)
        numbers = said.order_numbers or (said.codes if is_asked and not (name or desk.text("person_name")) else [])
        found = {
            "order_number": next(iter(numbers), None),
            "email": said.emails[-1].lower() if said.emails else None,
            "postcode": proofs.postcode(said, is_asked),
            "full_name": name,
        }
        said_now = {part: value for part, value in found.items() if value}
        for part, value in said_now.items():
            desk.put(PARTS[part], value)
        return said_now

    @staticmethod
    def _is_enough(desk: Desk, given: Mapping[str, str | None]) -> bool:
        has = {PROOF_NAMES.get(part, part) for part, value in given.items() if value}
        return any(set(proof.split("+")) <= has for proof in desk.shop.policy.identification)

    def _object(self, desk: Desk) -> None:
        tries = desk.problem_before.times + 1 if desk.problem_before and desk.problem_before.code == "not_found" else 1
        desk.refuse("not_found", is_final=tries >= GIVES_UP_AFTER)
        if desk.is_over:
            self._forget_all_but(desk, ())

    def ask(self, desk: Desk) -> None:
        """Ask for what is missing to the proof that is nearest to what was given."""
        was_wrong = desk.problem is not None and desk.problem.code == "not_found"
        has = set() if was_wrong else {PROOF_NAMES.get(part, part) for part, slot in PARTS.items() if desk.text(slot)}
        accepted = [set(proof.split("+")) for proof in desk.shop.policy.identification if proof != "signed"]
        nearest = min(accepted, key=lambda proof: (len(proof - has), len(proof)), default=set())
        missing = nearest - has
        order_is_needed = all("order_number" in proof for proof in accepted)
        if desk.problem and desk.problem.code == NO_NUMBER_PROBLEM:
            return  # whose own sentence asks
        sorry = "_sorry" if not (was_wrong or has) and brings_trouble(desk) else ""
        if not order_is_needed:
            desk.say(f"utter_ask_email_or_name{sorry}" if "email" in missing else "utter_ask_postcode_or_name")
        elif "order_number" not in has:
            desk.say("utter_ask_order_number_only" if has else f"utter_ask_order_number_and_email{sorry}")
        else:
            desk.say("utter_ask_email_of_order", order_number=desk.text("order_number"))
