"""What customers call the shop's categories. Pure."""

import re
from collections.abc import Iterable, Mapping

from actions.base import Language
from actions.words import fold, says

NAMES: Mapping[str, tuple[str, str]] = {
    "apparel": ("clothing", "服装"),
    "shoes": ("shoes", "鞋子"),
    "bags": ("bags and luggage", "箱包"),
    "home": ("home", "家居"),
    "kitchen": ("kitchen", "厨房用品"),
    "electronics": ("electronics", "数码电器"),
    "beauty": ("beauty", "美妆护肤"),
    "toys": ("toys and games", "玩具"),
    "sports": ("sports and outdoors", "运动户外"),
    "food": ("food and tea", "食品茶饮"),
    "tea": ("tea", "茶叶"),
    "furniture": ("furniture", "家具"),
    "office": ("office", "办公用品"),
    "pets": ("pets", "宠物用品"),
    "garden": ("garden", "园艺"),
    "books": ("books", "图书"),
}
"""By the category's code in the catalogue; a code that is not here is shown as it stands."""

WORDS: Mapping[str, tuple[str, ...]] = {
    "apparel": ("clothes", "clothing", "apparel", "outfit", "to wear", "衣服", "服装", "衣裳", "女装", "男装", "穿的"),
    "shoes": ("shoes", "shoe", "footwear", "鞋", "鞋子"),
    "bags": ("bag", "bags", "luggage", "包包", "箱包", "背包", "手提包", "的包推荐", "好看的包"),
    "home": ("home decor", "household", "homeware", "for the home", "for the house", "家居", "家用", "家里用", "居家"),
    "kitchen": ("kitchen", "kitchenware", "cookware", "cooking", "厨房", "厨具", "做饭", "餐具"),
    "electronics": ("electronics", "gadget", "gadgets", "tech", "电子产品", "数码", "电器", "家电"),
    "beauty": ("beauty", "skincare", "skin care", "makeup", "cosmetics", "美妆", "护肤", "护肤品", "化妆品"),
    "toys": ("toy", "toys", "games", "for my kid", "for kids", "玩具", "孩子玩", "小朋友", "宝宝"),
    "sports": ("sports", "sport", "fitness", "gym", "outdoor", "camping", "hiking", "运动", "健身", "户外", "露营"),
    "food": ("food", "snack", "snacks", "to eat", "tea", "drinks", "零食", "吃的", "食品", "茶", "茶叶", "喝的"),
    "furniture": ("furniture", "家具"),
    "office": ("office", "stationery", "办公", "文具"),
    "pets": ("pet", "pets", "for my dog", "for my cat", "宠物", "猫咪", "狗狗"),
    "garden": ("garden", "gardening", "园艺", "花园"),
    "books": ("books", "reading", "图书", "书"),
}  # fmt: skip


PARTS = re.compile(r"[&/,>+、，·与和]|\band\b")
"""Between the things that one name lists: "Camping & Hiking", "Outdoor > Tents", 帐篷和睡袋."""
NO_NAME = re.compile(
    r"\s+(?:gear|equipment|accessories|supplies|products?|items?|goods|essentials|collection|department|range)$"
    r"|(?<=[\u3400-\u9fff]{2})(?:装备|用品|产品|商品|专区|系列|周边|类)$"
)
"""What a name may end with that says nothing: "camping gear", 露营装备."""


def category_said(text: str, categories: Iterable[str]) -> str | None:
    """The one of the shop's categories that the text speaks of: by the shop's own name for it, else by other words."""
    folded, codes = fold(text), list(categories)
    own = next((code for code in sorted(codes, key=len, reverse=True) if says(folded, own_names(code))), None)
    return own or next((code for code in codes if says(folded, WORDS.get(code, ()))), None)


def own_names(code: str) -> tuple[str, ...]:
    """What the shop itself calls a category: the whole, and what it lists, without an ending that says nothing."""
    whole = fold(code).replace("_", " ")
    parts = (NO_NAME.sub("", part.strip()) for part in (whole, *PARTS.split(whole)))
    return tuple(dict.fromkeys(part for part in (whole, *parts) if len(part) > 1))


def is_word_of(word: str, code: str) -> bool:
    """Whether the word speaks of the category and of nothing else."""
    return word in own_names(code) or any(word in phrase.split() for phrase in WORDS.get(code, ()))


def category_name(code: str, language: Language) -> str:
    names = NAMES.get(code, (code, code))
    return names[1] if language == "zh" else names[0]
