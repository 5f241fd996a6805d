"""Recommendations for one customer, or for somebody unknown, each with the reason that weighed most.

what can be bought (shelf.py) × what fits by all purchases up to now (scoring.py) + what the fitted model worked out for
this customer (prepared.py) → filters → not five of a kind (diversity.py) → looked up once more → with a reason
"""

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal

import numpy as np
from sqlalchemy.orm import Session

from knowledge.customers.transactions import Floats, day_of
from knowledge.recommendation.diversity import diverse
from knowledge.recommendation.own_past import Bought, Past, read_past
from knowledge.recommendation.prepared import Ranked, RecommendationModel
from knowledge.recommendation.reasons import Reason
from knowledge.recommendation.scoring import (
    HABIT_TIMES,
    OFTEN_AGAIN,
    Fit,
    closest,
    due,
    fit_to,
    rhythm,
)
from knowledge.recommendation.shelf import Shelf, shelf, still_there
from knowledge.recommendation.tasks import Task

LOOKED_AT = 24
"""The best so many are weighed for variety and looked up again."""
PREPARED_WEIGHT = 0.3
"""What the first of a prepared list adds; the others less, by their place."""
TELLING_SHARE = 0.15
"""Of a customer's purchases, the share that makes a category their taste."""
DUE_ENOUGH = 0.1


@dataclass(frozen=True)
class Recommendation:
    """`because_of`: the product in the customer's history that led here (the same product for what is bought again).
    `gap_days`: for what is due, how often the customer buys it."""

    product_id: str
    score: float
    reason: Reason
    because_of: str | None = None
    category: str = ""
    gap_days: float = 0.0


