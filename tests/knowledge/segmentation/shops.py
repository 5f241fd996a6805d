"""Made-up shops: customers with a rhythm of their own, some of whom stop coming."""

import numpy as np

from knowledge.customers.transactions import Transactions

START = 20_000.0
DAYS = 400
CUT = START + DAYS


def shop(customers: int = 400, seed: int = 3, price: float = 20.0, gone_share: float = 0.3) -> Transactions:
    """Customer c<n> comes about every gap_n days; every third has stopped at a random day."""
    chance = np.random.default_rng(seed)
    gaps = np.exp(chance.uniform(np.log(3), np.log(120), customers))
    ends = np.where(chance.random(customers) < gone_share, chance.uniform(60, DAYS, customers), DAYS)
    ids, days = [], []
    for number, (gap, end) in enumerate(zip(gaps, ends, strict=True)):
        visits = np.cumsum(chance.exponential(gap, int(3 * DAYS / gap) + 5))
        visits = visits[visits < end] if (visits < end).any() else visits[:1] % end
        ids += [f"c{number:05d}"] * len(visits)
        days += visits.tolist()
    paid = price * np.exp(chance.normal(0, 0.4, len(ids)))
    return table(ids, START + np.array(days), paid)


def table(ids: list[str], days: np.ndarray[tuple[int], np.dtype[np.float64]], paid: object = None) -> Transactions:
    """One line an order, of an item each."""
    count = len(ids)
    amounts = np.asarray(np.zeros(count) if paid is None else paid, dtype=np.float64)
    items = [f"i{number % 7}" for number in range(count)]
    return Transactions.numbered(ids, items, list(range(count)), days, np.ones(count), amounts)


def joined(first: Transactions, second: Transactions) -> Transactions:
    """Both tables' rows, numbered anew."""
    both = (first, second)
    return Transactions.numbered(
        [str(each) for part in both for each in part.customers[part.customer]],
        [str(each) for part in both for each in part.items[part.item]],
        [f"{number}-{each}" for number, part in enumerate(both) for each in part.order],
        np.concatenate([part.day for part in both]),
        np.concatenate([part.quantity for part in both]),
        np.concatenate([part.amount for part in both]),
    )
