"""Products and options: what the gazetteer finds, as entities."""

import re
from collections.abc import Iterator

from nlu.components.entities.span import Span
from nlu.components.gazetteer import Gazetteer

_SIZE = re.compile(
    r"(?:\bsize|尺码|码数|鞋码)\s?(?:is|:|是|为|换|要)?\s?(?P<value>\d{1,2}(?:\.5)?|x{0,3}[sml])\b|(?<!\d)(?P<zh>\d{2}(?:\.5)?)码",
    re.IGNORECASE,
)


def find_catalogue(text: str, gazetteer: Gazetteer) -> Iterator[Span]:
    """Longest names first, so that "blue mug" the product beats "blue" the option."""
    for mention in sorted(gazetteer.find(text), key=lambda found: found.start - found.end):
        if mention.product_ids:
            details: dict[str, object] = {"product_ids": list(mention.product_ids)}
            yield Span("product", mention.name, mention.start, mention.end, mention.score, details)
        else:
            yield Span("option", mention.name, mention.start, mention.end, mention.score, {"option": mention.option})
    for match in _SIZE.finditer(text):
        group = "value" if match["value"] else "zh"
        yield Span("option", match[group].upper(), match.start(group), match.end(group), 0.9, {"option": "size"})
