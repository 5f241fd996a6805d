"""Which products a message means: named in either language, misspelt, pointed at ("the second one"), or "it"."""

import re
from collections.abc import Iterable, Sequence
from decimal import Decimal
from typing import Any

from rapidfuzz import fuzz

from actions.base import Language, Tracker
from actions.choosing import Choice, choose, positions, read_choices, says_everything
from actions.orders.reading.values import Pair, values_said
from actions.products.categories import category_said, is_word_of
from actions.words import fold, is_chinese
from knowledge.shop.shop import Shop
from knowledge.shop.types import Product, ProductOption, Variant

KIND = "product"
"""The kind of a product among the slot `choices`."""
MOST_WORDS = 8
"""Of a long message, the words that may name a product; more would only cost time."""
SHORT_WORDS = 1.7
"""A message of fewer telling words ("how much?", 有货吗) is about what was talked about last."""
SHORT_CHARACTERS = 40
CLOSE_WORD = 83.0
"""Of 100: how alike a misspelt word and the right one must be."""
BUDGET = re.compile(
    r"(?:under|below|less than|at most|max(?:imum)?(?: of)?|up to|within|budget(?: is| of|:)?|cheaper than|"
    r"no more than|not over|around|about|预算|不超过|不高于|低于|最多|大概|大约)"
    r"\s*(?:us\$|[$¥€£])?\s*(\d+(?:[.,]\d{1,2})?)"
    r"|(\d+(?:\.\d{1,2})?)\s*(?:块钱?|元|美元|美金|刀|dollars?|bucks|usd)?\s*"
    r"(?:以内|以下|之内|左右|or less|or under|or below|max)"
)
IT = re.compile(r"(?<![a-z])(?:it|its|it's|this|that)(?![a-z])|这[个款件双]|它|该款")
BACK = re.compile(
    r"(?<![a-z])(?:it|its|it's|this|that|these|those|them|they|one|ones|same)(?![a-z])|这|那|它|该款|同款|上面|刚才"
)
OPTIONS_ASKED = re.compile(
    r"(?<![a-z])(?:what|which|other|more) (?:colou?rs?|sizes?|versions?|options?)(?![a-z])"
    r"|(?:别的|其[他它]|什么|啥|哪些|[哪几]种)(?:颜色|尺[码寸]|规格|款式|口味)"
)
HEAD_NOUNS = frozenset("茶鞋锅杯灯裤裙帽袜伞椅桌")
"""Single characters that name a kind of product by themselves: 有什么好茶."""
LINE = re.compile(r"(?<=[\u3400-\u9fff]{2})(?:[a-z0-9]+|[\u3400-\u9fff]{2}版)$")
"""The line at the end of a Chinese name: 无线耳机Pro and 无线耳机青春版 are 耳机."""
SEVERAL = re.compile(
    r"(?<![a-z])(?:these|those|them|the (?:two|three)|which (?:one|of)|two|three)(?![a-z])|[这那][两三几]|哪个|哪款"
)
FILLER = re.compile(
    r"(?<![a-z'])(?:i|i'm|im|i'd|i'll|me|my|we|we're|you|your|u|do|does|did|have|has|got|get|is|are|was|be|there|any|some|a|an|the|of|"
    r"in|on|at|for|to|from|with|and|or|but|by|what|whats|what's|which|how|much|many|where|can|could|would|will|may|should|"
    r"please|pls|show|find|search|see|look|looking|lookin|want|need|like|buy|sell|stock|carry|carrying|about|tell|more|"
    r"details|detail|info|information|price|prices|cost|costs|available|availability|product|products|item|items|"
    r"something|anything|thing|things|shop|store|website|under|below|less|than|recommend|suggest|compare|between|"
    r"difference|hi|hello|hey|thanks|let|let's|help|list|browse|all|good|nice|size|color|colour|it|its|it's|this|that|"
    r"these|those|them|one|ones|still|left|kind|kinds|sort|sorts|type|types|also|just|s|range|new|cheap|cheapest|best|"
    r"most|expensive|yes|no|not|ok|okay|go|goes|going|us|our|usd|dollars|bucks|as|so|if|out|up|when|back|comes?|made|am|long|warranty|guarantee|cost|costs|free|day|days|order|question|gift|gifts|present|"
    r"dad|mum|mom|wife|husband|friend|girlfriend|boyfriend|birthday|loves?|likes?|who|he|she|him|her)(?![a-z'])"
)


