"""A customer with an errand. Reads nothing but the bot's words and buttons, and answers in ordinary English."""

import random
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from benchmarks.tau_checking import Objection, objection
from benchmarks.tau_goals import LOOK, Errand, Goal, Item, Proof
from benchmarks.tau_reading import Asks, Heard, Reply, hear
from benchmarks.tau_sentences import ANSWERS, HELLOS, IN_FULL, JOINERS, OPENINGS, REASONS, say
from benchmarks.tau_words import address_line, item_names, listed, method_names, one_with, swaps

MOST_TURNS_A_GOAL = 12
PATIENCE = 2
"""Refusals or misunderstandings that the customer bears for one goal."""
HASTY = 0.25
"""The share of customers who write in lower case, addresses excepted, and leave out the full stop."""
MEANINGS = {
    "cancel": "cancel an order",
    "return": "return an item",
    "exchange": "exchange an item",
    "change items": "change items of an order",
    "change address": "change an order's delivery address",
    "change default address": "change my default address",
    LOOK: "see what is in an order",
}
"""Which button says what the customer meant, when the bot asks which."""
ORDINALS = ("first", "second", "third", "fourth", "fifth", "sixth")


@dataclass(frozen=True)
class Ending:
    """How a goal ended, as far as the customer can tell."""

    goal: Goal
    is_reached: bool
    turns: int


