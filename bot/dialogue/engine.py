"""The dialogue engine: what to do about a message.

hear     session, language, mood, the user event, slots that any message fills        hearing.py
decide   handoff → form → rule → fallback: the first policy with an opinion wins      policies/
carry on submit rules of forms that ended, further requests, forms that were put aside, the active form's question
listen   what the engine remembers, and the decision record                           decision.py
"""

from dataclasses import dataclass
from functools import partial

from bot.action_runner import ActionRunner, LocalActionRunner
from bot.conversation.events import Event
from bot.conversation.tracker import Tracker
from bot.dialogue import form_loop
from bot.dialogue.assistant import Assistant
from bot.dialogue.certainty import ANSWERS, SMALL_TALK, is_sure, looks_up, needed
from bot.dialogue.clarifying import answer_to, ask_which, original_request
from bot.dialogue.context import in_context
from bot.dialogue.decision import Decision, Found, Guess, Versions, masked
from bot.dialogue.exchange import HUMAN, Exchange
from bot.dialogue.hearing import fill_slots, hear
from bot.dialogue.performing import LISTEN, after_action, follow_rules, form_opened_by, rules_for
from bot.dialogue.phrases import ASKED
from bot.dialogue.policies import fallback, form, handoff, rule, waiting
from bot.dialogue.policies.base import Policy, Prediction
from bot.dialogue.reasons import because
from bot.dialogue.request import Request
from bot.dialogue.settings import DialogueSettings
from bot.dialogue.several import Purpose, in_order, requests_in
from bot.messages import BotMessage, UserMessage
from nlu.types import Understanding

POLICIES: tuple[Policy, ...] = (handoff.predict, form.predict, rule.predict, fallback.predict)


@dataclass(frozen=True)
class TurnOutcome:
    """What a turn comes to. `events` are already folded into the tracker, in this order."""

    events: tuple[Event, ...]
    messages: tuple[BotMessage, ...]
    decision: Decision


class DialogueEngine:
    """Pure: the same tracker, understanding and message make the same outcome; the only way out is the runner.

    Raises AssistantError when the runner is this process's own and lacks an action of the assistant.
    """

    def __init__(
        self,
        assistant: Assistant,
        runner: ActionRunner,
        settings: DialogueSettings | None = None,
        code_version: str = "",
    ) -> None:
        self.assistant = assistant
        self.runner = runner
        self.settings = settings or DialogueSettings()
        self.code_version = code_version
        if isinstance(runner, LocalActionRunner):
            assistant.require(runner.names)

    def handle(self, tracker: Tracker, understanding: Understanding, message: UserMessage) -> TurnOutcome:
        """Answer one message. The tracker is folded forward in place: throw it away if the turn is not committed."""
        settings = self.settings.at(understanding.threshold)
        exchange = Exchange(self.assistant, self.runner, settings, tracker, message)
        form_before = tracker.active_loop
        hear(exchange, understanding)
        if tracker.paused:
            _leave_to_people(exchange, Request.of(understanding))
        else:
            self._answer(exchange, understanding)
            _listen(exchange)
        return TurnOutcome(
            tuple(exchange.events),
            tuple(exchange.messages),
            self._decision(exchange, understanding, form_before),
        )

    def _answer(self, exchange: Exchange, understanding: Understanding) -> None:
        request = Request.of(understanding)
        answer, offered = answer_to(exchange, request), exchange.tracker.slot("clarify_intents")
        exchange.set_slot("clarify_intents", [])
        if answer is not None and answer.is_open:
            exchange.decided("fallback", "utter_clarify", because("both_named"))
            ask_which(exchange, offered, request)
        elif answer is not None:
            _follow_answer(exchange, request, answer.intent)
        elif offered == [HUMAN] and (still_angry := handoff.after_anger(exchange, request)):
            _follow(exchange, still_angry)
        else:
            exchange.forget_offer()
            first, *more = requests_in(Request.of(understanding), understanding.segments, partial(_purpose, exchange))
            if first != request:
                exchange.take_up(first)
            if more:
                later = [{**each.to_json(), "turn": exchange.tracker.turn_number} for each in more]
                exchange.set_slot("waiting_requests", [*exchange.tracker.slot("waiting_requests"), *later])
            _decide(exchange, first)
        _carry_on(exchange, request)

    def _decision(self, exchange: Exchange, understanding: Understanding, form_before: str | None) -> Decision:
        entities = {(found.name, found.value) for found in understanding.entities}
        score = understanding.out_of_scope_score
        return Decision(
            turn_number=exchange.tracker.turn_number,
            language=exchange.language,
            sentiment_label=understanding.sentiment.label,
            sentiment_score=understanding.sentiment.score,
            intents=tuple(Guess(guess.name, round(guess.confidence, 4)) for guess in understanding.intents[:5]),
            threshold=exchange.settings.fallback_threshold if exchange.threshold is None else exchange.threshold,
            entities=tuple(Found(name, str(masked(name, value))) for name, value in sorted(entities)),
            active_form_before=form_before,
            active_form_after=exchange.tracker.active_loop,
            steps=tuple(exchange.steps),
            actions=tuple(exchange.runs),
            notes=tuple(exchange.notes),
            versions=Versions(understanding.model_version, self.assistant.version, self.code_version),
            out_of_scope_score=None if score is None else round(score, 4),
        )


def _leave_to_people(exchange: Exchange, request: Request) -> None:
    """The bot is silent; who still waits may call it off, ask how long it takes or leave a number."""
    prediction = waiting.predict(exchange, request) if exchange.tracker.waits_for_person else None
    if prediction is None:
        exchange.decided("handoff", LISTEN, because("person_owns"))
    else:
        _follow(exchange, prediction)