def products_meant(
    shop: Shop, tracker: Tracker, language: Language, *, limit: int = 5, may_refer_back: bool = True
) -> list[Product]:
    """The products the latest message speaks of, best first; with `may_refer_back` also "it" and a bare option."""
    text = str(tracker.latest_message.get("text") or "")
    named = named_products(shop, tracker, language, limit)
    offered = read_choices(tracker.get_slot("choices"), KIND)
    pointed = [offered[place] for place in positions(text, len(offered))] if not named else []
    if pointed:
        return _by_ids(shop, [choice.id for choice in pointed])
    among = [product for product in named if product.product_id in {choice.id for choice in offered}]
    if among or named:
        return among or named
    if not may_refer_back:
        return []
    last = _remembered(shop, tracker, text)
    if last and IT.search(fold(text)):
        return last
    return _by_ids(shop, [choice.id for choice in choose(text, offered)]) or last


def named_products(shop: Shop, tracker: Tracker, language: Language, limit: int = 5) -> list[Product]:
    """Those that the understanding layer recognised, else those whose name the words come close to."""
    ids = [product_id for entity in entities(tracker, "product") for product_id in _ids(entity)]
    if ids:
        return _by_ids(shop, list(dict.fromkeys(ids))[:limit])
    text = _without_options(tracker)
    return _in_chinese(shop, text, limit) or _closest(shop, search_words(text), language, limit)


def products_or_category(
    shop: Shop, tracker: Tracker, language: Language, limit: int
) -> tuple[list[Product], str | None]:
    """The products named; if none is (electronics is no Electric Kettle), the category spoken of."""
    text = str(tracker.latest_message.get("text") or "")
    category = category_said(text, shop.categories())
    words = search_words(text)
    if category and words and not entities(tracker, "product") and all(is_word_of(word, category) for word in words):
        return [], category
    named = named_products(shop, tracker, language, limit)
    return named, None if named else category


def groups_named(shop: Shop, tracker: Tracker, language: Language) -> list[list[Product]]:
    """For a comparison: the candidates of each product named, in the text's order."""
    found = [_by_ids(shop, _ids(entity)[:3]) for entity in entities(tracker, "product")]
    if len(found) >= 2:
        return found
    text = fold(str(tracker.latest_message.get("text") or ""))
    parts = re.split(r"(?<![a-z])(?:and|or|vs\.?|versus|to|with|than|from)(?![a-z])|,|，|、|和|跟|与|还是|比", text)
    closest = [_in_chinese(shop, part, 3) or _closest(shop, search_words(part), language, 3) for part in parts]
    return [group for group in closest if group]


def search_words(text: str) -> list[str]:
    """The English words that may name a product: without small words, prices and politeness."""
    folded = FILLER.sub(" ", BUDGET.sub(" ", fold(text)))
    return re.findall(r"[a-z][a-z0-9'+-]*|\d+[a-z]+", folded)[:MOST_WORDS]


def budget(tracker: Tracker) -> Decimal | None:
    """The most the customer wants to spend, in the shop's currency as far as they say."""
    text = fold(str(tracker.latest_message.get("text") or ""))
    found = BUDGET.search(text)
    if found:
        return Decimal((found.group(1) or found.group(2)).replace(",", "."))
    amounts = [Decimal(str(entity["value"])) for entity in entities(tracker, "money")]
    return max(amounts) if amounts else None


def options_said(text: str, variants: Sequence[Variant]) -> list[frozenset[Pair]]:
    """The option values named, each as the (option, value) pairs it may stand for."""
    return values_said(text, [(variant.options, variant.options_zh) for variant in variants])


def matching(variants: Iterable[Variant], said: Iterable[frozenset[Pair]]) -> list[Variant]:
    """The variants that have every value said."""
    wanted = list(said)
    return [variant for variant in variants if all(pairs & set(variant.options.items()) for pairs in wanted)]


def entities(tracker: Tracker, name: str) -> list[dict[str, Any]]:
    found = tracker.latest_message.get("entities") or []
    return [entity for entity in found if entity.get("entity") == name]


def speaks_of_all(text: str) -> bool:
    """ "both", "these three", 这两个: everything that was offered is meant."""
    return says_everything(text) or bool(SEVERAL.search(fold(text)))


def as_choice(product: Product, variants: Sequence[Variant], language: Language) -> Choice:
    """The product as something the next message can point at, by name in either language or by an option's value."""
    other = product.name("en" if language == "zh" else "zh")
    values = dict.fromkeys(value for variant in variants for value in variant.options_in(language).values())
    return Choice(product.product_id, KIND, product.name(language), (other, *list(values)[:12]))


def asks_for_options_of_last(tracker: Tracker) -> bool:
    """Whether a short message asks what the product talked about last comes in: "any other colours?", 有别的颜色吗."""
    text = str(tracker.latest_message.get("text") or "")
    is_its_own = bool(tracker.get_slot("product")) and not entities(tracker, "product")
    return is_its_own and len(text) <= SHORT_CHARACTERS and bool(OPTIONS_ASKED.search(fold(text)))