class Recommender:
    """Reads through `session`. What all purchases say is learned once an hour and database, for all sessions.

    `model`: lists worked out by `kefu crm fit`; it knows customers by `pseudonym(customer_id)`, where one is given.
    """

    def __init__(
        self,
        session: Session,
        now: datetime | None = None,
        *,
        model: RecommendationModel | None = None,
        pseudonym: Callable[[str], str] | None = None,
    ) -> None:
        self._session = session
        self._now = now or datetime.now(UTC)
        self._model = model
        self._pseudonym = pseudonym or str

    def recommend(
        self,
        customer_id: str | None = None,
        limit: int = 3,
        *,
        category: str | None = None,
        max_price: Decimal | None = None,
        exclude: Collection[str] = (),
        without: Collection[str] = (),
    ) -> list[Recommendation]:
        """Up to `limit` products in stock, best first; without a customer (or without a history) the popular ones.

        `max_price` is in the shop's currency and compared with the cheapest variant that is in stock. `without`:
        categories that are not suggested unless `category` asks for one (age limits). What the customer sent back is
        left out.
        """
        known, past = shelf(self._session, self._now), self._past(customer_id)
        fit = fit_to(known, past.bought)
        listed = self._listed(known, customer_id, past.bought)
        total = _with_listed(fit.total, listed)
        fitting = known.fits(category, max_price, past.sent_back.union(exclude), without)
        best = self._best(known, np.where(fitting, total, -np.inf), max_price, limit)
        return [self._told(known, fit, listed, past.bought, number, float(total[number])) for number in best]

    def goes_with(
        self, product_id: str, limit: int = 3, exclude: Collection[str] = (), without: Collection[str] = ()
    ) -> list[Recommendation]:
        """What is bought together with one product; nothing of `without` but of the product's own category."""
        known = shelf(self._session, self._now)
        if (number := known.model.number.get(product_id)) is None:
            return []
        ids, weights = known.model.neighbours.of(number)
        scores = np.full(len(known.model.products), -np.inf)
        scores[ids] = weights / np.sqrt(known.model.reach[ids])
        return self._others(known, scores, product_id, Reason.GOES_WITH, limit, exclude, without)

    def like(
        self,
        product_id: str,
        limit: int = 3,
        exclude: Collection[str] = (),
        without: Collection[str] = (),
        max_price: Decimal | None = None,
    ) -> list[Recommendation]:
        """Another choice instead of one product: named alike where the model knows, else of its category and price;
        nothing of `without` but of the product's own category."""
        known = shelf(self._session, self._now)
        if (number := known.model.number.get(product_id)) is None:
            return []
        is_same = (known.kind == known.kind[number]) & np.isfinite(known.price)
        with np.errstate(invalid="ignore", divide="ignore"):
            apart = np.abs(np.log(known.price / known.price[number]))
        scores = np.where(is_same, np.exp(-np.nan_to_num(apart)) + known.model.popularity, -np.inf)
        for place, other in enumerate(self._model.like(product_id) if self._model else ()):
            if other in known.model.number:
                scores[known.model.number[other]] = 10.0 - place
        return self._others(known, scores, product_id, Reason.ALIKE, limit, exclude, without, max_price)

    def due_again(self, customer_id: str, limit: int = 3, without: Collection[str] = ()) -> list[Recommendation]:
        """What the customer may have run out of, most likely first."""
        known, past = shelf(self._session, self._now), self._past(customer_id)
        scores = np.full(len(known.model.products), -np.inf)
        for bought in past.bought:
            if bought.product_id in known.model.number and (value := due(known.model, bought)) >= DUE_ENOUGH:
                scores[known.model.number[bought.product_id]] = value
        scores[~known.fits(None, None, past.sent_back, without)] = -np.inf
        best = self._best(known, scores, None, limit, variety=0.0)
        return [self._again(known, past.bought, number, float(scores[number])) for number in best]

    def history(self, customer_id: str | None) -> Sequence[Bought]:
        """What the customer has bought, latest first; nothing for somebody unknown."""
        return self._past(customer_id).bought

    def warm(self) -> None:
        """Learn now rather than in the first customer's turn; from time to time, before what is known is too old."""
        shelf(self._session, self._now, ahead=True)

    def _past(self, customer_id: str | None) -> Past:
        return read_past(self._session, customer_id, self._now) if customer_id else Past()

    def _listed(self, known: Shelf, customer_id: str | None, history: Sequence[Bought]) -> dict[int, Ranked]:
        """Prepared for this customer, best first, without what they bought since and what nobody buys twice."""
        if self._model is None or customer_id is None or not self._model.knows(self._pseudonym(customer_id)):
            return {}
        ranked = self._model.rank(self._pseudonym(customer_id), Task.WINDOW, LOOKED_AT)
        bought = {one.product_id: one for one in history}
        since = day_of(self._now) - self._model.cut
        listed = {}
        for each in ranked:
            number, past = known.model.number.get(each.item_id), bought.get(each.item_id)
            if number is None or (past is not None and (past.days_ago <= since or not _comes_back(known, past))):
                continue
            listed[number] = each
        return listed

    def _best(
        self, known: Shelf, scores: Floats, max_price: Decimal | None, limit: int, variety: float | None = None
    ) -> list[int]:
        """Numbers of up to `limit` products that can be bought this moment; -inf is not to be offered."""
        count = max(LOOKED_AT, 2 * limit)
        top = np.argpartition(-scores, count)[:count] if len(scores) > count else np.arange(len(scores))
        top = top[np.isfinite(scores[top])]
        top = top[np.argsort(-scores[top], kind="stable")]
        prices = still_there(self._session, [known.model.products[number] for number in top.tolist()])
        kept = [
            number
            for number in top.tolist()
            if (price := prices.get(known.model.products[number])) is not None
            and (max_price is None or price <= max_price)
        ]
        places = np.array(kept, dtype=np.int64)
        spread = {} if variety is None else {"variety": variety}
        return [kept[place] for place in diverse(scores[places], known.kind[places], limit, **spread)]

    def _others(
        self,
        known: Shelf,
        scores: Floats,
        product_id: str,
        reason: Reason,
        limit: int,
        exclude: Collection[str],
        without: Collection[str],
        max_price: Decimal | None = None,
    ) -> list[Recommendation]:
        unasked = set(without) - {known.category(known.model.number[product_id])}
        scores[~known.fits(None, max_price, {product_id, *exclude}, unasked)] = -np.inf
        best = self._best(known, scores, max_price, limit, variety=0.0)
        return [
            Recommendation(known.model.products[n], float(scores[n]), reason, product_id, known.category(n))
            for n in best
        ]

    def _told(
        self,
        known: Shelf,
        fit: Fit,
        listed: dict[int, Ranked],
        history: Sequence[Bought],
        number: int,
        score: float,
    ) -> Recommendation:
        """With the most telling thing that is true, and the product it is about."""
        if fit.again[number] > 0:
            return self._again(known, history, number, score)
        product_id, category = known.model.products[number], known.category(number)
        because: str | None = None
        if any(bought.product_id == product_id for bought in history):
            reason, because = Reason.BUY_AGAIN, product_id
        elif because := closest(known.model, history, number):
            reason = Reason.GOES_WITH
        elif fit.shares[known.kind[number]] >= TELLING_SHARE:
            reason = Reason.TASTE
        else:
            reason = listed[number].reason if number in listed else Reason.POPULAR
            because = listed[number].because_of if number in listed else None
        return Recommendation(product_id, score, reason, because, category)

    def _again(self, known: Shelf, history: Sequence[Bought], number: int, score: float) -> Recommendation:
        product_id, category = known.model.products[number], known.category(number)
        bought = next(one for one in history if one.product_id == product_id)
        if bought.times < HABIT_TIMES:
            return Recommendation(product_id, score, Reason.BUY_AGAIN, product_id, category)
        return Recommendation(product_id, score, Reason.DUE, product_id, category, rhythm(known.model, bought))


def _with_listed(total: Floats, listed: dict[int, Ranked]) -> Floats:
    """(products,) the scores with what the prepared list adds: by place, so that no model's scale matters."""
    total[list(listed)] += PREPARED_WEIGHT / np.log2(np.arange(len(listed)) + 2)
    return total


def _comes_back(known: Shelf, bought: Bought) -> bool:
    return bought.times >= HABIT_TIMES or known.model.again_rate[known.model.number[bought.product_id]] >= OFTEN_AGAIN
