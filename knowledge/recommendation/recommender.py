"""Recommendations for one customer, or for somebody unknown, each with the reason that weighed most."""

import time
from collections.abc import Collection
from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal
from enum import StrEnum
from threading import Lock
from weakref import WeakKeyDictionary

import numpy as np
from sqlalchemy import Engine, func, or_, select
from sqlalchemy.orm import Session

from knowledge.recommendation.model import ProductModel, learn
from knowledge.recommendation.purchases import Bought, Floats, read_history, read_purchases
from knowledge.shop.schema import ProductRow, VariantRow

REFRESH_SECONDS = 3600.0
AGAIN_WEIGHT, TOGETHER_WEIGHT, TASTE_WEIGHT, POPULAR_WEIGHT = 0.5, 0.1, 3.0, 1.0
"""Chosen on the demo shop, each customer's last order held out: one of ten products hits it more often than one of the
ten most popular does (tests/knowledge/recommendation)."""
OWNED_WEIGHT = 0.2
"""What one has already is left to "buy again", unless it is very popular."""
TASTE_HALF_LIFE_DAYS = 180.0
OFTEN_AGAIN = 0.15
"""From this rate on a product is one that runs out: an e-reader is not, however many are sold."""
TELLING_LIFT = 1.2
"""Buyers of one product buy the other this much more often than everybody: then it is the reason."""
TELLING_SHARE = 0.15
"""Of a customer's purchases, the share that makes a category their taste."""


class Reason(StrEnum):
    BUY_AGAIN = "buy_again"
    GOES_WITH = "goes_with"
    TASTE = "taste"
    POPULAR = "popular"


@dataclass(frozen=True)
class Recommendation:
    """`because_of`: the product in the customer's history that led here (the same product for BUY_AGAIN)."""

    product_id: str
    score: float
    reason: Reason
    because_of: str | None = None
    category: str = ""


@dataclass(frozen=True)
class _Catalogue:
    """By product id: the category, and the lowest price of what can be bought now."""

    category: dict[str, str]
    price: dict[str, Decimal]


@dataclass(frozen=True)
class _Learned:
    model: ProductModel
    at: float


_learned: WeakKeyDictionary[Engine, _Learned] = WeakKeyDictionary()
_learning = Lock()


class Recommender:
    """Reads through `session`. What all purchases say is learned once an hour and database, for all sessions."""

    def __init__(self, session: Session, now: datetime | None = None) -> None:
        self._session = session
        self._now = now or datetime.now(UTC)

    def recommend(
        self,
        customer_id: str | None = None,
        limit: int = 3,
        *,
        category: str | None = None,
        max_price: Decimal | None = None,
        exclude: Collection[str] = (),
    ) -> list[Recommendation]:
        """Up to `limit` products in stock, best first; without a customer (or without a history) the popular ones.

        `max_price` is in the shop's currency and compared with the cheapest variant that is in stock.
        """
        model, catalogue = self._model(), self._catalogue()
        history = self.history(customer_id)
        again, other = _parts(model, catalogue, history)
        total = again + other
        chosen = [
            number
            for number in np.argsort(-total, kind="stable").tolist()
            if _fits(model.products[number], catalogue, category, max_price, exclude)
        ][:limit]
        known = []
        for number in chosen:
            product_id = model.products[number]
            reason, because_of = _reason(model, catalogue, history, number, bool(again[number] > 0))
            score, kind = float(total[number]), catalogue.category[product_id]
            known.append(Recommendation(product_id, score, reason, because_of, kind))
        return known + self._unsold(model, catalogue, category, max_price, exclude, limit - len(known))

    def goes_with(self, product_id: str, limit: int = 3, exclude: Collection[str] = ()) -> list[Recommendation]:
        """What is bought together with one product."""
        model, catalogue = self._model(), self._catalogue()
        number = model.number.get(product_id)
        if number is None:
            return []
        ids, weights = model.neighbours.of(number)
        alike = weights / np.sqrt(model.reach[ids])
        ranked = [
            (model.products[n], score)
            for score, n in sorted(zip(alike.tolist(), ids.tolist(), strict=True), reverse=True)
        ]
        fitting = [each for each in ranked if _fits(each[0], catalogue, None, None, exclude)][:limit]
        return [
            Recommendation(other, score, Reason.GOES_WITH, product_id, catalogue.category[other])
            for other, score in fitting
        ]

    def history(self, customer_id: str | None) -> list[Bought]:
        """What the customer has bought, latest first; nothing for somebody unknown."""
        return read_history(self._session, customer_id, self._now) if customer_id else []

    def warm(self) -> None:
        """Learn now rather than in the first customer's turn."""
        self._model()

    def _model(self) -> ProductModel:
        engine = self._session.get_bind().engine
        with _learning:
            known = _learned.get(engine)
            if known is None or time.monotonic() - known.at > REFRESH_SECONDS:
                known = _Learned(learn(read_purchases(self._session, self._now)), time.monotonic())
                _learned[engine] = known
            return known.model

    def _catalogue(self) -> _Catalogue:
        in_stock = VariantRow.is_on_sale & or_(VariantRow.stock.is_(None), VariantRow.stock > 0)
        rows = self._session.execute(
            select(ProductRow.product_id, ProductRow.category, func.min(VariantRow.price))
            .join(VariantRow, VariantRow.product_id == ProductRow.product_id)
            .where(in_stock)
            .group_by(ProductRow.product_id, ProductRow.category)
        ).all()
        return _Catalogue({row[0]: row[1] for row in rows}, {row[0]: row[2] for row in rows})

    def _unsold(
        self,
        model: ProductModel,
        catalogue: _Catalogue,
        category: str | None,
        max_price: Decimal | None,
        exclude: Collection[str],
        missing: int,
    ) -> list[Recommendation]:
        """A new shop, or a new category, has nothing sold yet: then what there is, in the catalogue's order."""
        unsold = [product_id for product_id in catalogue.category if product_id not in model.number]
        fitting = [product_id for product_id in unsold if _fits(product_id, catalogue, category, max_price, exclude)]
        return [
            Recommendation(product_id, 0.0, Reason.POPULAR, None, catalogue.category[product_id])
            for product_id in fitting[: max(0, missing)]
        ]


