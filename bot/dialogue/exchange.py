"""One exchange in the making: what the customer said, what has been answered so far, and what was done and why."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from bot.action_runner import ActionFailed, ActionResult, ActionRunner, ActionRunnerError
from bot.conversation import events as happened
from bot.conversation.events import Event, EventError
from bot.conversation.tracker import Tracker
from bot.dialogue.assistant import Assistant
from bot.dialogue.decision import ActionRun, Step, masked, without_contacts
from bot.dialogue.reasons import Reason
from bot.dialogue.request import Request
from bot.dialogue.responses import message_from, rendered
from bot.dialogue.settings import DialogueSettings
from bot.messages import EMPTY, BotMessage, UserMessage

DISPATCHER_KEYS = frozenset(
    {"text", "buttons", "elements", "custom", "template", "response", "image", "attachment", "json_message"}
)
HUMAN = "human_handoff"
DONT_KNOW = "utter_dont_know"
"""An action that has no answer says this; its words offer a person, so "yes" to it hands over."""


@dataclass
class Exchange:
    """Everything a policy sees and does goes through here, so that nothing is done unrecorded."""

    assistant: Assistant
    runner: ActionRunner
    settings: DialogueSettings
    tracker: Tracker
    message: UserMessage
    events: list[Event] = field(default_factory=list)
    messages: list[BotMessage] = field(default_factory=list)
    steps: list[Step] = field(default_factory=list)
    runs: list[ActionRun] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    ended_forms: list[str] = field(default_factory=list)
    """Forms that are complete and whose submit rules have not run yet."""
    threshold: float | None = None
    """How sure the bot had to be to follow the message's first intent."""
    executions: int = 0
    is_misunderstood: bool = False
    is_over: bool = False
    """Nothing more is to be said in this turn: a person has it, an action failed, or a question is out."""

    @property
    def now(self) -> float:
        return self.message.received_at.timestamp()

    @property
    def language(self) -> str:
        return "zh" if self.tracker.slot("language") == "zh" else "en"

    # What changes the conversation

    def apply(self, event: Event) -> None:
        self.tracker.apply(event)
        self.events.append(event)

    def set_slot(self, name: str, value: object) -> None:
        if self.tracker.slots.get(name) != value:
            self.apply(happened.slot_set(name, value, self.now))

    def executed(self, action: str) -> None:
        self.executions += 1
        self.apply(happened.action_executed(action, self.now, self.steps[-1].policy if self.steps else None, 1.0))

    def take_up(self, request: Request) -> None:
        """From here on this request is the latest message."""
        self.apply(happened.request_taken_up(request.text, request.to_json(), self.now))

    def forget_offer(self) -> None:
        """A person was offered and the customer went on otherwise: why it was offered is history."""
        self.set_slot("handoff_reason", None)
        self.set_slot("clarify_request", None)

    def decided(self, policy: str, action: str, why: Reason, rule: str | None = None) -> None:
        self.steps.append(Step(policy, action, why.text(), why.code, dict(why.facts), rule))

    # What is said

    def say(self, response: str) -> None:
        """Utter a response of the assistant; nothing is said when it has no variation for this moment."""
        self.say_with(response, BotMessage())

    def say_with(self, response: str, extra: BotMessage, facts: Mapping[str, object] = EMPTY) -> None:
        """Utter a response with `extra` buttons, cards or picture; `facts` fill placeholders that no slot fills."""
        drafted = self._worded(response, facts)
        if drafted is None:
            return
        message, name, variation = drafted
        self.runs.append(ActionRun(response, responses=(response,)))
        self.send(_merged(message, extra), name, variation)

    def send(self, message: BotMessage, response: str | None = None, variation: int | None = None) -> None:
        self.messages.append(message)
        self.apply(happened.bot_uttered(message, self.now, response, variation))

    def _worded(self, response: str, facts: Mapping[str, object]) -> tuple[BotMessage, str, int] | None:
        values = {**self.tracker.slots, **facts} if facts else self.tracker.slots
        known = [name for name, value in values.items() if value is not None]
        seed = f"{self.tracker.conversation_id}|{self.tracker.turn_number}|{response}|{len(self.messages)}"
        variation = self.assistant.responses[response].choose(
            self.tracker.slots, self.message.channel, seed, self._said_last(response), known
        )
        if variation is None:
            self.notes.append(f"no variation of {response} fits this moment; nothing was said")
            return None
        message, missing = rendered(variation, values, self.language)
        if missing:
            self.notes.append(f"{response} was said without {', '.join(sorted(missing))}: nothing filled it")
        return message, response, variation.number

    def _said_last(self, response: str) -> int | None:
        for event in reversed(self.tracker.events):
            said = (event.get("metadata") or {}) if event["event"] == "bot" else {}
            if said.get("utter_action") == response:
                number: int | None = said.get("variation")
                return number
        return None

    # What is done

    def call(self, action: str, state: Mapping[str, Any] | None = None) -> ActionResult | None:
        """Ask the runner; its events come back checked, not yet applied. None when it failed: the customer knows then.

        `state` is the tracker as the action shall see it, when not as it is.
        """
        if not self.may_run(action):
            return None
        try:
            result = self.runner.run(action, state or self.tracker.state(), self.assistant.domain_dict())
            checked = ActionResult(happened.accepted(result.events, self.now), result.responses)
            self._check_responses(action, checked.responses)
        except (ActionRunnerError, EventError) as error:
            self._fail(action, f"{type(error).__name__}: {error}")
            return None
        self.runs.append(_record(action, checked))
        return checked

    def may_run(self, action: str) -> bool:
        """Whether the turn has not run too many actions already; if it has, the customer gets an apology."""
        limit = self.settings.max_actions_per_turn
        if max(len(self.runs), self.executions) < limit:
            return True
        if not self.is_over:
            self._fail(action, f"more than {limit} actions in one turn: is there a circle?")
        return False

    def take(self, result: ActionResult) -> None:
        """Say and apply what an action came back with."""
        for response in result.responses:
            self._say_dispatched(response)
        for event in result.events:
            self.apply(event)
        if self.tracker.paused:
            self.is_over = True
        elif any(response.get("response") == DONT_KNOW for response in result.responses):
            self.is_misunderstood = True
            self._expect_yes_to_person("low_confidence")
        elif any(event["event"] == "slot" and event["name"] == "clarify_intents" for event in result.events):
            self.is_over = bool(self.tracker.slot("clarify_intents"))  # the action asked something itself

    def offer_person(self, reason: str, response: str = "utter_offer_human") -> None:
        """Offer a person; "yes" to that hands over with this reason."""
        self.is_over = True
        if not self.assistant.can("action_human_handoff"):
            self.say("utter_ask_rephrase")
            return
        self._expect_yes_to_person(reason)
        self.say(response)

    def _expect_yes_to_person(self, reason: str) -> None:
        self.is_over = True
        self.set_slot("handoff_reason", reason)
        self.set_slot("clarify_intents", [HUMAN])
        self.set_slot("clarify_request", None)

    def _fail(self, action: str, failure: str) -> None:
        self.runs.append(ActionRun(action, failure=without_contacts(failure)))
        self.apply(happened.action_rejected(action, self.now, failure.partition(":")[0]))
        self.offer_person("action_error", "utter_action_failed")

    def _check_responses(self, action: str, responses: Iterable[Mapping[str, Any]]) -> None:
        for response in responses:
            name = response.get("response") or response.get("template")
            if name and name not in self.assistant.responses:
                raise ActionFailed(f"action '{action}' utters '{name}', which is not under responses")
            try:
                message_from(response)
            except (KeyError, TypeError, ValueError, AttributeError) as error:
                raise ActionFailed(f"action '{action}' utters a message that cannot be read: {error!r}") from error

    def _say_dispatched(self, parts: Mapping[str, Any]) -> None:
        name = parts.get("response") or parts.get("template")
        extra = message_from(parts)
        if not name:
            self.send(extra)
            return
        self.say_with(name, extra, {key: value for key, value in parts.items() if key not in DISPATCHER_KEYS})


def _merged(message: BotMessage, extra: BotMessage) -> BotMessage:
    return BotMessage(
        text=message.text or extra.text,
        buttons=message.buttons + extra.buttons,
        cards=message.cards + extra.cards,
        image=extra.image or message.image,
        custom={**(message.custom or {}), **(extra.custom or {})} or None,
    )


def _record(action: str, result: ActionResult) -> ActionRun:
    slots = {
        event["name"]: masked(event["name"], event.get("value")) for event in result.events if event["event"] == "slot"
    }
    said = tuple(str(each.get("response") or "(text)") for each in result.responses)
    return ActionRun(action, slots, said)
