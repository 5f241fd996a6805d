"""Rewrites training utterances the way strangers will type them. Deterministic for a given random source."""

import random
import re
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from nlu.components.homophones import sounds_alike
from nlu.components.language import has_han
from nlu.components.wordlist import wordlist
from nlu.types import Language

_NEIGHBOURS = dict(
    zip(
        "abcdefghijklmnopqrstuvwxyz",
        wordlist(
            """
    sqz vgn xvd sfec wrsd dgrc fhtv gjyb uok hknu jlmi kop njk bmhj ipkl ol wa edft awdz ryfg yihj cfgb qesa zcsd
    tugh xsa
    """
        ),
        strict=True,
    )
)
_PUNCTUATION = re.compile(r"[,.!?;:'\"，。！？；：、～~]")
_WORD = re.compile(r"[A-Za-z]{4,}")
_FREQUENT = (
    "的一是不了在人有我他这个们中来上大为和国地到以说时要就出会可也你对生能而子那得于着下自之年过发后作里用道行所然家种事成方多经么去法学"
    "如都同现当没动面起看定天分还进好小部其些主样理心她本前开但因只从想实日军者意无力它与长把机十民第公此已工使情明性知全三又关点正业外将"
    "两高间由问很最重并物手应战向头文体政美相见被利什二等产或新己制身果加西斯月话合回特代内信表化老给世位次度门任常先海通教儿原东声提立及"
)
"""Common characters: what a slip may leave in place of the right one."""
_ALIKE_SHARE = 0.7
_MOST_MIXED = 3
_ORDER_MENTION = re.compile(r"#?\b[A-Z]{1,2}\d{6,8}\b|\b\d{6,9}\b", re.ASCII)
_ORDER_FORMS = ("#K{}", "K{}", "#W{}", "W{}", "{}", "#{}")


@cache
def _lists() -> dict[str, Any]:
    return dict(yaml.safe_load(Path(__file__).with_name("augmentation.yml").read_text("utf-8")))


@cache
def _alike() -> dict[str, str]:
    return {character: group for group in sounds_alike() for character in group}


def augment(text: str, language: Language, rng: random.Random) -> str:
    """One rewriting of `text` that asks the same: other products and numbers, slips, politeness, mixed words."""
    text = _swap_product(_swap_order(text, rng), language, rng)
    steps = _ENGLISH if language == "en" else _CHINESE
    for chance, step in steps:
        if rng.random() < chance:
            text = step(text, rng)
    return text


def with_details(text: str, language: Language, rng: random.Random) -> str:
    """A request with what customers put beside it, which changes nothing about it: number, address, name."""
    details: dict[str, list[str]] = _lists()["details"][language]
    place = rng.choice(("before", "after"))
    detail = rng.choice(details[place])
    return detail + text if place == "before" else text.rstrip("。.") + detail


def mix_into_chinese(text: str, rng: random.Random) -> str:
    """An English utterance the way a Chinese speaker mixes it: "track一下 my 订单"."""
    words = list(_lists()["mixes"].items())
    rng.shuffle(words)
    swapped = 0
    for english, chinese in words:
        pattern = re.compile(rf"\b{english}\b", re.IGNORECASE)
        if pattern.search(text):
            text = pattern.sub(chinese, text)
            swapped += 1
        if swapped == _MOST_MIXED:
            break
    return text


def gibberish(language: Language, rng: random.Random) -> str:
    """Keyboard mashing, which means nothing and must be read as out of scope."""
    letters = (
        "asdfghjklqwertyuiopzxcvbnm"
        if language == "en"
        else "的一是了我不在人有他这大来上国个到说们为子和你地出道也时年"
    )
    words = ("".join(rng.choices(letters, k=rng.randint(3, 9))) for _ in range(rng.randint(1, 4)))
    return " ".join(words)


def _swap_order(text: str, rng: random.Random) -> str:
    def other(_: re.Match[str]) -> str:
        return rng.choice(_ORDER_FORMS).format(rng.randint(10**6, 10**7 - 1))

    return _ORDER_MENTION.sub(other, text)