def _fits(
    product_id: str,
    catalogue: _Catalogue,
    category: str | None,
    max_price: Decimal | None,
    exclude: Collection[str],
) -> bool:
    price = catalogue.price.get(product_id)
    if price is None or product_id in exclude:
        return False
    return (category is None or catalogue.category[product_id] == category) and (
        max_price is None or price <= max_price
    )


def _parts(model: ProductModel, catalogue: _Catalogue, history: list[Bought]) -> tuple[Floats, Floats]:
    """What buying again, and everything else, adds to each product's score."""
    other = (
        POPULAR_WEIGHT * model.popularity
        + TASTE_WEIGHT * model.popularity * _taste(model, catalogue, history)
        + TOGETHER_WEIGHT * _together(model, history)
    )
    owned = [model.number[bought.product_id] for bought in history if bought.product_id in model.number]
    other[owned] *= OWNED_WEIGHT
    return AGAIN_WEIGHT * _again(model, history), other


def _again(model: ProductModel, history: list[Bought]) -> Floats:
    """High when people come back for it, this customer has, and it is about time; the day after buying it is not."""
    scores = np.zeros(len(model.products))
    for bought in history:
        number = model.number.get(bought.product_id)
        if number is not None:
            due = min(bought.days_ago / max(1.0, model.again_gap_days[number]), 3.0)
            rate = model.again_rate[number]
            habit = min(1.0, rate * (1 + 0.5 * (bought.times - 1))) if rate >= OFTEN_AGAIN else 0.0
            scores[number] = habit * np.exp(-0.5 * (due - 1) ** 2)
    return scores


def _together(model: ProductModel, history: list[Bought]) -> Floats:
    """The share of those who bought what the customer bought that bought each product, fresh purchases first."""
    scores, total = np.zeros(len(model.products)), 0.0
    for bought in history:
        number = model.number.get(bought.product_id)
        if number is not None:
            ids, weights = model.neighbours.of(number)
            scores[ids] += weights * _freshness(bought)
            total += _freshness(bought)
    return scores / total if total else scores


def _taste(model: ProductModel, catalogue: _Catalogue, history: list[Bought]) -> Floats:
    """The share of each product's category in what the customer buys."""
    share = _category_shares(catalogue, history)
    return np.array([share.get(catalogue.category.get(product_id, ""), 0.0) for product_id in model.products])


def _category_shares(catalogue: _Catalogue, history: list[Bought]) -> dict[str, float]:
    share: dict[str, float] = {}
    for bought in history:
        category = catalogue.category.get(bought.product_id)
        if category is not None:
            share[category] = share.get(category, 0.0) + _freshness(bought)
    total = sum(share.values())
    return {category: weight / total for category, weight in share.items()}


def _freshness(bought: Bought) -> float:
    return float(np.exp2(-bought.days_ago / TASTE_HALF_LIFE_DAYS))


def _reason(
    model: ProductModel, catalogue: _Catalogue, history: list[Bought], number: int, is_again: bool
) -> tuple[Reason, str | None]:
    """The most telling thing that is true, and the product it is about."""
    product_id = model.products[number]
    if is_again:
        return Reason.BUY_AGAIN, product_id
    if closest := _closest(model, history, number):
        return Reason.GOES_WITH, closest
    if _category_shares(catalogue, history).get(catalogue.category[product_id], 0.0) >= TELLING_SHARE:
        return Reason.TASTE, None
    return Reason.POPULAR, None


def _closest(model: ProductModel, history: list[Bought], number: int) -> str | None:
    """The product of the history whose buyers buy this one most often beyond what everybody does."""
    best, pull = None, TELLING_LIFT * float(model.reach[number])
    for bought in history:
        start = model.number.get(bought.product_id)
        if start is None or start == number:
            continue
        ids, weights = model.neighbours.of(start)
        share = float(weights[ids == number].sum())
        if share > pull:
            best, pull = bought.product_id, share
    return best
