"""Budgets and categories in a customer's words."""

from decimal import Decimal

import pytest
from rasa_sdk import Tracker

from actions.products.categories import category_said
from actions.products.reading import budget

CODES = ["apparel", "beauty", "electronics", "food", "home", "kitchen", "shoes", "sports", "toys"]


def tracker(text: str) -> Tracker:
    return Tracker("rest:tester", {}, {"text": text, "entities": []}, [], False, None, {}, None)


@pytest.mark.parametrize(
    ("text", "most"),
    [
        ("anything under $50", "50"),
        ("less than 19.99 please", "19.99"),
        ("my budget is 200", "200"),
        ("100 dollars or less", "100"),
        ("around £150", "150"),
        ("500块以内的吸尘器", "500"),
        ("预算300", "300"),
        ("不超过 80 元", "80"),
        ("两百以下", None),
        ("size 42 boots", None),
        ("a 3m cable", None),
    ],
)
def test_budget(text: str, most: str | None) -> None:
    assert budget(tracker(text)) == (Decimal(most) if most else None)


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("some nice shoes", "shoes"),
        ("a gift for the kitchen", "kitchen"),
        ("toys for my nephew", "toys"),
        ("你们有什么护肤品", "beauty"),
        ("来点零食", "food"),
        ("运动用的", "sports"),
        ("just looking", None),
    ],
)
def test_category(text: str, code: str | None) -> None:
    assert category_said(text, CODES) == code


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("what would you recommend for camping?", "Camping & Hiking gear"),
        ("something for a hiking trip", "Camping & Hiking gear"),
        ("想去露营，推荐点装备", "露营装备"),
        ("anything for the gym?", "sports"),
        ("a chair for my home office", "home_office"),
        ("something for the home", "home"),
        ("do you have any tea?", "food"),
        ("any tents in your outdoor range?", "Outdoor > Tents"),
    ],
)
def test_the_shops_own_names_for_its_categories_come_first(text: str, name: str) -> None:
    codes = [
        "food",
        "home",
        "sports",
        "Camping & Hiking gear",
        "露营装备",
        "Tea towels",
        "home_office",
        "Outdoor > Tents",
    ]
    assert category_said(text, codes) == name