def _decide(exchange: Exchange, request: Request) -> None:
    if exchange.threshold is None:
        exchange.threshold = needed(exchange, request)
    request = in_context(exchange, request)
    fill_slots(exchange, request)
    if exchange.is_over:
        return
    for policy in POLICIES:
        prediction = policy(exchange, request)
        if prediction is not None:
            _follow(exchange, prediction)
            return


def _follow(exchange: Exchange, prediction: Prediction) -> None:
    exchange.decided(prediction.policy, prediction.action, prediction.why, prediction.rule)
    prediction.carry_out()


def _follow_answer(exchange: Exchange, request: Request, intent: str | None) -> None:
    """The customer answered "did you mean … or …?", or the offer of a person or of another way."""
    if intent is not None:
        meant = original_request(exchange, request, intent)
        _decide(exchange, meant)
        return
    was_person = exchange.tracker.slot("handoff_reason") is not None
    was_unclear = exchange.tracker.slot("clarify_request") is not None
    exchange.forget_offer()
    if was_unclear:
        exchange.is_misunderstood = True
        exchange.decided("fallback", "utter_ask_rephrase", because("none_of_these"))
        exchange.say("utter_ask_rephrase")
        return
    exchange.set_slot("failed_turns", 0)
    exchange.decided("handoff", LISTEN, because("person_declined" if was_person else "way_declined"))
    if exchange.tracker.active_loop is None:
        exchange.say("utter_offer_declined")


def _purpose(exchange: Exchange, request: Request) -> Purpose | None:
    """What a part of a message is for: an intent of its own, an answer to the active form, or nothing (a courtesy)."""
    name, active = request.intent.name, exchange.tracker.active_loop
    if not is_sure(exchange, request) or name in SMALL_TALK:
        return None
    rules = rules_for(exchange, request)
    if name in ANSWERS or (active and any(active in rule.actions for rule in rules)):
        return Purpose("answer") if active else None
    if not rules:
        return None
    opened = exchange.assistant.forms.get(form_opened_by(exchange, rules) or "")
    asked_for = frozenset(opened.required_slots) if opened else frozenset[str]()
    own = asked_for - exchange.assistant.entities - {"customer_id"}
    gathers = frozenset(name for name in own if not exchange.assistant.slots[name].is_yes_no)
    is_asked = not looks_up(exchange, request, request.intent) or bool(ASKED.search(request.text))
    return Purpose(name, asked_for, gathers, is_asked)


def _carry_on(exchange: Exchange, request: Request) -> None:
    """Do what follows from what was done, until a question is out or nothing is left."""
    while not exchange.is_over:
        if exchange.ended_forms:
            name = exchange.ended_forms.pop(0)
            follow_rules(exchange, after_action(exchange, name, name), request)
        elif waits := _answerable(exchange):
            _take_up_waiting(exchange, waits)
        elif exchange.tracker.active_loop is None and (suspended := exchange.tracker.slot("suspended_forms")):
            name = suspended[-1]["name"]
            exchange.decided("form", name, because("resumes", form=name))
            form_loop.resume(exchange, suspended[-1])
        else:
            break
    active = form_loop.active_form(exchange)
    if active is not None and not exchange.is_over:
        _say_back(exchange, active.name)
        form_loop.ask_or_rest(exchange, active)
    elif active is None and not exchange.is_over and (why := handoff.unhappiness(exchange)):
        exchange.set_slot("is_person_offered", True)
        exchange.offer_person(why)


def _answerable(exchange: Exchange) -> dict[str, object] | None:
    """The next waiting request, if its turn has come: a question at once, a form when no other is open."""
    for waits in exchange.tracker.slot("waiting_requests"):
        opens = form_opened_by(exchange, rules_for(exchange, Request.from_json(waits)))
        is_free = exchange.tracker.active_loop is None and not exchange.tracker.slot("suspended_forms")
        if is_free or opens is None:
            found: dict[str, object] = waits
            return found
    return None


def _take_up_waiting(exchange: Exchange, waits: dict[str, object]) -> None:
    queue = exchange.tracker.slot("waiting_requests")
    exchange.set_slot("waiting_requests", [other for other in queue if other is not waits])
    request = Request.from_json(waits)
    opens = form_opened_by(exchange, rules_for(exchange, request))
    if opens or waits["turn"] != exchange.tracker.turn_number:
        exchange.say("utter_next_request")
    exchange.take_up(request)
    _decide(exchange, request)


def _say_back(exchange: Exchange, form_name: str) -> None:
    """Name what the message asked for where a part of it has to wait, so that the customer sees that all was heard."""
    tracker = exchange.tracker
    others = [each for each in tracker.slot("waiting_requests") if each["turn"] == tracker.turn_number]
    first = Request.from_json(tracker.latest_message)
    if not others or form_opened_by(exchange, rules_for(exchange, first)) != form_name:
        return
    names = [first.intent.name, *(Request.from_json(each).intent.name for each in others)]
    titles = [exchange.assistant.title(name, exchange.language) for name in names]
    if all(titles):
        exchange.say_with("utter_heard_several", BotMessage(), {"requests": in_order(titles, exchange.language)})


def _listen(exchange: Exchange) -> None:
    """Wait for the customer, and count what was not understood in a row."""
    if exchange.tracker.paused:
        return
    failed = exchange.tracker.slot("failed_turns")
    exchange.set_slot("failed_turns", failed + 1 if exchange.is_misunderstood else 0)
    exchange.executed(LISTEN)
