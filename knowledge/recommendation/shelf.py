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
from sqlalchemy import Engine, and_, bindparam, func, or_, select
from sqlalchemy.orm import Session

from knowledge.customers.shop_lines import read_shop
from knowledge.customers.transactions import Floats, Ints, day_of
from knowledge.recommendation.product_model import ProductModel, learn
from knowledge.shop.schema import ProductRow, VariantRow

LEARNED_AGAIN_SECONDS = 3600.0
READ_AGAIN_SECONDS = 120.0
AHEAD = 0.4
"""Whoever keeps it warm renews it from this share of its age on, so that no customer has to wait for it."""


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
        fitting = self.price <= (np.finfo(np.float64).max if max_price is None else float(max_price))
        if category is not None:
            fitting &= np.array([name == category for name in self.kinds], dtype=bool)[self.kind]
        elif without:
            fitting &= ~np.array([name in without for name in self.kinds], dtype=bool)[self.kind]
        known = [self.model.number[product] for product in exclude if product in self.model.number]
        fitting[known] = False
        return fitting


_IN_STOCK = VariantRow.is_on_sale & or_(VariantRow.stock.is_(None), VariantRow.stock > 0)
_OFFERS = (
    select(ProductRow.product_id, ProductRow.category, func.min(VariantRow.price))
    .outerjoin(VariantRow, and_(VariantRow.product_id == ProductRow.product_id, _IN_STOCK))
    .group_by(ProductRow.product_id, ProductRow.category)
)
"""Of what is sold out, too, the category tells what is like it; its price is NULL."""
_STILL_THERE = (
    select(VariantRow.product_id, func.min(VariantRow.price))
    .where(_IN_STOCK, VariantRow.product_id.in_(bindparam("product_ids", expanding=True)))
    .group_by(VariantRow.product_id)
)
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
    rows = session.execute(_STILL_THERE, {"product_ids": list(product_ids)}).all()
    return {row[0]: row[1] for row in rows}


def _read(session: Session, now: datetime, known: Shelf | None, share: float) -> Shelf:
    offers = session.execute(_OFFERS).all()
    fresh = known is not None and not known.is_empty and _age(known.learned_at) <= share * LEARNED_AGAIN_SECONDS
    if known is not None and fresh and all(row[0] in known.model.number for row in offers if row[2] is not None):
        model, learned_at = known.model, known.learned_at
    else:
        model, learned_at = learn(read_shop(session, now)[0], day_of(now)), time.monotonic()
    category = {row[0]: row[1] for row in offers}
    price = {row[0]: float(row[2]) for row in offers if row[2] is not None}
    kinds, kind = np.unique([category.get(product, "") for product in model.products], return_inverse=True)
    prices = np.array([price.get(product, np.inf) for product in model.products], dtype=np.float64)
    return Shelf(model, tuple(kinds.tolist()), kind.astype(np.int32), prices, learned_at, time.monotonic())


def _age(moment: float) -> float:
    return time.monotonic() - moment
