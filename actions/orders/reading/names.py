"""How customers name a product: its whole name, the last word, an everyday name, a misspelling, 那双鞋. Pure."""

import re
from collections.abc import Collection, Mapping

from rapidfuzz import fuzz

from actions.words import fold, is_chinese, phrase_pattern

Span = tuple[int, int]
SYNONYMS: Mapping[str, tuple[str, ...]] = {
    "bicycle": ("bike",),
    "t-shirt": ("tee", "shirt"),
    "luggage set": ("suitcase", "luggage"),
    "sneakers": ("trainers", "shoes"),
    "running shoes": ("trainers",),
    "wireless earbuds": ("earphones", "buds"),
    "headphones": ("headset", "earphones"),
    "smartphone": ("mobile", "cell"),
    "e-reader": ("ereader", "kindle"),
    "wall clock": ("clock",),
    "led light bulb": ("light", "lightbulb"),
    "bookshelf": ("bookcase", "shelf"),
    "office chair": ("desk chair",),
    "fleece jacket": ("fleece", "coat"),
    "portable charger": ("power bank", "powerbank"),
    "vacuum cleaner": ("vacuum", "hoover"),
    "electric toothbrush": ("brush",),
    "indoor security camera": ("security camera", "indoor camera"),
    "jigsaw puzzle": ("jigsaw",),
    "makeup kit": ("make-up", "makeup"),
    "air purifier": ("air cleaner",),
    "espresso machine": ("espresso maker",),
    "coffee maker": ("coffee machine", "coffeemaker"),
    "patio umbrella": ("parasol",),
    "dumbbell set": ("weights",),
    "grill": ("barbecue", "bbq"),
}
"""Other everyday names, by the product's name in lower case."""

WEAK = frozenset(
    """
    smart electric wireless digital portable mechanical indoor outdoor water wall pet garden patio office desk
    running hiking gaming action light set kit air security classic mini pro new large small soft hard black
    white green red blue set pack of and with for the men's women's kids cotton leather steel
    """.split()  # noqa: SIM905
)
"""Words of a product's name that do not name it by themselves."""

GENERIC_ZH = re.compile(r"(?:套装|礼盒|组合|系列|青春版|旗舰版|升级版|加大款|款|版|装)$")
HEADS_ZH = "鞋衣裤帽包灯表杯壶伞书椅车茶毯锅刀盘碗垫桌柜箱笔镜被枕巾钟裙袜机"
"""Last characters of names that name the thing by themselves: 那双鞋, 盘子."""
ALONE_ZH = frozenset("鞋衣裤帽灯杯壶伞椅茶毯锅碗枕裙袜霜膏烛")
"""Those of them that mean the thing wherever they stand: "K1的鞋", 茶叶."""
NOT_THE_THING = re.compile("鞋[码号盒柜垫架带]|衣[架柜服]|灯[光泡罩]|茶[具几壶杯]|锅[铲盖]|杯[垫盖]|枕[套巾]")
ADJECTIVES_ZH = frozenset(
    """
    经典 现代 日用 迷你 田园 商务 家用 宽松 修身 周末 通勤 亲子 豪华 便携 智能 无线 电动 舒缓
    亮肤 有机 入门 竞技 复古 轻便 专业 户外 旅行 儿童 男士 女士 纯棉 不锈 锈钢
    """.split()  # noqa: SIM905
)
COUNTED_ZH = "双件条个只台把本张顶款支瓶套盏部块副口床"


def spans(text: str, name_en: str, name_zh: str, others_en: Collection[str], others_zh: Collection[str]) -> list[Span]:
    """Where folded `text` names this product; `others` are the names it must not be mistaken for."""
    found = [match.span() for name in _names(name_en) for match in phrase_pattern(name).finditer(text)]
    found += _chinese(text, fold(name_zh)) or _chinese_head(text, fold(name_zh), others_zh)
    return found or _telling_words(text, name_en, others_en) or _telling_pairs(text, fold(name_zh), others_zh)


