"""How a text message is counted: in the alphabet of GSM 7-bit it is paid for in pieces of 160 signs, else of 70.

One sign outside of that alphabet (a curly quotation mark, a dash) makes the whole message the dearer kind. `plain`
writes such marks in their simple form where that is all that stands in the way; Chinese stays as it is.
"""

import math

GSM = frozenset(
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿"
    "abcdefghijklmnopqrstuvwxyzäöñüà"
)
"""Each is one unit (3GPP TS 23.038, 6.2.1)."""
GSM_EXTENDED = frozenset("^{}\\[~]|€\f")
"""Each is two."""
SIMPLE = str.maketrans(
    {"“": '"', "”": '"', "„": '"', "‘": "'", "’": "'", "–": "-", "—": "-", "…": "...", "·": "-", "•": "-", "→": "->"}
    | dict.fromkeys("\u00a0\u2009\u202f", " ")
)


def plain(text: str) -> str:
    """The text with simple marks, if it then fits into the cheaper alphabet; else as it is."""
    simple = text.translate(SIMPLE)
    return simple if is_gsm(simple) else text


def is_gsm(text: str) -> bool:
    return all(sign in GSM or sign in GSM_EXTENDED for sign in text)


def segments(text: str) -> int:
    """How many messages a text is paid for as; in a longer one, a few units of each piece hold them together."""
    if is_gsm(text):
        units, alone, joined = len(text) + sum(sign in GSM_EXTENDED for sign in text), 160, 153
    else:
        units, alone, joined = len(text.encode("utf-16-le")) // 2, 70, 67
    return 1 if units <= alone else math.ceil(units / joined)