class Customer:
    """One conversation's customer. `opening()`, then `answer(replies)` until it is None."""

    def __init__(self, errand: Errand, choice: random.Random) -> None:
        self._proofs: list[Proof] = list(errand.proofs)
        self._waiting: list[Goal] = list(errand.goals)
        self._choice = choice
        self._is_hasty = choice.random() < HASTY
        self._is_leaving = False
        self.endings: list[Ending] = []

    def opening(self) -> str:
        return self._written(self._begin(self._pick(HELLOS)))

    def answer(self, replies: Sequence[Reply]) -> str | None:
        """What the customer says to the bot's turn; None when there is nothing more to say."""
        if self._is_leaving:
            return None
        heard = hear(replies)
        self._turns += 1
        self._asked[heard.asks] += 1
        return self._written(self._say_to(heard))

    def _say_to(self, heard: Heard) -> str:
        if self._is_settled(heard):
            return self._next(is_reached=not heard.is_refusal)
        if self._turns >= MOST_TURNS_A_GOAL or self._is_being_asked_in_circles(heard):
            return self._give_up()
        return self._respond(heard)

    def _written(self, said: str) -> str:
        return said.lower().rstrip(".") if self._is_hasty and not self._goal.address else said

    # A goal from its beginning to its end.

    def _begin(self, hi: str) -> str:
        self._goal = self._waiting.pop(0)
        self._turns = self._failures = 0
        self._asked: Counter[Asks] = Counter()
        self._has_answered_confirmation = self._is_giving_up = False
        self._objection: Objection | None = None
        return self._say(self._pick(OPENINGS[self._goal.kind]), hi=hi)

    def _next(self, *, is_reached: bool) -> str:
        self.endings.append(Ending(self._goal, is_reached, self._turns))
        if self._waiting:
            return self._begin(self._pick(JOINERS))
        self._is_leaving = True
        return self._pick(ANSWERS["goodbye"])

    def _give_up(self) -> str:
        """Say so once; what the bot answers to that no longer matters."""
        if self._is_giving_up:
            return self._next(is_reached=False)
        self._is_giving_up = True
        return self._pick(ANSWERS["give up"])

    def _is_settled(self, heard: Heard) -> bool:
        if heard.asks not in (Asks.NOTHING, Asks.MORE):
            return False
        if self._goal.kind == LOOK:
            return self._goal.order_number in heard.order_numbers
        return self._has_answered_confirmation or self._is_giving_up

    def _is_being_asked_in_circles(self, heard: Heard) -> bool:
        often = 2 + max(len(self._goal.items), len(self._proofs) if heard.asks is Asks.IDENTITY else 0)
        return heard.asks not in (Asks.NOTHING, Asks.CONFIRM) and self._asked[heard.asks] > often

    # What is said to each question.

    def _respond(self, heard: Heard) -> str:
        if self._is_giving_up:
            return self._give_up()
        match heard.asks:
            case Asks.CONFIRM:
                return self._confirm(heard)
            case Asks.WHAT_TO_CHANGE:
                return self._what_to_change()
            case Asks.PERSON:
                return self._no_person()
            case Asks.IDENTITY if self._goal.address is None or "name" in heard.text or "mail" in heard.text:
                return self._identify()
            case Asks.ADDRESS | Asks.IDENTITY if self._goal.address:
                return self._answer("address")
            case Asks.ORDER if self._goal.order_number:
                return self._answer("order")
            case Asks.ITEMS if self._goal.items:
                return self._items()
            case Asks.VARIANT if self._goal.items:
                return self._variant(heard)
            case Asks.PAYMENT if self._goal.payment:
                return self._answer("payment")
            case Asks.REASON if self._goal.reason:
                return self._answer("reason")
            case Asks.MEANING:
                return self._meaning(heard)
            case _:
                return self._not_understood()

    def _confirm(self, heard: Heard) -> str:
        """Yes to what was asked for; what else the bot offers afterwards is left."""
        found = objection(heard.last, self._goal)
        if self._goal.is_taken_back or (found and self._has_answered_confirmation):
            self._has_answered_confirmation = True
            return self._answer("take back")
        self._objection = found
        if found:
            return self._object(found)
        self._has_answered_confirmation = True
        return self._answer("yes")

    def _object(self, found: Objection) -> str:
        return self._answer(found.kind, **found.fields)

    def _what_to_change(self) -> str:
        if self._goal.is_taken_back or self._objection is None:
            return self._answer("nothing")
        return self._object(self._objection)

    def _no_person(self) -> str:
        self._failures += 1
        return self._answer("no person") if self._failures < PATIENCE else self._give_up()

    def _identify(self) -> str:
        proof = self._proofs.pop(0) if len(self._proofs) > 1 else self._proofs[0]
        if proof.email:
            return self._answer("email", email=proof.email)
        return self._answer("name and zip", name=proof.full_name, zip=proof.zip_code)

    def _items(self) -> str:
        is_everything = not self._goal.others and len(self._goal.items) > 1 and self._goal.kind == "return"
        return self._answer("everything" if is_everything else "items")

    def _variant(self, heard: Heard) -> str:
        item = self._item_meant(heard.text)
        fitting = [place for place, label in enumerate(heard.choices) if _describes(label, item)]
        if len(fitting) == 1 and fitting[0] < len(ORDINALS) and self._choice.random() < 0.5:
            return f"The {ORDINALS[fitting[0]]} one, please."
        return self._answer("variant", wish=one_with(item.changes, in_front=self._choice.random() < 0.5))

    def _item_meant(self, text: str) -> Item:
        named = [item for item in self._goal.items if item.name.lower() in text.lower()]
        marked = [item for item in named if all(value.lower() in text.lower() for value in item.marks.values())]
        return (marked or named or list(self._goal.items))[0]

    def _meaning(self, heard: Heard) -> str:
        meant = MEANINGS[self._goal.kind]
        return next((label for label in heard.buttons if label.lower() == meant), None) or self._not_understood()

    def _not_understood(self) -> str:
        """Say it again in full; the second time give up."""
        self._failures += 1
        if self._failures >= PATIENCE:
            return self._give_up()
        return self._say(OPENINGS[self._goal.kind][IN_FULL], hi="")

    # Words.

    def _answer(self, kind: str, **fields: str) -> str:
        return self._say(self._pick(ANSWERS[kind]), **fields)

    def _say(self, sentence: str, **fields: str) -> str:
        return say(sentence, **{**self._fields(), **fields})

    def _fields(self) -> dict[str, str]:
        goal, in_front = self._goal, self._choice.random() < 0.5
        to_swap = bool(goal.items) and all(item.changes for item in goal.items)
        return {
            "order": goal.order_number,
            "items": listed(item_names(goal.items)) if goal.items else "it",
            "swaps": swaps(goal, in_front=in_front) if to_swap else "",
            "changes": swaps(goal, "to", in_front=in_front) if to_swap else "",
            "pay": self._pick(method_names(goal.payment)) if goal.payment else "",
            "reason": self._pick(REASONS[goal.reason]) if goal.reason else "",
            "address": address_line(goal.address) if goal.address else "",
        }

    def _pick(self, sentences: Sequence[str]) -> str:
        return self._choice.choice(list(sentences))


def _describes(label: str, item: Item) -> bool:
    """Whether a line of the bot's list is the variant wanted."""
    low = label.lower()
    return all(value.lower() in low for value in item.wanted.values() if value not in ("yes", "no", "none"))