def likeness(phrase: str, name_en: str, name_zh: str) -> int:
    """How many words (or pairs of characters) of the phrase are of the name: "classic" tells two t-shirts apart."""
    pairs = [name_zh[place : place + 2] for place in range(len(name_zh) - 1)]
    return sum(1 for part in (*fold(name_en).split(), *map(fold, pairs)) if phrase_pattern(part).search(phrase))


def _names(name_en: str) -> list[str]:
    """Its whole name, shorter and shorter forms that keep the last word, and what else it is called."""
    parts = fold(name_en).split()
    tails = [" ".join(parts[place:]) for place in range(len(parts)) if len(parts[place:]) > 1 or parts[-1] not in WEAK]
    stem = [tails[-1][:-1]] if tails and tails[-1].endswith("s") and len(tails[-1]) > 4 else []
    synonyms = [other for tail in tails for other in SYNONYMS.get(tail, ())]
    return [*tails, *stem, *synonyms]


def _chinese(text: str, name: str) -> list[Span]:
    """The longest piece of the Chinese name in the text: the whole, or an ending of two characters or more."""
    if not is_chinese(name):
        return []
    stem = GENERIC_ZH.sub("", name)
    for whole in (name, stem):
        for start in range(len(whole) - 1):
            piece = whole[start:]
            if piece in text and is_chinese(piece) and not GENERIC_ZH.fullmatch(piece):
                return [match.span() for match in re.finditer(re.escape(piece), text)]
    return []


def _chinese_head(text: str, name: str, others: Collection[str]) -> list[Span]:
    """What the last character of the name says by itself, where no other name has it: 那双鞋, 杯子, 茶叶."""
    head = GENERIC_ZH.sub("", name)[-1:]
    alone = re.sub(NOT_THE_THING, lambda other: "□" * len(other.group()), text).find(head) if head in ALONE_ZH else -1
    if head and alone >= 0 and not any(head in other for other in others):
        return [(alone, alone + 1)]
    counted = re.search(rf"[{COUNTED_ZH}]{head}|{head}子", text) if head and head in HEADS_ZH else None
    return [counted.span()] if counted else []


def _telling_words(text: str, name_en: str, others: Collection[str]) -> list[Span]:
    """A telling word from the middle of the name, a part of a compound ("watch" for wristwatch), a misspelling."""
    parts = [part for part in fold(name_en).split() if part not in WEAK and len(part) > 3]
    shared = {part for name in others for part in fold(name).split()}
    telling = [part for part in parts if part not in shared]
    found = [match.span() for part in telling for match in phrase_pattern(part).finditer(text)]
    if found or not name_en.strip():
        return found
    head = fold(name_en).split()[-1]
    for match in re.finditer(r"[a-z]{4,}", text):
        word = match.group().removesuffix("s")
        compound = len(word) > 4 and word not in shared and head.removesuffix("s").endswith(word)
        if compound or any(_misspelt(word, part.removesuffix("s")) for part in [head, *telling] if len(part) > 4):
            found.append(match.span())
    return found


def _telling_pairs(text: str, name_zh: str, others: Collection[str]) -> list[Span]:
    """Two characters of the Chinese name that no other one has: 科学 for 科学实验套装."""
    pairs = [name_zh[place : place + 2] for place in range(len(name_zh) - 1)]
    telling = [
        pair
        for pair in pairs
        if is_chinese(pair[0]) and is_chinese(pair[1]) and pair not in ADJECTIVES_ZH
        and not GENERIC_ZH.fullmatch(pair) and not any(pair in other for other in others)
    ]  # fmt: skip
    return [match.span() for pair in telling for match in re.finditer(pair, text)][:1]


def _misspelt(word: str, right: str) -> bool:
    return len(word) > 4 and fuzz.ratio(word, right) >= 82
