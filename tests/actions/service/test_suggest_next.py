"""Thanks and goodbye: one thing more at most, for who is known, is content and has nothing open."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from knowledge.next_best_action import Action
from knowledge.next_best_action.schema import DecisionRow
from knowledge.profiles.pseudonyms import Pseudonyms
from knowledge.profiles.schema import ProfileRow
from knowledge.shop.schema import CustomerRow
from tests.actions.products.stage import NOW, Stage
from tests.actions.service.fixed_policy import prefer
from tests.actions.service.talk import Talk

SAYS = {
    Action.RECOMMEND: ("One idea", "顺便给您推荐"),
    Action.OFFER: ("SPRING10", "SPRING10"),
    Action.ASK_CONSENT: ("may we e-mail you", "可以发邮件告诉您吗"),
}
ANY = [words for both in SAYS.values() for words in both]


def known(stage: Stage, *, consent: bool, customer_id: str = "ann") -> None:
    stage.session.get_one(CustomerRow, customer_id).newsletter_consent = consent
    stage.session.add(ProfileRow(customer_id=customer_id, computed_at=NOW, version="v1", features={}, predictions=[]))
    stage.session.flush()


def helped(stage: Stage, customer_id: str | None = "ann", mood: float = 0.0) -> Talk:
    """Somebody who has just been told of their orders, in a conversation of its own."""
    talk = Talk(stage, customer_id)
    talk.tracker.conversation_id = f"rest:{len(choices(stage))}"
    heated = ", you useless scammers" if mood < 0 else ""
    talk.say(f"what have I ordered{heated}?", "list_orders", mood=mood)
    return talk


def is_suggested(answer: str) -> bool:
    return any(words in answer for words in ANY)


def choices(stage: Stage) -> list[DecisionRow]:
    return list(stage.session.scalars(select(DecisionRow)))


def rules(stage: Stage) -> set[str]:
    return {one["rule"] for row in choices(stage) for one in row.because}


@pytest.mark.parametrize("action", SAYS)
@pytest.mark.parametrize(("text", "intent"), [("thank you", "thank"), ("谢谢", "thank"), ("bye", "goodbye")])
def test_one_thing_is_said_once(stage: Stage, action: Action, text: str, intent: str) -> None:
    known(stage, consent=action is not Action.ASK_CONSENT)
    prefer(stage.session, action)
    talk = helped(stage)
    answer = talk.say(text, intent)
    assert SAYS[action][text == "谢谢"] in answer
    assert [row.action for row in choices(stage)] == [action]
    assert not is_suggested(talk.say(text, intent))
    assert len(choices(stage)) == 1


def test_a_recommendation_says_why(stage: Stage) -> None:
    known(stage, consent=True)
    prefer(stage.session, Action.RECOMMEND)
    answer = helped(stage).say("thanks", "thank").partition("One idea, if you like:\n")[2]
    assert "$" in answer and ": " in answer, answer
    assert "\n" not in answer, "one, not a list"


def test_who_is_not_known_to_the_models_hears_what_they_always_heard(stage: Stage) -> None:
    prefer(stage.session, Action.ASK_CONSENT)
    for customer_id in ("ann", None):
        talk = helped(stage, customer_id)
        assert not is_suggested(talk.say("thanks", "thank"))
    assert choices(stage) == []


def test_nothing_is_suggested_where_nothing_was_done(stage: Stage) -> None:
    known(stage, consent=False)
    prefer(stage.session, Action.ASK_CONSENT)
    assert not is_suggested(Talk(stage, "ann").say("thanks", "thank"))
    assert choices(stage) == []


def test_nothing_is_suggested_while_a_form_is_open(stage: Stage) -> None:
    known(stage, consent=False)
    prefer(stage.session, Action.ASK_CONSENT)
    talk = helped(stage)
    talk.say("please delete my account", "delete_account")
    assert talk.tracker.active_loop
    assert not is_suggested(talk.say("thank you", "thank"))
    assert choices(stage) == []


def test_nothing_is_suggested_after_a_person(stage: Stage) -> None:
    known(stage, consent=False)
    prefer(stage.session, Action.ASK_CONSENT)
    talk = helped(stage)
    talk.say("a person please", "human_handoff")
    assert talk.slot("was_with_person")
    talk.tracker.apply({"event": "resume", "timestamp": NOW.timestamp()})
    talk.say("what have I ordered?", "list_orders")
    assert not is_suggested(talk.say("thanks", "thank"))
    assert choices(stage) == []


def test_yes_subscribes(stage: Stage) -> None:
    known(stage, consent=False)
    prefer(stage.session, Action.ASK_CONSENT)
    talk = helped(stage)
    talk.say("thanks", "thank")
    assert "on the list" in talk.say("yes please", "affirm")
    assert stage.session.get_one(CustomerRow, "ann").newsletter_consent


def test_no_is_a_no_for_half_a_year(stage: Stage) -> None:
    known(stage, consent=False)
    prefer(stage.session, Action.ASK_CONSENT)
    talk = helped(stage)
    talk.say("谢谢", "thank")
    assert "好的" in talk.say("不用了", "deny")
    assert not stage.session.get_one(CustomerRow, "ann").newsletter_consent
    assert SAYS[Action.ASK_CONSENT][0] not in helped(stage).say("thanks", "thank")
    assert "asked_lately" in rules(stage)


def test_who_took_consent_back_is_not_asked_at_once(stage: Stage) -> None:
    known(stage, consent=False)
    stage.session.get_one(CustomerRow, "ann").newsletter_consent_at = NOW - timedelta(days=3)
    prefer(stage.session, Action.ASK_CONSENT)
    assert SAYS[Action.ASK_CONSENT][0] not in helped(stage).say("thanks", "thank")
    assert "asked_lately" in rules(stage)


@pytest.mark.parametrize("action", [Action.RECOMMEND, Action.OFFER])
def test_without_consent_nothing_is_sold(stage: Stage, action: Action) -> None:
    known(stage, consent=False)
    prefer(stage.session, action)
    assert SAYS[action][0] not in helped(stage).say("thanks", "thank")
    assert rules(stage) >= {"no_consent", "no_consent_to_advice"}


def test_who_was_angry_or_waits_or_heard_enough_is_left_alone(stage: Stage) -> None:
    known(stage, consent=True)
    prefer(stage.session, Action.OFFER)
    assert "SPRING10" not in helped(stage, mood=-0.5).say("thanks", "thank")
    assert rules(stage) >= {"angry"}
    subject = Pseudonyms.of_shop(stage.session).of("ann")
    for days in (1, 2):
        row = {"subject": subject, "policy": "uniform", "action": "recommend", "propensity": 0.5}
        at = NOW - timedelta(days=days)
        stage.session.add(DecisionRow(at=at, propensities={}, features={}, because=[], **row))
    assert "SPRING10" not in helped(stage).say("thanks", "thank")
    assert rules(stage) >= {"fatigue"}
    stage.shop.open_ticket("late", "x", "y", key="t", actor="agent:mia", customer_id="ann")
    assert "SPRING10" not in helped(stage).say("thanks", "thank")
    assert rules(stage) >= {"waiting"}
