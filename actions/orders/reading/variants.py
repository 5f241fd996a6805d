"""Which variant a customer wants instead: "clicky", "one size up", "same but in black", 便宜点的. Pure."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from actions.orders.reading.values import Options, Pair, read_values
from actions.words import fold, phrase_pattern

RANKS = {
    word: rank
    for scale in (
        ("xxs", "xs", "s", "m", "l", "xl", "xxl", "xxxl"),
        ("small", "medium", "large"),
        ("low", "medium", "high"),
        ("basic", "professional"),
        ("beginner", "intermediate", "expert"),
        ("standard", "high-back"),
    )
    for rank, word in enumerate(scale)
}
SIZE_OPTIONS = re.compile(r"size|capacity|length|height|diameter|thickness|screen|pieces?\b|piece count|weight|storage")
UP = "bigger|larger|greater|longer|taller|thicker|wider|more|higher|brighter|stronger|heavier|louder|faster"
DOWN = "smaller|shorter|thinner|narrower|less|fewer|lower|dimmer|weaker|lighter weight|slower"
BIGGER = re.compile(
    r"(?<![a-z])(?:bigger|larger|longer|taller|thicker|too (?:small|short|tight|thin))(?![a-z])|"
    r"更大|大一?[点些]|大[一两]?[号码]的?|太小|小了|偏小|太短|更[长高厚]|[长高厚]一?[点些]"
)
SMALLER = re.compile(
    r"(?<![a-z])(?:smaller|shorter|thinner|too (?:big|large|long|loose|thick))(?![a-z])|"
    r"更小|小一?[点些]|小[一两]?[号码]的?|太大|大了|偏大|太长|更[短矮薄]|[短矮薄]一?[点些]"
)
BIGGEST = re.compile(r"(?<![a-z])(?:biggest|largest|longest|tallest|thickest|maximum)(?![a-z])|最[大长高厚]")
SMALLEST = re.compile(r"(?<![a-z])(?:smallest|shortest|thinnest|minimum)(?![a-z])|最[小短矮薄]")
ONE_STEP = re.compile(r"(?:one|next|a|1) size (?:up|down|bigger|smaller|larger)|size (?:up|down)|[大小]一[号码]")
STEP_UP = re.compile(r"(?:one|next|a|1) size (?:up|bigger|larger)|size up|大一[号码]")
STEP_DOWN = re.compile(r"(?:one|next|a|1) size (?:down|smaller)|size down|小一[号码]")
CHEAPER = re.compile(r"(?<![a-z])(?:cheaper|less expensive|lower price)(?![a-z])|便宜一?[点些]|更便宜")
CHEAPEST = re.compile(r"(?<![a-z])(?:cheapest|least expensive|lowest price)(?![a-z])|最便宜|最低价")
DEAREST = re.compile(r"(?<![a-z])(?:most expensive|priciest|dearest)(?![a-z])|最贵")
BRIGHTER = re.compile(r"(?<![a-z])(?:brighter|more bright)(?![a-z])|更亮|亮一?[点些]")
DIMMER = re.compile(r"(?<![a-z])(?:dimmer|less bright|not so bright|too bright)(?![a-z])|更暗|暗一?[点些]|太亮")


COLOURS_AND_SIZES = re.compile(
    r"(?<![a-z])(?:black|white|red|blue|green|yellow|purple|pink|orange|brown|grey|gray|beige|gold|silver|navy|"
    r"x{1,3}s|x{1,3}l|extra (?:large|small))(?![a-z])|[黑白红蓝绿黄紫粉橙棕灰金银]色|x{1,3}l码?"
)
SIZE_NUMBER = re.compile(
    r"(?<![a-z])size (\d{1,2}(?:\.5)?)(?![\d.])|(?<![\d.#])(\d{2}(?:\.5)?)\s*[码号]|"
    r"(?<=[换改]成)(\d{2}(?:\.5)?)(?=的|吧|$|[\s,，。.!！])"
)
NEARBY = 8
"""A number further away from every size there is means something else."""


@dataclass(frozen=True)
class Item:
    """A variant as far as choosing goes."""

    variant_id: str
    options: Options
    options_zh: Options
    price: Decimal
    is_available: bool = True


@dataclass(frozen=True)
class Comparison:
    """Another value than now: `direction` 1 up, -1 down; `reach` any further one, the next, or the furthest ("end")."""

    options: tuple[str, ...]
    direction: int
    reach: str = "any"


@dataclass(frozen=True)
class Wish:
    """What was said about the variant wanted. Empty (falsy) where nothing was."""

    variant_id: str | None = None
    wanted: tuple[frozenset[Pair], ...] = ()
    unwanted: frozenset[Pair] = frozenset()
    preferred: tuple[frozenset[Pair], ...] = ()
    comparisons: tuple[Comparison, ...] = ()
    price: str = ""
    """cheaper, cheapest, dearest or nothing."""

    def __bool__(self) -> bool:
        return bool(self.variant_id or self.wanted or self.preferred or self.comparisons or self.price)


@dataclass(frozen=True)
class Match:
    """The variants that fit, best first. `is_certain`: the first is what was meant and nothing need be asked."""

    candidates: tuple[Item, ...]
    is_certain: bool


def unknown_values(text: str, variants: Sequence[Item]) -> list[str]:
    """The colours and sizes that the text asks for and no variant has: it is better to say so than to drop them."""
    folded = fold(text)
    values = [pair for variant in variants for o in (variant.options, variant.options_zh) for pair in o.items()]
    wished = re.sub(r"(?:not|instead of|from|不要|不是|从)(?: the| a)? \S+|不要\S{2}", " ", folded)
    known = " ".join(fold(value) for _, value in values).replace("gray", "grey")
    missing = [said for said in COLOURS_AND_SIZES.findall(wished) if said.replace("gray", "grey") not in known]
    sizes = {float(value) for name, value in values if SIZE_OPTIONS.search(name) and value.isdecimal()}
    for said in SIZE_NUMBER.finditer(wished) if sizes else ():
        number = float(next(filter(None, said.groups())))
        if number not in sizes and min(sizes) - NEARBY <= number <= max(sizes) + NEARBY:
            missing.append(said.group())
    return list(dict.fromkeys(missing))


def read_wish(text: str, current: Item, variants: Sequence[Item]) -> Wish:
    """What the text says about the variant wanted instead of `current`."""
    folded = fold(text)
    for variant in variants:
        if phrase_pattern(variant.variant_id).search(folded):
            return Wish(variant_id=variant.variant_id)
    said = read_values(text, [(variant.options, variant.options_zh) for variant in variants])
    positive = [value for value in said if not value.is_negated]
    return Wish(
        wanted=_one_per_option([value.pairs for value in positive if not value.is_preference], current),
        unwanted=frozenset().union(*(value.pairs for value in said if value.is_negated)),
        preferred=tuple(value.pairs for value in positive if value.is_preference),
        comparisons=_comparisons(folded, current.options),
        price="cheapest" if CHEAPEST.search(folded) else "cheaper" if CHEAPER.search(folded)
        else "dearest" if DEAREST.search(folded) else "",
    )  # fmt: skip


def _one_per_option(said: list[frozenset[Pair]], current: Item) -> tuple[frozenset[Pair], ...]:
    """Two values of one option: the one they have describes what they have; what remains is either-or."""
    by_options: dict[frozenset[str], list[frozenset[Pair]]] = {}
    for pairs in said:
        by_options.setdefault(frozenset(name for name, _ in pairs), []).append(pairs)
    result = []
    for group in by_options.values():
        new = [pairs for pairs in group if not any(current.options.get(name) == value for name, value in pairs)]
        result.append(frozenset().union(*(new or group)))
    return tuple(result)


def _comparisons(folded: str, options: Options) -> tuple[Comparison, ...]:
    sizes = tuple(name for name in options if SIZE_OPTIONS.search(name))
    bright = tuple(name for name in options if "brightness" in name)
    found = [
        Comparison(names, direction, "next" if ONE_STEP.search(folded) else "any")
        for pattern, names, direction in (
            (STEP_UP, sizes, 1), (STEP_DOWN, sizes, -1), (BRIGHTER, bright, 1), (DIMMER, bright, -1),
            (BIGGER, sizes, 1), (SMALLER, sizes, -1),
        )
        if names and pattern.search(folded)
    ]  # fmt: skip
    found += [Comparison(sizes, 1, "end")] if sizes and BIGGEST.search(folded) else []
    found += [Comparison(sizes, -1, "end")] if sizes and SMALLEST.search(folded) else []
    return tuple(found[:1]) or _named_comparisons(folded, options)


def _named_comparisons(folded: str, options: Options) -> tuple[Comparison, ...]:
    """ "more storage", "higher resolution", "longer battery life"."""
    found = []
    for name in options:
        word = re.escape(fold(name).split()[0])
        if re.search(rf"(?<![a-z])(?:{UP})(?: [a-z]+)? {word}", folded):
            found.append(Comparison((name,), 1))
        elif re.search(rf"(?<![a-z])(?:{DOWN})(?: [a-z]+)? {word}", folded):
            found.append(Comparison((name,), -1))
    return tuple(found)


def match(wish: Wish, current: Item, variants: Sequence[Item]) -> Match:
    """The variants that fulfil the wish; what it does not speak of stays as it is where that can be had."""
    if wish.variant_id:
        return Match(tuple(variant for variant in variants if variant.variant_id == wish.variant_id), True)
    pool = [variant for variant in variants if variant.is_available and variant.variant_id != current.variant_id]
    fitting = [variant for variant in pool if _fulfils(variant, wish, current, variants)]
    ranked = sorted(fitting, key=lambda variant: _rank(variant, wish, current))
    if not wish or not ranked:
        return Match(tuple(ranked), False)
    return Match(tuple(ranked), _is_certain(ranked, wish, current))


def nearest(wish: Wish, current: Item, variants: Sequence[Item]) -> list[Item]:
    """What can be had, that which comes closest to the wish first."""
    pool = [variant for variant in variants if variant.is_available and variant.variant_id != current.variant_id]

    def distance(variant: Item) -> tuple[int, tuple[float, ...]]:
        has = set(variant.options.items())
        return -sum(1 for pairs in (*wish.wanted, *wish.preferred) if pairs & has), _rank(variant, wish, current)

    return sorted(pool, key=distance)


def is_fulfilled(wish: Wish, by: Item) -> bool:
    """Whether this very variant is what the wish names."""
    has = set(by.options.items())
    names_it = bool(wish.wanted) and all(pairs & has for pairs in wish.wanted) and not wish.unwanted & has
    return names_it and not wish.comparisons and not wish.price


def _fulfils(variant: Item, wish: Wish, current: Item, variants: Sequence[Item]) -> bool:
    has = set(variant.options.items())
    return (
        all(pairs & has for pairs in wish.wanted)
        and not wish.unwanted & has
        and all(_goes(variant, comparison, current, variants) for comparison in wish.comparisons)
        and (wish.price != "cheaper" or variant.price < current.price)
    )


def _goes(variant: Item, comparison: Comparison, current: Item, variants: Sequence[Item]) -> bool:
    return any(_goes_in(variant, name, comparison, current, variants) for name in comparison.options)


def _goes_in(variant: Item, name: str, comparison: Comparison, current: Item, variants: Sequence[Item]) -> bool:
    here, there = _measure(current.options.get(name)), _measure(variant.options.get(name))
    if here is None or there is None:
        return False
    if comparison.reach == "any":
        return (there - here) * comparison.direction > 0
    all_measures = {_measure(other.options.get(name)) for other in variants}
    known = sorted(measure for measure in all_measures if measure is not None)
    if comparison.reach == "end":
        return there == (known[-1] if comparison.direction > 0 else known[0])
    further = [measure for measure in known if (measure - here) * comparison.direction > 0]
    return bool(further) and there == (further[0] if comparison.direction > 0 else further[-1])


def _measure(value: str | None) -> float | None:
    """Where a value stands on its scale: a number in it, or its rank among words like small, medium, large."""
    if value is None:
        return None
    low = fold(value)
    if low in RANKS:
        return float(RANKS[low])
    number = re.search(r"\d+(?:\.\d+)?", low)
    if not number:
        return None
    return float(number.group()) * (1024 if "tb" in low else 1)


def _rank(variant: Item, wish: Wish, current: Item) -> tuple[float, ...]:
    by_price = {"cheapest": variant.price, "cheaper": variant.price, "dearest": -variant.price}
    has = set(variant.options.items())
    missed = next((place for place, pairs in enumerate(wish.preferred) if pairs & has), len(wish.preferred))
    price = float(by_price.get(wish.price, 0))
    return (
        price if wish.price in ("cheapest", "dearest") else 0.0,
        float(missed),
        -_kept(variant, wish, current),
        price,
    )


def _kept(variant: Item, wish: Wish, current: Item) -> float:
    """How many of the options that were not spoken of stay as they are."""
    spoken = _spoken(wish)
    return sum(
        1 for name, value in current.options.items() if name not in spoken and variant.options.get(name) == value
    )


def _spoken(wish: Wish) -> set[str]:
    wanted = {name for pairs in (*wish.wanted, *wish.preferred) for name, _ in pairs}
    return wanted | {name for comparison in wish.comparisons for name in comparison.options}


def _is_certain(ranked: Sequence[Item], wish: Wish, current: Item) -> bool:
    if len(ranked) == 1:
        return True
    first, second = (_rank(variant, wish, current) for variant in ranked[:2])
    if first == second:
        return False
    if wish.price in ("cheapest", "dearest"):
        return True
    unspoken = set(current.options) - _spoken(wish)
    return -first[2] == len(unspoken) or first[1] < second[1]
