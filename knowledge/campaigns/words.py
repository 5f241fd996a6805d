"""What every campaign mail says beside its own text, and why something is recommended: English and Chinese."""

from typing import Final

from knowledge.shop.types import Language

REASONS: Final[dict[Language, dict[str, str]]] = {
    "en": {
        "buy_again": "You've bought this before, and it may be time for more.",
        "goes_with": "Customers who bought the {because} like this, too.",
        "taste": "One of the things you like to buy.",
        "popular": "Many of our customers are buying this right now.",
        "alike": "Customers with a taste like yours buy it, too.",
        "due": "You buy this about every {days} days, so it may be time again.",
    },
    "zh": {
        "buy_again": "您以前买过，可能该补货了。",
        "goes_with": "买过{because}的顾客也常买。",
        "taste": "是您平时爱买的那一类。",
        "popular": "最近很多顾客都在买。",
        "alike": "和您口味相近的顾客也在买。",
        "due": "您大约每 {days} 天买一次，差不多又到时候了。",
    },
}
PHRASES: Final[dict[Language, dict[str, str]]] = {
    "en": {
        "lang": "en",
        "from_price": "from {price}",
        "why_you": "You get this e-mail because you agreed to hear from {shop}.",
        "unsubscribe": "Unsubscribe with one click",
        "reply": "Or simply reply “unsubscribe”.",
        "friend": "there",
    },
    "zh": {
        "lang": "zh-CN",
        "from_price": "{price} 起",
        "why_you": "您同意过接收{shop}的邮件，所以收到了这一封。",
        "unsubscribe": "一键退订",
        "reply": "也可以直接回复“退订”。",
        "friend": "朋友",
    },
}


def reason_in_words(code: str, because: str | None, gap_days: float | None, language: Language) -> str:
    """A sentence; one whose fact is missing, or a reason that is not known here, is said as `taste`."""
    sentences = REASONS[language]
    sentence = sentences.get(code, sentences["taste"])
    if ("{because}" in sentence and because is None) or ("{days}" in sentence and gap_days is None):
        return sentences["taste"]
    return sentence.format(because=because, days=max(1, round(gap_days or 0)))
