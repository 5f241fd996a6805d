"""What all purchases say about the products: how popular, bought with what, bought again how often and when."""

from dataclasses import dataclass

import numpy as np

from knowledge.recommendation.purchases import Floats, Ints, Purchases

POPULARITY_HALF_LIFE_DAYS = 60.0
LONGEST_HISTORY = 60
"""Products of one customer that are paired; a reseller's thousands would only cost time."""
DOUBT = 10.0
"""Buyers added to every product's count: a pair seen once or twice is mostly chance."""
AGAIN_DOUBT = 4.0
USUAL_GAP_DAYS = 90.0


@dataclass(frozen=True)
class Neighbours:
    """`ids[starts[p]:starts[p+1]]` are bought by buyers of product p; `weights`: by which share of them (0-1)."""

    starts: Ints
    ids: Ints
    weights: Floats

    def of(self, product: int) -> tuple[Ints, Floats]:
        span = slice(self.starts[product], self.starts[product + 1])
        return self.ids[span], self.weights[span]


@dataclass(frozen=True)
class ProductModel:
    """Arrays by product number; `number[product_id]` gives it."""

    products: tuple[str, ...]
    number: dict[str, int]
    popularity: Floats
    """Shares of what is bought these days: they add up to 1."""
    reach: Floats
    """Share of all customers who ever bought it (0-1)."""
    again_rate: Floats
    """Of the people who bought it, how many came back for it, beyond how many buy it anyway (0-1)."""
    again_gap_days: Floats
    neighbours: Neighbours


def learn(purchases: Purchases) -> ProductModel:
    """Under a second for 100,000 lines."""
    count = len(purchases.products)
    rate, gap = _repeats(purchases, count)
    buyers = _buyers(purchases, count)
    return ProductModel(
        purchases.products,
        {product_id: number for number, product_id in enumerate(purchases.products)},
        _popularity(purchases, count),
        buyers / max(1, len(np.unique(purchases.customer))),
        rate,
        gap,
        _neighbours(purchases, buyers, count),
    )


def _popularity(purchases: Purchases, count: int) -> Floats:
    decay = np.exp2(-purchases.age_days / POPULARITY_HALF_LIFE_DAYS)
    sums = np.asarray(np.bincount(purchases.product, weights=decay, minlength=count), dtype=np.float64)
    return np.asarray(sums / sums.sum()) if count else sums


def _repeats(purchases: Purchases, count: int) -> tuple[Floats, Floats]:
    """Rate and typical gap of buying again: a gap lies between one person's neighbouring purchases of a product."""
    by = np.lexsort((-purchases.age_days, purchases.product, purchases.customer))
    product, customer, age = purchases.product[by], purchases.customer[by], purchases.age_days[by]
    gaps = age[:-1] - age[1:]
    again = (product[:-1] == product[1:]) & (customer[:-1] == customer[1:]) & (gaps > 1.0)
    returning_pairs = np.unique(customer[:-1][again] * count + product[:-1][again])
    returning = np.bincount(returning_pairs % max(1, count), minlength=count)
    total = np.bincount(product[:-1][again], weights=gaps[again], minlength=count)
    times = np.bincount(product[:-1][again], minlength=count)
    gap = np.where(times > 0, total / np.maximum(times, 1), USUAL_GAP_DAYS)
    buyers = _buyers(purchases, count)
    by_chance = buyers / max(1, len(np.unique(purchases.customer)))
    return np.maximum(0.0, returning / (buyers + AGAIN_DOUBT) - by_chance), gap


def _buyers(purchases: Purchases, count: int) -> Ints:
    """How many different customers bought each product."""
    pairs = np.unique(purchases.customer * count + purchases.product)
    return np.bincount(pairs % max(1, count), minlength=count).astype(np.int64)


def _neighbours(purchases: Purchases, buyers: Ints, count: int) -> Neighbours:
    pairs, together = np.unique(_pairs(purchases.customer, purchases.product, count), return_counts=True)
    first, second = pairs // max(1, count), pairs % max(1, count)
    return Neighbours(np.searchsorted(first, np.arange(count + 1)), second, together / (buyers[first] + DOUBT))


def _pairs(group: Ints, product: Ints, count: int) -> Ints:
    """`first * count + second` for every ordered pair of different products within each group."""
    distinct = np.unique(group * count + product)
    groups, products = distinct // max(1, count), distinct % max(1, count)
    starts = np.flatnonzero(np.r_[True, groups[1:] != groups[:-1]]) if len(groups) else np.array([], dtype=np.int64)
    sizes = np.diff(np.r_[starts, len(groups)])
    found = [np.array([], dtype=np.int64)]
    for size in np.unique(sizes[sizes > 1]):
        members = products[starts[sizes == size][:, None] + np.arange(min(size, LONGEST_HISTORY))]
        crossed = members[:, :, None] * count + members[:, None, :]
        found.append(crossed[:, ~np.eye(members.shape[1], dtype=bool)].ravel())
    return np.concatenate(found)
