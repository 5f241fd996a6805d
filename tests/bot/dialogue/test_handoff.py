"""A person takes over when asked for, when the customer is angry, and the bot is silent until handed back."""

from dataclasses import replace

import pytest

from bot.conversation import events as happened
from tests.bot.dialogue.chat import Chat


@pytest.mark.parametrize(
    ("text", "line"), [("a person please", "A colleague takes over."), ("转人工", "马上为您转接人工。")]
)
def test_a_person_is_called_when_asked_for(chat: Chat, text: str, line: str) -> None:
    assert chat.says(text, "human_handoff") == [line]
    assert chat.tracker.paused
    assert chat.slots["handoff_reason"] == "asked"


def test_a_person_wins_inside_a_form_and_closes_it(chat: Chat) -> None:
    chat.says("cancel #W1", "cancel_order", order_number="#W1")
    assert chat.says("let me talk to a human", "human_handoff") == ["A colleague takes over."]
    assert chat.tracker.active_loop is None


def test_the_bot_is_silent_until_handed_back(chat: Chat) -> None:
    chat.says("a person please", "human_handoff")
    assert chat.says("hello?", "greet") == []
    assert [event["event"] for event in chat.last.events if event["event"] != "slot"] == ["user"]
    chat.tracker.apply(happened.resumed(chat.time.timestamp()))
    assert chat.says("what about refunds", "refund_policy") == ["Refunds take 5 days."]


def test_a_handed_over_conversation_stays_so_however_long_it_takes(chat: Chat) -> None:
    chat.says("a person please", "human_handoff")
    chat.waits(days=3)
    assert chat.says("hello?", "greet") == []
    assert chat.tracker.paused


def test_two_very_negative_messages_of_three_call_a_person(chat: Chat) -> None:
    assert chat.says("where is my damn parcel", "track_order", mood=-0.9) == ["it is on its way."]
    chat.says("#W1", "track_order", order_number="#W1")
    assert chat.says("this is a disgrace", "track_order", mood=-0.95) == ["A colleague takes over."]
    assert chat.slots["handoff_reason"] == "angry"


def test_a_calm_message_after_anger_does_not_call_a_person(chat: Chat) -> None:
    chat.says("where is my damn parcel", "track_order", mood=-0.9)
    assert chat.says("ok, and refunds?", "refund_policy", mood=0.0) == ["Refunds take 5 days."]


@pytest.mark.parametrize(
    ("opening", "fact"),
    [("I want to cancel", "the driver threw the parcel over my fence"), ("我要取消订单", "快递员把包裹扔在楼下就走了")],
)
def test_bad_news_told_plainly_to_a_form_is_no_anger(chat: Chat, opening: str, fact: str) -> None:
    chat.says(opening, "cancel_order", mood=-0.99, order_number="#W1")
    chat.says(fact, mood=-0.99)
    assert not chat.tracker.paused
    assert chat.says("what about refunds?", "refund_policy", mood=-0.5)[0] == "Refunds take 5 days."


def test_heated_words_are_anger_wherever_they_are_said(chat: Chat) -> None:
    chat.says("cancel this damn order!!", "cancel_order", mood=-0.9, order_number="#W1")
    assert chat.says("because you are useless", mood=-0.95) == ["A colleague takes over."]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("why did you cancel my order without asking me??", "that should never happen without your say-so"),
        ("谁让你们取消我订单的！", "没经您同意确实不该这样处理"),
    ],
)
def test_a_reproach_begins_nothing_and_offers_a_person(chat: Chat, text: str, words: str) -> None:
    (said,) = chat.says(text, "cancel_order", 0.73)
    assert words in said
    assert chat.tracker.active_loop is None
    chat.says("yes", "affirm")
    assert chat.tracker.paused


def test_milder_discontent_is_offered_a_person_once(chat: Chat) -> None:
    chat.says("that is slow", "delivery_time", mood=-0.5)
    said = chat.says("really slow", "delivery_time", mood=-0.5)
    assert said[1:] == ["I don't seem to be getting this right. Would you like to speak to a colleague?"]
    assert len(chat.says("so slow", "delivery_time", mood=-0.5)) == 1


def test_yes_to_that_offer_hands_over_with_its_reason(chat: Chat) -> None:
    chat.says("太慢了", "delivery_time", mood=-0.5)
    chat.says("真的慢", "delivery_time", mood=-0.5)
    assert chat.says("好的", "affirm") == ["马上为您转接人工。"]
    assert chat.slots["handoff_reason"] == "angry"