def is_about_options_of_last(shop: Shop, tracker: Tracker) -> bool:
    """Whether a short message only names options of the product talked about last: "and red?", L码的呢."""
    text = str(tracker.latest_message.get("text") or "")
    product_id = tracker.get_slot("product")
    if not product_id or len(search_words(text)) > 3 or len(text) > SHORT_CHARACTERS:
        return False
    return bool(options_said(text, shop.variants_of(str(product_id))))


def asks_for_what_it_lacks(tracker: Tracker, product: Product) -> bool:
    """Whether a value is asked for that other products have, but this one has not: black, of a red jacket."""
    known = {name: values for option in product.options for name, values in _both_languages(option).items()}
    asked = [(_option_of(entity), fold(str(entity["value"]))) for entity in entities(tracker, "option")]
    return any(name in known and value not in known[name] for name, value in asked)


def _without_options(tracker: Tracker) -> str:
    """The message without the option values it names: "and red?" is not about Red Dates."""
    text = str(tracker.latest_message.get("text") or "")
    for entity in entities(tracker, "option"):
        text = text.replace(str(entity.get("text") or entity["value"]), " ")
    return text


def _option_of(entity: dict[str, Any]) -> str:
    return fold(str((entity.get("details") or {}).get("option") or ""))


def _both_languages(option: ProductOption) -> dict[str, set[str]]:
    values = {fold(value) for value in (*option.values, *option.values_zh)}
    return {fold(option.name): values, fold(option.name_zh): values}


def _ids(entity: dict[str, Any]) -> list[str]:
    return [str(product_id) for product_id in (entity.get("details") or {}).get("product_ids") or ()]


def _by_ids(shop: Shop, product_ids: Iterable[str]) -> list[Product]:
    return [product for product_id in product_ids if (product := shop.product(product_id))]


def _closest(shop: Shop, words: list[str], language: Language, limit: int) -> list[Product]:
    """The longest run of the words that comes close to a name; then those products."""
    for size in range(min(len(words), 4), 0, -1):
        for start in range(len(words) - size + 1):
            run = words[start : start + size]
            close = [p for p in shop.products_by_name(" ".join(run), language, limit) if _is_close(run, p.name_en)]
            if close:
                return close
    return []


def _is_close(words: Iterable[str], name: str) -> bool:
    """Whether each word is one of the name's, give or take a letter: "ketle" is, "long" in Oolong is not."""
    own = re.findall(r"[a-z0-9]+", fold(name))
    said = re.findall(r"[a-z0-9]{2,}", " ".join(words))
    return bool(said) and all(max((fuzz.ratio(word, each) for each in own), default=0) >= CLOSE_WORD for word in said)


def _in_chinese(shop: Shop, text: str, limit: int) -> list[Product]:
    """Products whose Chinese name the text holds, or the end of it: 台灯 for 护眼台灯. The longest match first."""
    folded = "".join(re.findall(r"[\u3400-\u9fffa-z0-9]+", fold(text)))
    if not is_chinese(folded):
        return []
    shared = {name.product_id: _shared(folded, fold(name.name_zh)) for name in shop.catalogue_names()}
    longest = max(shared.values(), default=0)
    if not longest:
        return []
    return _by_ids(shop, [product_id for product_id, length in shared.items() if length == longest][:limit])


def _shared(text: str, name: str) -> int:
    """How many characters of the name the text holds in one piece, if that piece tells what it is."""
    if not name:
        return 0
    head_ends = len(LINE.sub("", name))
    for length in range(len(name), 1, -1):
        for start in range(len(name) - length, -1, -1):
            is_telling = start + length in (len(name), head_ends) or length * 2 > len(name)
            if is_telling and name[start : start + length] in text:
                return length
    return int(name[-1] in HEAD_NOUNS and name[-1] in text)


def _remembered(shop: Shop, tracker: Tracker, text: str) -> list[Product]:
    """The product talked about last, if the message leans on it: "how much is it", "in blue?", 这个多少钱."""
    product_id = tracker.get_slot("product")
    product = shop.product(str(product_id)) if product_id else None
    if product is None:
        return []
    is_short = len(search_words(text)) + len(re.findall(r"[\u3400-\u9fff]", text)) / 3 < SHORT_WORDS
    leans = BACK.search(fold(text)) or OPTIONS_ASKED.search(fold(text)) or is_short
    return [product] if leans or options_said(text, shop.variants_of(product.product_id)) else []
