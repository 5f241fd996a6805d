"""Forms made of steps: each step reads the customer's words for one slot, knows whether it is missing, and asks for it.

    message → form (validate_<form>) → every step reads → a step is missing: action_ask_<slot> → the step asks
                                                        → none is missing: the form closes, its action runs

Every step reads every message, so people may say everything at once, correct anything at any time, and are asked only
for what is missing. A message that brings nothing changes nothing, and the engine may then answer it in another way.
"""

from abc import ABC, abstractmethod
from dataclasses import replace
from functools import cache
from importlib import import_module
from pathlib import Path
from typing import ClassVar

from actions.base import Dispatcher, Domain, Event, KefuAction, SlotSet, Tracker, services
from actions.desk import Desk
from actions.said import Said


class Step(ABC):
    """One thing a form has to know."""

    slot: ClassVar[str]

    @abstractmethod
    def read(self, desk: Desk) -> None:
        """Put what the message says about this step, if anything."""

    def is_missing(self, desk: Desk) -> bool:
        return desk.get(self.slot) is None

    @abstractmethod
    def ask(self, desk: Desk) -> None:
        """Put the question, and offer choices where there are some."""


class KefuForm(KefuAction, ABC):
    """The validation of a form. Its file is `<name>_form.py`; its steps are asked in their order."""

    @property
    @abstractmethod
    def steps(self) -> tuple[Step, ...]:
        """A plain class attribute in each form."""

    def run(self, dispatcher: Dispatcher, tracker: Tracker, domain: Domain) -> list[Event]:
        with services() as opened:
            desk = Desk.open(opened, tracker)
            desk.form = self.name().removeprefix("validate_")
            if desk.requested and _was_used_elsewhere(tracker, desk.form):
                desk.said = Said("")
            requested = self.fill(desk)
        return [*desk.events(), SlotSet("requested_slot", requested)]

    def fill(self, desk: Desk) -> str | None:
        """Let every step read the message; the slot to ask for next, or None when the form is done."""
        before = desk.problem
        desk.problem_before, desk.slots["problem"] = before, None
        for step in self.steps:
            if not desk.is_over:
                step.read(desk)
        if before and not desk.problem:
            self._keep_or_drop(desk, before.to_slot())
        return None if desk.is_over else self._next(desk)

    @staticmethod
    def _keep_or_drop(desk: Desk, before: dict[str, object]) -> None:
        """Something new was said: the old problem is history. Otherwise it stays, so that nothing has changed."""
        if desk.changed:
            desk.changed["problem"] = None
        else:
            desk.slots["problem"] = before

    def _next(self, desk: Desk) -> str | None:
        return next((step.slot for step in self.steps if step.is_missing(desk)), None)


@cache
def form_named(name: str) -> KefuForm:
    """The form of that name, from the file of that name."""
    for file in Path(__file__).parent.glob(f"*/{name}.py"):
        module = import_module(f"actions.{file.parent.name}.{name}")
        for found in vars(module).values():
            if isinstance(found, type) and issubclass(found, KefuForm) and found.__module__ == module.__name__:
                form: KefuForm = found()
                return form
    raise LookupError(f"No file actions/*/{name}.py holds the form '{name}'.")


def _was_used_elsewhere(tracker: Tracker, form: str) -> bool:
    """Whether something else has already answered the latest message, and this form is merely taken up again."""
    ours = {form, f"validate_{form}", "action_listen", "action_session_start"}
    for event in reversed(tracker.events):
        if event.get("event") in ("user", "request"):
            return False
        if event.get("event") == "action" and event.get("name") not in ours:
            return True
    return False


SAYS_SO_ITSELF = frozenset({"declined", "not_found", "no_order_number"})
"""Problems whose sentence names the way out, however often it is said."""


class Question(KefuAction, ABC):
    """`action_ask_<slot>`: what was wrong with the last answer, then the question of the active form's step."""

    @property
    @abstractmethod
    def slot(self) -> str:
        """A plain class attribute in each question."""

    def run(self, dispatcher: Dispatcher, tracker: Tracker, domain: Domain) -> list[Event]:
        form = form_named(tracker.active_loop_name or "")
        with services() as opened:
            desk = Desk.open(opened, tracker, dispatcher)
            self.ask(desk, next(step for step in form.steps if step.slot == self.slot))
        return desk.events()

    def ask(self, desk: Desk, step: Step) -> None:
        problem = desk.problem
        if problem and not problem.is_told:
            desk.say(f"utter_problem_{problem.code}", **problem.facts)
            if problem.times > 1 and problem.code not in SAYS_SO_ITSELF:
                desk.say("utter_person_could_help")
            desk.put("problem", replace(problem, is_told=True).to_slot())
        step.ask(desk)