def test_an_action_may_offer_a_person_itself(chat: Chat) -> None:
    chat.says("cancel #W1", "cancel_order", order_number="#W1")
    assert chat.says("what shall I do?", "contact_advice") == ["That is for a colleague. Shall I get one?"]
    assert chat.says("yes", "affirm") == ["A colleague takes over."]
    assert chat.slots["handoff_reason"] == "policy"


@pytest.mark.parametrize(
    "text",
    [
        "不用人工 你帮我记一下就行",
        "不用转人工",
        "别给我转人工",
        "不想跟真人聊",
        "no need for a person",
        "I don't want to talk to a human",
        "please don’t transfer me to an agent",
        "no human please",
    ],
)
def test_no_person_please_calls_none(chat: Chat, text: str) -> None:
    assert len(chat.says(text, "human_handoff")) == 1
    assert not chat.tracker.paused


@pytest.mark.parametrize("text", ["不用转人工", "no need for a person"])
def test_no_person_please_declines_the_offer_of_one(chat: Chat, text: str) -> None:
    for _ in range(3):
        chat.says("flurb", {"refund_policy": 0.1})
    assert chat.slots["clarify_intents"] == ["human_handoff"]
    chat.says(text, "human_handoff")
    assert not chat.tracker.paused


@pytest.mark.parametrize(
    "text",
    [
        "不要机器人，我要人工",
        "为什么不给我转人工",
        "别再绕了，转人工",
        "I don't want a bot, get me a human",
        "why don't you get me a person?",
        "is there no person I can talk to?",
        "don't you have a human there?",
    ],
)
def test_a_no_to_something_else_still_asks_for_a_person(chat: Chat, text: str) -> None:
    chat.says(text, "human_handoff")
    assert chat.tracker.paused


@pytest.mark.parametrize("text", ["???", "？？？", "…", "!!!"])
def test_bare_punctuation_is_neither_a_yes_nor_anger(chat: Chat, text: str) -> None:
    for _ in range(4):
        chat.says(text, {"refund_policy": 0.02}, mood=-0.95)
    assert not chat.tracker.paused


@pytest.mark.parametrize(
    ("rage", "empty", "meaning"),
    [
        ("this shop is a disgrace!!", "do something useful for once", "small_talk"),
        ("你们什么破店！骗子！", "你能不能干点实事", "ask_help"),
    ],
)
@pytest.mark.parametrize(("mood", "is_called"), [(-0.6, True), (0.0, False)])
def test_who_was_angry_and_asks_nothing_gets_a_person_and_no_menu(
    chat: Chat, rage: str, empty: str, meaning: str, mood: float, is_called: bool
) -> None:
    chat.says(rage, "refund_policy", mood=-0.95)
    chat.tracker.apply(happened.slot_set("clarify_intents", ["human_handoff"], chat.time.timestamp()))
    chat.says(empty, meaning, mood=mood)
    assert chat.tracker.paused is is_called
    assert "was offered a person" in chat.reasons
    assert is_called or chat.slots["clarify_intents"] == ["human_handoff"]


def test_topics_that_the_shop_leaves_to_people_go_to_them(chat: Chat) -> None:
    chat.engine.settings = replace(chat.engine.settings, person_topics=frozenset({"refund_policy"}))
    assert chat.says("what about refunds?", "refund_policy") == ["A colleague takes over."]
    assert chat.slots["handoff_reason"] == "policy"
    assert "leave to people" in chat.reasons


def test_a_topic_that_is_not_sure_goes_to_nobody(chat: Chat) -> None:
    chat.engine.settings = replace(chat.engine.settings, person_topics=frozenset({"refund_policy"}))
    chat.says("refunds maybe", "refund_policy", 0.3)
    assert not chat.tracker.paused


def test_who_waits_and_who_talks_with_a_person_are_told_apart(chat: Chat) -> None:
    chat.says("a person please", "human_handoff")
    assert chat.says("never mind", "nevermind") == [
        "All right, I'm back and won't call anybody. What can I do for you?"
    ]
    chat.says("a person please", "human_handoff")
    chat.tracker.apply({**happened.paused(chat.time.timestamp()), "by": "Anna"})
    assert chat.says("never mind", "nevermind") == [], "that is Anna's to hear"
    assert "the bot says nothing" in chat.reasons