def _swap_product(text: str, language: Language, rng: random.Random) -> str:
    products: list[str] = _lists()["products"][language]
    if rng.random() < 0.5:
        return text
    for product in products:
        pattern = rf"\b{product}\b" if language == "en" else product
        if re.search(pattern, text):
            return re.sub(pattern, rng.choice(products), text)
    return text


def _lower(text: str, _: random.Random) -> str:
    return text.lower()


def _bare(text: str, _: random.Random) -> str:
    return _PUNCTUATION.sub("", text) or text


def _spaced(text: str, _: random.Random) -> str:
    return _PUNCTUATION.sub(" ", text).strip() or text


def _typo(text: str, rng: random.Random) -> str:
    words = list(_WORD.finditer(text))
    if not words:
        return text
    word = rng.choice(words)
    at = rng.randrange(word.start() + 1, word.end() - 1)
    slips: tuple[Callable[[], str], ...] = (
        lambda: text[:at] + text[at + 1] + text[at] + text[at + 2 :],
        lambda: text[:at] + text[at + 1 :],
        lambda: text[:at] + text[at] + text[at:],
        lambda: text[:at] + rng.choice(_NEIGHBOURS.get(text[at].lower(), "e")) + text[at + 1 :],
    )
    return rng.choice(slips)()


def _neighbouring_key(text: str, rng: random.Random) -> str:
    """A finger that lands beside the key, or on two keys at once, anywhere in the text."""
    letters = [at for at, letter in enumerate(text) if letter.lower() in _NEIGHBOURS]
    if len(letters) < 6:
        return text
    at = rng.choice(letters)
    key = rng.choice(_NEIGHBOURS[text[at].lower()])
    return text[:at] + key + text[at + rng.randint(0, 1) :]


def _run_together(text: str, rng: random.Random) -> str:
    """A space that was not hit."""
    spaces = [at for at, letter in enumerate(text) if letter == " "]
    if len(spaces) < 2:
        return text
    at = rng.choice(spaces)
    return text[:at] + text[at + 1 :]


def _wrong_character(text: str, rng: random.Random) -> str:
    """Another character than was meant, mostly one that sounds the same: the rest must carry the meaning."""
    han = [at for at, character in enumerate(text) if has_han(character)]
    if len(han) < 4:
        return text
    at = rng.choice(han)
    others = _alike().get(text[at], _FREQUENT) if rng.random() < _ALIKE_SHARE else _FREQUENT
    return text[:at] + rng.choice(others) + text[at + 1 :]


def _slip(text: str, rng: random.Random) -> str:
    pairs = [pair for pair in _lists()["slips_zh"] if pair[0] in text]
    return text.replace(*rng.choice(pairs)) if pairs else text


def _drop(text: str, rng: random.Random) -> str:
    if len(text) < 7:
        return text
    at = rng.randrange(len(text))
    return text[:at] + text[at + 1 :]


def _switch(text: str, rng: random.Random) -> str:
    known = [word for word in _lists()["switches"] if word in text]
    rng.shuffle(known)
    for word in known[: rng.randint(1, 2)]:
        space = rng.choice(("", " "))
        text = text.replace(word, f"{space}{_lists()['switches'][word]}{space}")
    return text


def _opener(language: Language) -> Callable[[str, random.Random], str]:
    return lambda text, rng: str(rng.choice(_lists()["openers"][language])) + text


def _closer(language: Language) -> Callable[[str, random.Random], str]:
    return lambda text, rng: text.rstrip("。.?？!！") + str(rng.choice(_lists()["closers"][language]))


_ENGLISH = (
    (0.15, _opener("en")),
    (0.15, _closer("en")),
    (0.3, _typo),
    (0.3, _neighbouring_key),
    (0.15, _neighbouring_key),
    (0.12, _run_together),
    (0.35, _lower),
    (0.25, _bare),
)
_CHINESE = (
    (0.2, _opener("zh")),
    (0.2, _closer("zh")),
    (0.2, _slip),
    (0.1, _drop),
    (0.3, _wrong_character),
    (0.08, _wrong_character),
    (0.25, _switch),
    (0.15, _bare),
    (0.15, _spaced),
)
