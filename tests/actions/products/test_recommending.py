"""Recommendations to somebody: what runs out, what goes with what they have, for whom, and within the shop's rules."""

import pytest

from actions.base import KefuAction
from actions.products.product_search import ProductSearch
from actions.products.recommend_product import RecommendProduct
from knowledge.shop.policy import store_policy
from knowledge.shop.shop import Shop
from tests.actions.products.stage import NOW, Stage, add_order, add_product


@pytest.mark.parametrize(
    ("language", "text", "rhythm"),
    [
        ("en", "what do I need to restock?", "You usually buy it every 2 weeks"),
        ("zh", "我该补点货了吗", "差不多每2周买一次"),
    ],
)
def test_what_is_bought_in_a_rhythm_is_due_again(stage: Stage, language: str, text: str, rhythm: str) -> None:
    for days in (15, 29, 43):
        add_order(stage.session, "ann", ["matcha"], days_ago=days)
    answer = stage.speak(language).identify("ann").ask(RecommendProduct(), text)
    assert [choice["id"] for choice in answer.slots["choices"]][:1] == ["matcha"]
    assert rhythm in answer.text


@pytest.mark.parametrize(
    ("language", "text"), [("en", "anything that goes with my kettle?"), ("zh", "有什么和我的电热水壶搭配的吗")]
)
def test_what_goes_with_ones_own(stage: Stage, language: str, text: str) -> None:
    add_product(stage.session, "travel", "Travel Kettle", "旅行电热水壶", "kitchen", [], {"travel-1": ([], "30.00", 9)})
    answer = stage.speak(language).identify("ann").ask(RecommendProduct(), text)
    assert answer.slots["product"] == "oolong", "ann has the electric one"


@pytest.mark.parametrize(
    ("language", "text", "said"),
    [
        ("en", "anything that goes with my headphones?", "people who bought the Studio Headphones"),
        ("zh", "我的耳机配什么好", "买过录音耳机"),
        ("zh", "什么和我的耳机搭配？", "买过录音耳机"),
    ],
)
@pytest.mark.parametrize("action", [RecommendProduct(), ProductSearch()])
def test_headphones_go_with_no_headphones(
    stage: Stage, language: str, text: str, said: str, action: KefuAction
) -> None:
    for line, zh in (("Lite", "青春版"), ("Pro", "Pro")):
        name, sold = f"Studio Headphones {line}", {f"{line}-1": ((), "80.00", 9)}
        add_product(stage.session, line, name, f"录音耳机{zh}", "electronics", [], sold)
    for number in range(6):
        add_order(stage.session, f"c{number}", ["Pro", "lamp"], days_ago=20)
        add_order(stage.session, f"c{number}", ["Pro", "Lite"], days_ago=10)
    answer = stage.speak(language).ask(action, text)
    chosen = [choice["id"] for choice in answer.slots["choices"]]
    assert "lamp" in chosen
    assert not {"Pro", "Lite"} & set(chosen)
    assert said in answer.text


@pytest.mark.parametrize(
    ("language", "text", "said"),
    [
        ("en", "what goes with the travel kettle?", "together with the Travel Kettle"),
        ("zh", "旅行电热水壶搭配什么好", "和旅行电热水壶一起用"),
    ],
)
def test_no_best_sellers_where_nothing_is_known_to_go_with_it(
    stage: Stage, language: str, text: str, said: str
) -> None:
    add_product(stage.session, "travel", "Travel Kettle", "旅行电热水壶", "kitchen", [], {"travel-1": ([], "30.00", 9)})
    named = [{"entity": "product", "value": "Travel Kettle", "details": {"product_ids": ["travel"]}}]
    answer = stage.speak(language).ask(RecommendProduct(), text, entities=named)
    assert answer.responses == ["utter_nothing_goes_with"]
    assert said in answer.text


@pytest.mark.parametrize(("language", "text"), [("en", "what do I need to restock?"), ("zh", "我该补点货了吗")])
def test_what_is_bought_once_a_year_does_not_run_out(stage: Stage, language: str, text: str) -> None:
    for days in (10, 340, 670, 1000):
        add_order(stage.session, "ann", ["lamp"], days_ago=days)
    answer = stage.speak(language).identify("ann").ask(RecommendProduct(), text)
    assert "You usually buy it" not in answer.text
    assert "买一次" not in answer.text


