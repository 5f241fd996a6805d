"""The option values a customer names: "clicky", "size M", "the 1000ml stainless steel one", 蓝色, 大号. Pure.

A value may belong to two options (a black frame, a black lens), so what is found is a set of (option, value) pairs, any
of which is meant.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from actions.words import SIZES, fold, names_of, phrase_pattern, plain

Pair = tuple[str, str]
Options = Mapping[str, str]
"""Option name → value, in English; the parallel Chinese mapping has the same order."""

YES = frozenset({"yes"})
NO = frozenset({"no", "none", "not resistant"})
LETTERS = frozenset(SIZES)
NEGATED = re.compile(
    r"(?:(?<![a-z])(?:not|no|non|isn't|aren't|instead of|rather than|in place of|anything but|but not|without|"
    r"n't (?:want|like|need)|too)(?: (?:the|a|an|any|my|this))?[\s-]*|不要|不是|不想要|别要|别|而不是|"
    r"除了|太|偏)$"
)
FROM = re.compile(r"(?<![a-z])from(?: (?:the|a|an|my|this))?[\s-]*$|[从由]$")
TO = re.compile(r"(?<![a-z])(?:to|into|for)(?![a-z])|换|改|变|到")
""" "from black to white" has black already; "one from Brand A" wants it."""
SOFT = re.compile(r"prefer(?:ably|red|ence)?|if possible|ideally|最好|优先|尽量")
LISTED = r"(?:[,(]|with|、)\s*(?P<bare>{value})(?=\s*(?:[,;.)、]|$|and))"
"""A bare number, yes, no or none within a list of values: "clicky, none, full size"."""
COLOURS = "black|white|red|blue|navy|green|yellow|purple|pink|orange|brown|gr[ae]y|beige|gold|silver"
COMMON = frozenset(
    """
    and with the for free size color colour type of to one no yes in on set card brand equivalent
    """.split()  # noqa: SIM905
)


@dataclass(frozen=True)
class Said:
    """A value the text names. `pairs`: what it may mean; `is_negated`: "not black", "instead of black"."""

    pairs: frozenset[Pair]
    start: int
    end: int
    is_negated: bool = False
    is_preference: bool = False


def values_said(text: str, variants: Iterable[tuple[Options, Options]]) -> list[frozenset[Pair]]:
    """The values that the text names and does not negate, in its order."""
    return [said.pairs for said in read_values(text, variants) if not said.is_negated]


def read_values(text: str, variants: Iterable[tuple[Options, Options]]) -> list[Said]:
    """Every value of these variants that the text names, in its order."""
    cased = plain(text)
    folded = fold(text)
    names, catalogue = _catalogue(variants)
    hits = [
        (start, end, (option, value))
        for (option, value), chinese in catalogue.items()
        for start, end in _spans(cased, folded, option, names[option], value, chinese)
    ]
    hits += _partial_hits(folded, catalogue, [(start, end) for start, end, _ in hits])
    prefer = SOFT.search(folded)
    return [_said(folded, span, pairs, prefer.start() if prefer else None) for span, pairs in _merged(hits)]


def _catalogue(variants: Iterable[tuple[Options, Options]]) -> tuple[dict[str, str], dict[Pair, str]]:
    """The options' Chinese names, and every pair that exists with its value in Chinese."""
    names: dict[str, str] = {}
    pairs: dict[Pair, str] = {}
    for options, options_zh in variants:
        chinese = list(options_zh.items()) or [("", "")] * len(options)
        for (name, value), (name_zh, value_zh) in zip(options.items(), chinese, strict=False):
            names[name] = name_zh
            pairs[name, value] = value_zh
    return names, pairs


def _said(folded: str, span: tuple[int, int], pairs: frozenset[Pair], prefer_at: int | None) -> Said:
    start, end = span
    is_own_negation = all(value in YES | NO for _, value in pairs)
    before = folded[max(0, start - 24) : start]
    is_old = bool(FROM.search(before)) and bool(TO.search(folded[end : end + 40]))
    negated = not is_own_negation and (is_old or bool(NEGATED.search(before)))
    return Said(_qualified(folded, span, pairs), start, end, negated, prefer_at is not None and start > prefer_at)


def _qualified(folded: str, span: tuple[int, int], pairs: frozenset[Pair]) -> frozenset[Pair]:
    """Where a value belongs to several options, the one named beside it ("black frame") is meant."""
    if len({option for option, _ in pairs}) < 2:
        return pairs
    after = " ".join(re.findall(r"[a-z]+", folded[span[1] : span[1] + 24])[:2])
    before = " ".join(re.findall(r"[a-z]+", folded[max(0, span[0] - 24) : span[0]])[-3:])
    for nearby in (after, before):
        named = {pair for pair in pairs if any(word in nearby for word in pair[0].split() if word not in COMMON)}
        if named:
            return frozenset(named)
    return pairs


def _merged(hits: list[tuple[int, int, Pair]]) -> list[tuple[tuple[int, int], frozenset[Pair]]]:
    """Longer phrases swallow shorter ones within them; the pairs of one and the same phrase belong together."""
    spans: dict[tuple[int, int], set[Pair]] = {}
    for start, end, pair in hits:
        spans.setdefault((start, end), set()).add(pair)
    kept: list[tuple[int, int]] = []
    for span in sorted(spans, key=lambda span: (span[0] - span[1], span[0])):
        if not any(span[0] < other[1] and other[0] < span[1] for other in kept):
            kept.append(span)
    return [(span, frozenset(spans[span])) for span in sorted(kept)]


