"""Which lines of an order a customer means: "the lamp", "both shirts", "all except the mug", 那双鞋. Pure."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from actions.choosing import says_everything
from actions.orders.reading import names
from actions.orders.reading.values import Pair, values_said
from actions.words import phrase_pattern

EXCEPT = re.compile(
    r"(?:except|but not|apart from|other than|excluding|besides|all but|everything but)(?: for)?|除了|不包括|除"
)
ONLY = re.compile(r"(?<![a-z])(?:only|just|nothing but)(?![a-z])|只|仅|就(?=[退换取改])|单退|单换")
ALSO = re.compile(r"(?<![a-z])(?:also|too|as well|add|plus|in addition|and)(?![a-z])|还有|再加|另外|也|加上|一起")
DROP = re.compile(
    r"(?<![a-z])(?:not|keep|leave out|drop|remove|without|don't (?:want to )?(?:return|exchange|change|include)|"
    r"forget(?: about)?|skip)(?![a-z])|不退|不换|不改|留着|留下|去掉|别退|别换|先不"
)


@dataclass(frozen=True)
class Line:
    """A line of an order as far as words can tell it from the others."""

    line_id: str
    product_id: str
    variant_id: str
    name_en: str
    name_zh: str
    options: Mapping[str, str]
    options_zh: Mapping[str, str]
    quantity: int = 1


@dataclass(frozen=True)
class Mention:
    """Lines that one phrase of the text names. More than one: they share the name and the text does not tell which."""

    line_ids: tuple[str, ...]
    product_id: str
    start: int
    end: int
    is_plural: bool = False


def mentions(text: str, lines: Sequence[Line], known: Iterable[tuple[int, int, Sequence[str]]] = ()) -> list[Mention]:
    """Where folded `text` names lines, in its order. `known`: spans that the NLU read as products, with their ids."""
    spans: list[tuple[int, int, str]] = []
    for product_id, line in {line.product_id: line for line in lines}.items():
        others = [line for line in lines if line.product_id != product_id]
        named = names.spans(
            text, line.name_en, line.name_zh, [other.name_en for other in others], [other.name_zh for other in others]
        )
        spans += [(start, end, product_id) for start, end in named]
    own = {line.product_id for line in lines}
    for start, end, product_ids in known:
        matched = own & set(product_ids)
        if len(matched) == 1 and not any(_overlap(span, (start, end)) for span in spans):
            spans.append((start, end, matched.pop()))
    by_variant = [
        Mention((line.line_id,), line.product_id, found.start(), found.end())
        for line in lines
        if line.variant_id and (found := phrase_pattern(line.variant_id).search(text))
    ]
    by_span: dict[tuple[int, int], list[str]] = {}
    for start, end, product_id in _without_overlaps(spans):
        by_span.setdefault((start, end), []).append(product_id)
    by_name = [_mention(text, span, product_ids, lines) for span, product_ids in by_span.items()]
    return _one_each(sorted([*by_name, *by_variant], key=lambda mention: mention.start), lines)


def _one_each(found: list[Mention], lines: Sequence[Line]) -> list[Mention]:
    """Of lines that are the very same, each mention takes one: it does not matter which."""
    variants = {line.line_id: line.variant_id for line in lines}
    taken: set[str] = set()
    result = []
    for mention in found:
        if len(mention.line_ids) > 1 and not mention.is_plural and len({variants[i] for i in mention.line_ids}) == 1:
            free = [line_id for line_id in mention.line_ids if line_id not in taken] or list(mention.line_ids)
            mention = replace(mention, line_ids=(free[0],))
        taken.update(mention.line_ids)
        result.append(mention)
    return result


def _overlap(one: tuple[int, int, str], other: tuple[int, int]) -> bool:
    return one[0] < other[1] and other[0] < one[1]


def _without_overlaps(spans: list[tuple[int, int, str]]) -> list[tuple[int, int, str]]:
    """The longest phrase wins: `smart watch` over `watch`; equally long ones stay, being truly ambiguous."""
    longest = sorted(spans, key=lambda span: span[0] - span[1])
    kept: list[tuple[int, int, str]] = []
    for span in longest:
        rivals = [other for other in kept if _overlap(other, span[:2])]
        if all((other[0], other[1]) == span[:2] for other in rivals):
            kept.append(span)
    return sorted(kept)


def _mention(text: str, span: tuple[int, int], product_ids: Sequence[str], lines: Sequence[Line]) -> Mention:
    start, end = span
    same = [line for line in lines if line.product_id in product_ids]
    plural = _is_plural(text, start, end, same[0].name_en)
    if len(same) > 1 and not plural:
        same = _told_apart(text, start, end, same)
    return Mention(tuple(line.line_id for line in same), same[0].product_id, start, end, plural)


def _is_plural(text: str, start: int, end: int, name: str) -> bool:
    """ "both t-shirts", "my t-shirts", T恤都退: every line of that name."""
    before, after = text[max(0, start - 24) : start], text[end : end + 6]
    counted = re.search(r"(?<![a-z])(?:all|both|two|three)(?![a-z])[a-z' ]*$|[两三]\S$", before)
    is_plural_word = text[start:end].endswith("s") and not name.lower().endswith("s")
    return bool(counted) or says_everything(before) or is_plural_word or after.lstrip("的").startswith(("都", "全"))


def _told_apart(text: str, start: int, end: int, lines: list[Line]) -> list[Line]:
    """Of lines with one name, those whose options stand beside it: "the blue t-shirt", "t-shirt (blue, M)"."""
    before = re.split(r"[,;，；。]|(?<![a-z])(?:and|for|to|into|with)(?![a-z])", text[max(0, start - 40) : start])[-1]
    after = text[end : end + 80]
    brackets = re.match(r"\s*[(（{][^)）}]*[)）}]", after)
    behind = (
        brackets.group() if brackets else re.split(r"[,;，；。\n]|(?<![a-z])(?:and|for|to|into)(?![a-z])", after)[0]
    )
    for phrase in (behind, before, before + behind) if brackets else (before, before + behind):
        said = values_said(phrase, [(line.options, line.options_zh) for line in lines])
        fits = [_fit(said, line) + names.likeness(phrase, line.name_en, line.name_zh) for line in lines]
        if max(fits) > 0 and fits.count(max(fits)) < len(lines):
            return [line for line, fit in zip(lines, fits, strict=True) if fit == max(fits)]
    return lines


def _fit(said: list[frozenset[Pair]], line: Line) -> int:
    return sum(1 for pairs in said if any(line.options.get(name) == value for name, value in pairs))


def all_but(text: str, lines: Sequence[Line]) -> list[str] | None:
    """The line ids of "everything (except …)"; None where the text does not say everything."""
    if not says_everything(text) and not re.search(r"all but|everything but|除了", text):
        return None
    ids = [line.line_id for line in lines]
    if hit := EXCEPT.search(text):
        left_out = {line_id for mention in mentions(text[hit.start() :], lines) for line_id in mention.line_ids}
        return [line_id for line_id in ids if line_id not in left_out] if left_out else None
    named = mentions(text, lines)
    return None if named else ids


def revise(text: str, had: Sequence[str], named: Sequence[str]) -> list[str]:
    """The lines after a correction: "only the lamp" replaces, "also the lamp" adds, "not the lamp" takes away."""
    if had and DROP.search(text) and not ONLY.search(text) and set(named) <= set(had):
        return [line_id for line_id in had if line_id not in named]
    if had and ALSO.search(text) and not ONLY.search(text):
        return [*had, *(line_id for line_id in named if line_id not in had)]
    return list(dict.fromkeys(named))
