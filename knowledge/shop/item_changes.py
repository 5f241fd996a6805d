"""Another variant for a line of an order: the checks and the arithmetic that modifying and exchanging share."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from sqlalchemy import select
from sqlalchemy.orm import Session, selectinload

from knowledge.shop.errors import RefusalCode, Refused
from knowledge.shop.rows import is_available
from knowledge.shop.schema import LineRow, OrderRow, VariantRow
from knowledge.shop.types import ItemChange


@dataclass(frozen=True)
class CheckedChange:
    """A change whose line and new variant exist and belong together."""

    line: LineRow
    variant: VariantRow
    quantity: int
    """Pieces of the new variant."""


def check_changes(session: Session, order: OrderRow, changes: Sequence[ItemChange]) -> list[CheckedChange]:
    """Refuses lines that are not in the order or are named twice, unknown variants and other products."""
    if not changes:
        raise Refused(RefusalCode.NO_ITEMS)
    lines = lines_of(order, [change.line_id for change in changes])
    return [_check(session, line, change) for line, change in zip(lines, changes, strict=True)]


def lines_of(order: OrderRow, line_ids: Sequence[str]) -> list[LineRow]:
    """The lines of those ids, each at most once."""
    by_id = {line.line_id: line for line in order.lines}
    for position, line_id in enumerate(line_ids):
        if line_id not in by_id or line_id in line_ids[:position]:
            raise Refused(RefusalCode.ITEM_NOT_IN_ORDER, line_id=line_id, order_number=order.order_number)
    return [by_id[line_id] for line_id in line_ids]


def _check(session: Session, line: LineRow, change: ItemChange) -> CheckedChange:
    query = select(VariantRow).where(VariantRow.variant_id == change.new_variant_id)
    variant = session.scalars(query.options(selectinload(VariantRow.product))).one_or_none()
    if variant is None:
        raise Refused(RefusalCode.VARIANT_UNKNOWN, line_id=line.line_id, variant_id=change.new_variant_id)
    if variant.product_id != line.product_id:
        raise Refused(RefusalCode.DIFFERENT_PRODUCT, line_id=line.line_id, variant_id=change.new_variant_id)
    quantity = line.quantity if change.quantity is None else change.quantity
    if quantity < 1:
        raise Refused(RefusalCode.QUANTITY_NOT_ALLOWED, line_id=line.line_id, quantity=quantity)
    return CheckedChange(line, variant, quantity)


def need_stock(changes: Sequence[CheckedChange], *, frees_old: bool) -> None:
    """Refuse variants that are off sale or of which too few are left for all the changes together.

    `frees_old`: what the lines hold now goes back on the shelf (a pending order), so it counts as left.
    """
    pieces: Counter[str] = Counter()
    for change in changes:
        pieces[change.variant.variant_id] += change.quantity
        if frees_old:
            pieces[change.line.variant_id] -= change.line.quantity
    for change in changes:
        needed = max(pieces[change.variant.variant_id], 0)
        keeps_variant = frees_old and change.variant.variant_id == change.line.variant_id
        if not is_available(change.variant, needed) and not (keeps_variant and not needed):
            raise Refused(
                RefusalCode.VARIANT_UNAVAILABLE,
                line_id=change.line.line_id,
                variant_id=change.variant.variant_id,
                stock=change.variant.stock,
            )


def move_stock(variant: VariantRow | None, pieces: int) -> None:
    """Put `pieces` back on the shelf (negative: take them), where the shop counts stock."""
    if variant is not None and variant.stock is not None:
        variant.stock += pieces


def difference_as_text(amount: Decimal) -> str:
    return str(amount.quantize(Decimal("0.01")))