@pytest.mark.parametrize(
    ("language", "text"), [("en", "what would you recommend for my dad?"), ("zh", "给我爸买点什么好")]
)
def test_a_present_is_not_chosen_by_the_buyers_taste(stage: Stage, language: str, text: str) -> None:
    answer = stage.speak(language).identify("wei").ask(RecommendProduct(), text)
    assert answer.responses == ["utter_recommendations_for_gift"]
    assert "time for more" not in answer.text
    assert "补一些" not in answer.text


@pytest.mark.parametrize(
    ("language", "asks", "likes", "spends"),
    [
        ("en", "what would you recommend for my dad?", "he likes cooking", "40 or less"),
        ("zh", "给我爸买点什么好", "他爱做饭", "40块以内的"),
    ],
)
def test_what_is_told_of_a_present_adds_up(stage: Stage, language: str, asks: str, likes: str, spends: str) -> None:
    asked = stage.speak(language).ask(RecommendProduct(), asks).slots["open_question"]
    assert asked["intent"] == "recommend_product"
    assert "small_talk" in asked["answers"]
    liked = stage.ask(RecommendProduct(), likes)
    assert [choice["id"] for choice in liked.slots["choices"]] == ["kettle"]
    assert stage.ask(RecommendProduct(), spends).responses == ["utter_nothing_to_recommend"], "the kettle costs 42"
    assert stage.slots["open_question"]["known"] == {"category": "kitchen", "most": "40"}


@pytest.mark.parametrize(
    ("language", "asks", "likes", "departments"),
    [
        ("en", "a gift for my dad", "he likes fishing", "kitchen"),
        ("zh", "想买个礼物送给爸爸", "他喜欢钓鱼", "厨房用品"),
    ],
)
def test_an_interest_that_nothing_fits_is_said_so(
    stage: Stage, language: str, asks: str, likes: str, departments: str
) -> None:
    stage.speak(language).ask(RecommendProduct(), asks)
    answer = stage.ask(RecommendProduct(), likes)
    assert answer.responses == ["utter_nothing_for_interest"]
    assert departments in answer.text


@pytest.mark.parametrize(
    ("language", "asks", "anew"),
    [("en", "a gift for my dad", "and recommend something for me"), ("zh", "送爸爸什么礼物好", "也给我推荐点东西吧")],
)
def test_after_a_present_one_asks_for_oneself(stage: Stage, language: str, asks: str, anew: str) -> None:
    stage.speak(language).identify("ann").ask(RecommendProduct(), asks)
    assert stage.ask(RecommendProduct(), anew).slots["open_question"] is None


def test_what_has_an_age_limit_is_for_who_asks(stage: Stage) -> None:
    store_policy(stage.session, {"recommendations": {"only_on_request": ["food"]}})
    stage.shop = Shop(stage.session, now=lambda: NOW)
    unasked = stage.ask(RecommendProduct(), "recommend me something")
    assert {"oolong", "matcha"}.isdisjoint(choice["id"] for choice in unasked.slots["choices"])
    asked = stage.ask(RecommendProduct(), "recommend some food")
    assert {choice["id"] for choice in asked.slots["choices"]} <= {"oolong", "matcha"}


def test_without_consent_nobodys_purchases_are_looked_at(stage: Stage) -> None:
    store_policy(stage.session, {"recommendations": {"needs_consent": True}})
    stage.shop = Shop(stage.session, now=lambda: NOW)
    answer = stage.identify("ann").ask(RecommendProduct(), "recommend me something")
    assert "because you bought" not in answer.text
    assert "popular" in answer.text
    stage.shop.set_newsletter_consent("ann", True, key="k", actor="customer:ann")
    assert "because you bought" in stage.ask(RecommendProduct(), "recommend me something").text


def test_a_search_that_finds_nothing_keeps_to_the_same_rules(stage: Stage) -> None:
    store_policy(stage.session, {"recommendations": {"only_on_request": ["kitchen"], "needs_consent": True}})
    stage.shop = Shop(stage.session, now=lambda: NOW)
    for days in range(105, 1000, 100):  # a rhythm of her own, and not what sells these days
        add_order(stage.session, "ann", ["matcha"], days_ago=days)
    strangers = stage.ask(ProductSearch(), "any umbrellas").slots["choices"]
    assert "kettle" not in [choice["id"] for choice in strangers]
    assert stage.identify("ann").ask(ProductSearch(), "any umbrellas").slots["choices"] == strangers
    stage.shop.set_newsletter_consent("ann", True, key="k", actor="customer:ann")
    assert stage.ask(ProductSearch(), "any umbrellas").slots["choices"] != strangers