def _spans(cased: str, folded: str, option: str, option_zh: str, value: str, chinese: str) -> list[tuple[int, int]]:
    low = fold(value)
    if low in YES | NO:
        return _yes_no(folded, option, option_zh, low)
    spans = [match.span() for name in _spellings(low, chinese) for match in phrase_pattern(name).finditer(folded)]
    if low in LETTERS:
        spans += _letter_spans(cased, folded, low)
    elif low.isdigit():
        spans += _number_spans(folded, low, option)
    return spans


def _spellings(low: str, chinese: str) -> list[str]:
    names = [name for name in names_of(low) if name not in LETTERS and not name.isdigit()]
    return [*names, chinese] if chinese and not chinese.isascii() else names


def _letter_spans(cased: str, folded: str, letter: str) -> list[tuple[int, int]]:
    """A size of letters alone: "size m", "m size", M码, a capital standing alone, or the whole answer."""
    if folded.strip(" .!") == letter:
        return [(0, len(folded))]
    named = rf"(?:size|in|to|an?) (?:is )?{letter}(?![a-z0-9'])|(?<![a-z0-9']){letter}[\s-]*(?:size|码|号)"
    if len(letter) > 1:
        named += rf"|(?<![a-z0-9']){letter}(?![a-z0-9'])"
    spans = [match.span() for match in re.finditer(named, folded)]
    capital = letter.upper()
    return spans + [match.span() for match in re.finditer(rf"(?<![A-Za-z0-9']){capital}(?![A-Za-z0-9'])", cased)]


def _number_spans(folded: str, number: str, option: str) -> list[tuple[int, int]]:
    """A bare number counts where it is the answer, stands with the option's name, or is too long for anything else."""
    unit = re.escape(option.split()[-1].removesuffix("s"))
    patterns = [
        rf"size (?:us |eu |uk )?{number}(?![\d.])",
        rf"(?<![\d.#]){number}[\s-]*(?:码|号|片|块|{unit}s?)",
        rf"{re.escape(option)} (?:of )?{number}(?![\d.])",
        LISTED.format(value=number),
        rf"(?<=[\u4e00-\u9fff])\s*(?P<behind>{number})(?=的|呢|吗|$|[\s,，。!！])",
        rf"(?:{COLOURS})[ ,]+(?P<beside>{number})(?![\d.])(?! (?:pieces|pcs|of|items))",
        rf"^{number}(?=\s*[,;、])",
        rf"^(?:the |a |an |in |to )*{number}(?: one)?[ .!]*$",
    ]
    if len(number) > 2:
        patterns.append(rf"(?<![\d.#]){number}(?![\d.])")
    matches = [match for pattern in patterns for match in re.finditer(pattern, folded)]
    return [match.span(next(iter(match.groupdict()), 0)) for match in matches]


def _yes_no(folded: str, option: str, option_zh: str, value: str) -> list[tuple[int, int]]:
    """Options that something has or has not: "waterproof", "not waterproof", "no backlight", 不防水."""
    is_yes = value in YES
    stem = re.escape(option.split("/")[0]).replace("resistance", "resistan(?:ce|t)").replace(r"\ ", r"[\s-]*")
    names = stem if not option_zh else rf"{stem}|{re.escape(option_zh)}"
    negation = r"(?:(?:not|non|no|without(?: any| a)?|isn't|un|none)[\s-]*|不带?|没有?|无|不要)"
    pattern = rf"(?P<no>{negation})?(?:{names})(?:[: ]+(?P<said>yes|no|none)(?![a-z]))?"
    found = []
    for match in re.finditer(pattern, folded):
        denied = bool(match["no"]) or match["said"] in ("no", "none")
        if denied != is_yes:
            found.append(match.span())
    return found or [match.span("bare") for match in re.finditer(LISTED.format(value=value), folded)]


def _partial_hits(
    folded: str, catalogue: Mapping[Pair, str], taken: list[tuple[int, int]]
) -> list[tuple[int, int, Pair]]:
    """A telling part of a longer value: "256gb" for 256GB SSD, "256" for 256GB, "grinder" for built-in grinder."""
    hits = []
    for (option, value), _ in catalogue.items():
        rivals = " ".join(fold(other) for name, other in catalogue if name == option and other != value).split()
        figure = re.fullmatch(r"(\d{3,})\s*[a-z]+", fold(value))
        if figure and figure[1] not in re.findall(r"\d+", " ".join(rivals)):
            found = re.finditer(rf"(?<![\d.#a-z]){figure[1]}(?![\d.a-z])", folded)
            hits += [(match.start(), match.end(), (option, value)) for match in found]
        for part in fold(value).split():
            if (len(part) < 3 and not part[-1:].isdigit()) or part in COMMON or part in rivals or part == fold(value):
                continue
            for match in phrase_pattern(part).finditer(folded):
                if not any(match.start() < end and start < match.end() for start, end in taken):
                    hits.append((match.start(), match.end(), (option, value)))
    return hits
