"""What is wished for in a recommendation: by this message and, of a present, by those before it."""

import re
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from actions.base import Language, Tracker
from actions.products.categories import category_said
from actions.products.reading import budget, products_or_category
from actions.words import fold
from knowledge.shop.shop import Shop
from knowledge.shop.types import Product

INTENT = "recommend_product"
OPEN_QUESTION = "open_question"
GIFT = re.compile(
    r"(?<![a-z])(?:gifts?|(?:birthday|christmas) presents?|presents? for|"
    r"for my (?:\w+ )?(?:friend|\w+friend|wife|husband|partner|mom|mum|mother|dad|father|parents|grand\w+|"
    r"sister|brother|son|daughter|nephew|niece|aunt|uncle|boss|colleague|teacher)s?)(?![a-z])"
    r"|礼物|礼品|送(?:给|女|男|老|妈|爸|朋友|长辈|同事|孩|小)|"
    r"(?:给|帮)(?:我|咱)?(?:家)?(?:的)?(?:[老爸妈]|父|母|爷|奶|外公|外婆|先生|太太|对象|闺蜜|朋友|[男女]朋友|同事|领导|"
    r"[哥姐弟妹]|儿子|女儿|孩子|长辈)"
)
CHILD = re.compile(
    r"(?<![a-z])(?:kids?|child(?:ren)?|toddlers?|bab(?:y|ies)|nephews?|nieces?|boys?|girls?|grand(?:son|daughter)s?|"
    r"(?:is|turns|aged) (?:[1-9]|1[0-2]))(?![a-z0-9])|(?:[1-9]|1[0-2]|[一二两三四五六七八九十])岁|"
    r"孩子|小孩|儿童|男孩|女孩|宝宝|小朋友|侄[子女]|外甥"
)
ANEW = re.compile(r"(?<![a-z])(?:recommend|suggest|for (?:me|myself))|推荐|我自己|给我")
"""Asked anew, and no longer for the one the present was for."""
TOYS = "toys"
MOST_NAMED = 3
DETAILS = ("inform", "product_search", "product_price", "out_of_scope")
INTERESTS = (*DETAILS, "small_talk", "nlu_fallback")
"""How the understanding layer reads an answer to "what do they like?": it can be about anything."""


@dataclass(frozen=True)
class Wish:
    """`is_going_on`: the message tells more of a present asked for before; `is_heard`: it says something to go by."""

    is_gift: bool
    is_going_on: bool
    is_heard: bool
    named: tuple[Product, ...]
    category: str | None
    most: Decimal | None

    def left_open(self) -> dict[str, Any] | None:
        """What the next message may add: of a present anything that the person likes, a budget, a category."""
        if not self.is_gift:
            return None
        known = {"category": self.category, "most": None if self.most is None else str(self.most)}
        answers = DETAILS if self.category or self.named else INTERESTS
        return {"intent": INTENT, "answers": list(answers), "known": known}


def wish(shop: Shop, tracker: Tracker, language: Language) -> Wish:
    text = fold(str(tracker.latest_message.get("text") or ""))
    asked_before = tracker.get_slot(OPEN_QUESTION) or {}
    is_gift_anew = bool(GIFT.search(text))
    is_going_on = asked_before.get("intent") == INTENT and not is_gift_anew and not ANEW.search(text)
    known = asked_before["known"] if is_going_on else {}
    named, category = products_or_category(shop, tracker, language, limit=MOST_NAMED)
    category, most = category or _category(shop, text), budget(tracker)
    return Wish(
        is_gift=is_gift_anew or is_going_on,
        is_going_on=is_going_on,
        is_heard=bool(named or category or most is not None),
        named=tuple(named),
        category=category or (None if named else known.get("category")),
        most=most if most is not None or not known.get("most") else Decimal(known["most"]),
    )


def _category(shop: Shop, text: str) -> str | None:
    """The category that is named, else the one for children where it is for a child."""
    categories = shop.categories()
    for_child = TOYS if CHILD.search(text) and TOYS in categories else None
    return category_said(text, categories) or for_child
