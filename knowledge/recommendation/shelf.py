"""What can be bought now, as arrays beside what all purchases say: read once a minute, for all conversations.

What is chosen in the end is looked up once more: the last one may have been sold since.
"""

import time
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from threading import Lock
from weakref import WeakKeyDictionary

import numpy as np
from sqlalchemy import Engine, Select, func, or_, select
from sqlalchemy.orm import Session

from knowledge.customers.shop_lines import read_shop
from knowledge.customers.transactions import Floats, Ints, day_of
from knowledge.recommendation.product_model import ProductModel, learn
from knowledge.shop.schema import ProductRow, VariantRow

LEARNED_AGAIN_SECONDS = 3600.0
READ_AGAIN_SECONDS = 120.0
AHEAD = 0.4
"""Whoever keeps it warm renews it from this share of its age on, so that no customer has to wait for it."""
Offer = Select[str, str, Decimal]


@dataclass(frozen=True)
class Shelf:
    """By product number of `model`: `kind` numbers `kinds` (categories), `price` is the cheapest variant's that can be
    bought, infinite where none can."""

    model: ProductModel
    kinds: tuple[str, ...]
    kind: Ints
    price: Floats
    learned_at: float
    read_at: float

    @property
    def is_empty(self) -> bool:
        return not np.isfinite(self.price).any()

    def category(self, number: int) -> str:
        return self.kinds[int(self.kind[number])]

    def fits(
        self, category: str | None, max_price: Decimal | None, exclude: Collection[str], without: Collection[str]
    ) -> np.ndarray[tuple[int], np.dtype[np.bool_]]:
        """(products,) what may be offered. A category that is asked for is offered even if it is among `without`."""
        fitting = np.isfinite(self.price)
        if max_price is not None:
            fitting &= self.price <= float(max_price)
        if category is not None:
            fitting &= np.isin(self.kind, [number for number, name in enumerate(self.kinds) if name == category])
        elif without:
            fitting &= ~np.isin(self.kind, [number for number, name in enumerate(self.kinds) if name in without])
        known = [self.model.number[product] for product in exclude if product in self.model.number]
        fitting[known] = False
        return fitting


_shelves: WeakKeyDictionary[Engine, Shelf] = WeakKeyDictionary()
_reading = Lock()


def shelf(session: Session, now: datetime, *, ahead: bool = False) -> Shelf:
    """The database's shelf; with `ahead` it is renewed before anybody needs it to be."""
    engine = session.get_bind().engine
    share = AHEAD if ahead else 1.0
    with _reading:
        known = _shelves.get(engine)
        if known is None or known.is_empty or _age(known.read_at) > share * READ_AGAIN_SECONDS:
            _shelves[engine] = known = _read(session, now, known, share)
        return known


def still_there(session: Session, product_ids: Sequence[str]) -> dict[str, Decimal]:
    """Of these products those that can be bought this moment, with the price of the cheapest variant."""
    rows = session.execute(_offers().where(ProductRow.product_id.in_(product_ids))).all()
    return {product_id: price for product_id, _, price in rows}


def _read(session: Session, now: datetime, known: Shelf | None, share: float) -> Shelf:
    offers = session.execute(_offers()).all()
    fresh = known is not None and not known.is_empty and _age(known.learned_at) <= share * LEARNED_AGAIN_SECONDS
    if known is not None and fresh and all(row[0] in known.model.number for row in offers):
        model, learned_at = known.model, known.learned_at
    else:
        model, learned_at = learn(read_shop(session, now)[0], day_of(now)), time.monotonic()
    category = {row[0]: row[1] for row in offers}
    price = {row[0]: float(row[2]) for row in offers}
    kinds, kind = np.unique([category.get(product, "") for product in model.products], return_inverse=True)
    prices = np.array([price.get(product, np.inf) for product in model.products], dtype=np.float64)
    return Shelf(model, tuple(kinds.tolist()), kind.astype(np.int32), prices, learned_at, time.monotonic())


def _offers() -> Offer:
    in_stock = VariantRow.is_on_sale & or_(VariantRow.stock.is_(None), VariantRow.stock > 0)
    return (
        select(ProductRow.product_id, ProductRow.category, func.min(VariantRow.price))
        .join(VariantRow, VariantRow.product_id == ProductRow.product_id)
        .where(in_stock)
        .group_by(ProductRow.product_id, ProductRow.category)
    )


def _age(moment: float) -> float:
    return time.monotonic() - moment
