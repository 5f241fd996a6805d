"""Which words of a sentence belong to which item: "the mug for a blue one and the lamp for a black one". Pure."""

import re
from collections.abc import Sequence
from itertools import pairwise

from actions.orders.reading.lines import Mention

JOINED = re.compile(
    r"(?i)^(?:[\s,、，;；]|and|also|the|my|both|as well as|plus|with|和|跟|与|还有|以及|把|件|双|个|那|这)*$"
)
SEPARATOR = re.compile(r"(?i)[,、，;；。.]\s|[、，；。]|(?<![a-z])and(?![a-z])|另外|还有|以及|和|把")


def merged(found: list[Mention]) -> list[Mention]:
    """A product named a second time ("… for a red t-shirt") belongs to what is wished for the first."""
    kept: list[Mention] = []
    for mention in found:
        same = [
            other for other in kept if other.product_id == mention.product_id and other.line_ids == mention.line_ids
        ]
        wide = [other for other in kept if other.product_id == mention.product_id and len(mention.line_ids) > 1]
        if not same and not wide:
            kept.append(mention)
    return kept


def words_of(found: Sequence[Mention], text: str) -> list[str]:
    """The words about each mention: those behind it, those before it if there are none, or those of the next one when
    both are named in one breath ("the jacket and the shirt to red")."""
    before, after = [text[: found[0].start]] if found else [], []
    for mention, following in pairwise(found):
        own, its = _cut(text[mention.end : following.start])
        after.append(own)
        before.append(its)
    after += [text[found[-1].end :]] if found else []
    for place in range(len(found) - 2, -1, -1):
        if JOINED.match(after[place]) and JOINED.match(before[place + 1]):
            after[place] = after[place + 1]
    return [f"{own} … {wished}" for own, wished in zip(before, after, strict=True)]


def _cut(between: str) -> tuple[str, str]:
    """Words between two mentions belong to the first up to the last "and" or comma, then to the second."""
    separators = list(SEPARATOR.finditer(between))
    if not separators:
        return between, ""
    return between[: separators[-1].start()], between[separators[-1].start() :]
