"""Which lines of the order a message speaks of: by their names, else by the kind of thing ("the shoes", 衣服)."""

from collections.abc import Sequence

from actions.desk import Desk
from actions.orders.reading.lines import Mention, mentions
from actions.orders.reading.order_lines import readable
from actions.products.categories import WORDS
from actions.words import phrase_pattern
from knowledge.shop.types import OrderLine


def mentioned(
    desk: Desk, text: str, lines: Sequence[OrderLine], known: Sequence[tuple[int, int, Sequence[str]]] = ()
) -> list[Mention]:
    """`known`: where the NLU read products of the catalogue in the folded `text`."""
    return mentions(text, readable(lines), known) or _by_kind(desk, text, lines)


def _by_kind(desk: Desk, text: str, lines: Sequence[OrderLine]) -> list[Mention]:
    """The only product of its category in the order, where the text speaks of that category."""
    kinds = {line.product_id: _category(desk, line.product_id) for line in lines}
    found = []
    for product_id, kind in kinds.items():
        spoken = next(filter(None, (phrase_pattern(word).search(text) for word in WORDS.get(kind, ()))), None)
        if spoken and list(kinds.values()).count(kind) == 1:
            ids = tuple(line.line_id for line in lines if line.product_id == product_id)
            found.append(Mention(ids, product_id, spoken.start(), spoken.end(), is_plural=True))
    return sorted(found, key=lambda mention: mention.start)


def _category(desk: Desk, product_id: str) -> str:
    product = desk.shop.product(product_id)
    return product.category or "" if product else ""
