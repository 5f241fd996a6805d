"""Who is offered a conversation. Pure."""

from collections.abc import Collection
from dataclasses import replace
from typing import Any

from bot.handoff.agents import Agent
from bot.handoff.hands import Hands
from bot.handoff.routing import choose, has_skill
from tests.bot.handoff.made_up import NOW, agent, handoff


def chosen(
    people: list[Agent],
    loads: dict[str, int] | None = None,
    knows: str | None = None,
    asked: Collection[str] = (),
    **about: Any,
) -> str:
    choice = choose(replace(handoff(), **about), people, Hands(loads or {}, set(asked)), knows, NOW)
    return choice.agent.name if choice else ""


def test_only_who_is_there_with_a_hand_free_is_asked() -> None:
    away = agent("Away", presence="away")
    gone = agent("Gone", seen_at=NOW - 91)
    disabled = agent("Disabled", is_active=False)
    full = agent("Full", capacity=2)
    assert chosen([away, gone, disabled, full], {full.id: 2}) == ""
    assert chosen([away, gone, disabled, full], {full.id: 1}) == "Full"
    assert chosen([agent("Anna")], tried=("anna",)) == ""
    assert chosen([agent("Anna")], asked=["anna"]) == "", "she is just reading another offer"


def test_the_language_comes_before_all_else() -> None:
    anna, mei = agent("Anna", languages=("en",), skills=("return_items",)), agent("Mei", languages=("zh",))
    assert chosen([anna, mei], language="zh", skills=("return_items",)) == "Mei"
    assert chosen([anna, mei], {"mei": 4}, language="zh") == "", "Mei is worth a wait"
    assert chosen([anna, mei], {"mei": 4}, language="zh", escalated_at=NOW) == "Anna", "but not for ever"
    assert chosen([anna], language="zh") == "Anna", "better somebody than nobody"


def test_who_knows_the_matter_comes_before_who_has_more_hands_free() -> None:
    anna, ben = agent("Anna", skills=("returns",)), agent("Ben")
    assert chosen([anna, ben], {"anna": 3}, skills=("return_items",)) == "Anna"
    assert chosen([anna, ben], {"anna": 3}, skills=("track_order",)) == "Ben"


def test_unhappy_good_customers_go_to_whoever_is_good_with_them() -> None:
    anna, ben = agent("Anna", skills=("vip",)), agent("Ben", skills=("complaint",))
    assert chosen([anna, ben], skills=("track_order", "complaint")) == "Ben"
    assert chosen([anna, ben], skills=("track_order", "vip")) == "Anna"


def test_who_knows_the_customer_comes_before_who_does_not() -> None:
    anna, ben = agent("Anna"), agent("Ben")
    assert chosen([anna, ben], {"ben": 1}, knows="ben") == "Ben"


def test_supervisors_are_asked_when_it_has_waited_too_long() -> None:
    sam = agent("Sam", role="supervisor")
    assert chosen([sam]) == ""
    assert chosen([sam], escalated_at=NOW) == "Sam"


def test_the_reasons_are_told_in_both_languages() -> None:
    anna = agent("Anna", skills=("vip", "orders"))
    about = replace(handoff(), skills=("cancel_order", "vip"))
    choice = choose(about, [anna], Hands({"anna": 1}, set()), "anna", NOW)
    assert choice is not None
    assert [why["en"] for why in choice.because] == [
        "Anna speaks the customer's language",
        "Anna knows about cancel order",
        "Anna knows about good customers",
        "Anna has talked with this customer before",
        "Anna has 1 of 4 conversations in hand",
    ]
    assert "Anna 熟悉“重要客户”" in [why["zh"] for why in choice.because]
    assert all(why["about"] == "agent" for why in choice.because)


def test_a_skill_is_an_intent_or_a_word_of_it() -> None:
    anna = agent("Anna", skills=("orders", "return_items"))
    assert has_skill(anna, "cancel_order") and has_skill(anna, "return_items")
    assert not has_skill(anna, "ask_gift_card") and not has_skill(anna, "reorder")


def test_the_same_people_make_the_same_choice() -> None:
    people = [agent(name) for name in ("Anna", "Ben", "Cleo")]
    assert chosen(people) == chosen(people[::-1])
