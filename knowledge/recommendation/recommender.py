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
import numpy.typing as npt
from sqlalchemy import Engine, func, or_, select
from sqlalchemy.orm import Session

from knowledge.recommendation.model import ProductModel, learn
from knowledge.recommendation.purchases import Bought, Floats, read_history, read_purchases
from knowledge.shop.schema import ProductRow, VariantRow

REFRESH_SECONDS = 3600.0
AGAIN_WEIGHT, TOGETHER_WEIGHT, TASTE_WEIGHT, POPULAR_WEIGHT = 1.2, 1.0, 0.35, 0.1
"""How the reasons compete; chosen by tests/knowledge/recommendation (last orders held out of the demo shop)."""
TASTE_HALF_LIFE_DAYS = 180.0
DURABLE_AGAIN_RATE = 0.08
"""Below this rate a product is bought once in a while: whoever has one is not offered it again soon."""
EARLIEST_SHARE_OF_GAP = 0.5
"""Nobody needs new tea the day after buying tea."""


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
        reasons = _reasons(model, catalogue, history)
        total = sum(reasons.values(), np.zeros(len(model.products)))
        chosen = [
            number
            for number in np.argsort(-total, kind="stable").tolist()
            if _fits(model.products[number], catalogue, category, max_price, exclude)
        ][:limit]
        known = [_explained(model, catalogue, history, reasons, number, float(total[number])) for number in chosen]
        return known + self._unsold(model, catalogue, category, max_price, exclude, limit - len(known))

    def goes_with(self, product_id: str, limit: int = 3, exclude: Collection[str] = ()) -> list[Recommendation]:
        """What is bought together with one product."""
        model, catalogue = self._model(), self._catalogue()
        number = model.number.get(product_id)
        if number is None:
            return []
        ids, weights = model.neighbours.of(number)
        ranked = ids[np.argsort(-weights, kind="stable")].tolist()
        fitting = [n for n in ranked if _fits(model.products[n], catalogue, None, None, exclude)][:limit]
        score = dict(zip(ids.tolist(), weights.tolist(), strict=True))
        return [
            Recommendation(
                model.products[n], score[n], Reason.GOES_WITH, product_id, catalogue.category[model.products[n]]
            )
            for n in fitting
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


def _reasons(model: ProductModel, catalogue: _Catalogue, history: list[Bought]) -> dict[Reason, Floats]:
    """What each reason adds to each product's score."""
    owned = _owned(model, history)
    return {
        Reason.BUY_AGAIN: AGAIN_WEIGHT * _again(model, history),
        Reason.GOES_WITH: np.where(owned, 0.0, TOGETHER_WEIGHT * _together(model, history)),
        Reason.TASTE: np.where(owned, 0.0, TASTE_WEIGHT * _taste(model, catalogue, history)),
        Reason.POPULAR: np.where(owned, 0.0, POPULAR_WEIGHT * model.popularity),
    }


def _owned(model: ProductModel, history: list[Bought]) -> npt.NDArray[np.bool_]:
    owned = np.zeros(len(model.products), dtype=bool)
    owned[[model.number[bought.product_id] for bought in history if bought.product_id in model.number]] = True
    return owned


def _again(model: ProductModel, history: list[Bought]) -> Floats:
    """High when others come back for it, this customer did, and it is about time."""
    scores = np.zeros(len(model.products))
    for bought in history:
        number = model.number.get(bought.product_id)
        if number is None or (model.again_rate[number] < DURABLE_AGAIN_RATE and bought.times < 2):
            continue
        due = bought.days_ago / max(1.0, model.again_gap_days[number])
        if due >= EARLIEST_SHARE_OF_GAP:
            habit = min(1.0, model.again_rate[number] + 0.2 * (bought.times - 1))
            scores[number] = habit * np.exp(-0.5 * (min(due, 4.0) - 1) ** 2)
    return scores


def _together(model: ProductModel, history: list[Bought]) -> Floats:
    scores = np.zeros(len(model.products))
    for bought in history:
        number = model.number.get(bought.product_id)
        if number is not None:
            ids, weights = model.neighbours.of(number)
            scores[ids] += weights * _freshness(bought)
    return scores


def _taste(model: ProductModel, catalogue: _Catalogue, history: list[Bought]) -> Floats:
    """Popularity within the categories the customer buys from."""
    share: dict[str, float] = {}
    for bought in history:
        category = catalogue.category.get(bought.product_id)
        if category is not None:
            share[category] = share.get(category, 0.0) + bought.times * _freshness(bought)
    total = sum(share.values()) or 1.0
    weight = [share.get(catalogue.category.get(product_id, ""), 0.0) / total for product_id in model.products]
    return np.asarray(model.popularity * np.array(weight))


def _freshness(bought: Bought) -> float:
    return float(np.exp2(-bought.days_ago / TASTE_HALF_LIFE_DAYS))


def _explained(
    model: ProductModel,
    catalogue: _Catalogue,
    history: list[Bought],
    reasons: dict[Reason, Floats],
    number: int,
    score: float,
) -> Recommendation:
    reason = max(reasons, key=lambda name: reasons[name][number])
    product_id = model.products[number]
    because_of = {Reason.BUY_AGAIN: product_id, Reason.GOES_WITH: _closest(model, history, number)}.get(reason)
    return Recommendation(product_id, score, reason, because_of, catalogue.category[product_id])


def _closest(model: ProductModel, history: list[Bought], number: int) -> str | None:
    """The product of the history that speaks most for this one."""
    best, weight = None, 0.0
    for bought in history:
        start = model.number.get(bought.product_id)
        if start is None:
            continue
        ids, weights = model.neighbours.of(start)
        pull = float(weights[ids == number].sum()) * _freshness(bought)
        if pull > weight:
            best, weight = bought.product_id, pull
    return best
