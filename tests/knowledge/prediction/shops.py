"""Made-up shops whose customers buy at rates of their own, and leave for good one day."""

import numpy as np

from knowledge.customers.transactions import Items, Transactions

CUT = 20_000.0
CATEGORIES = ("tea", "cups", "")


def shop(customers: int, days: int = 250, seed: int = 0, later: int = 0) -> Transactions:
    """Purchases over `days` days before CUT, and `later` days after it."""
    random = np.random.default_rng(seed)
    rows: list[tuple[str, str, float, float]] = []
    for one in range(customers):
        gap, lifetime = random.gamma(2.0, 12.0), random.exponential(400.0)
        day = random.uniform(0, days / 2)
        end = min(day + lifetime, days + later)
        while day < end:
            items = random.integers(0, 30, size=random.integers(1, 4))
            rows += [(f"c{one:04d}", f"i{item}", CUT - days + day, float(random.gamma(2, 10))) for item in items]
            day += max(0.05, random.exponential(gap))
    return transactions_of(rows)


def transactions_of(rows: list[tuple[str, str, float, float]]) -> Transactions:
    """customer, item, day, amount; what is bought at one moment is one order."""
    days, amounts = np.array([row[2] for row in rows]), np.array([row[3] for row in rows])
    return Transactions.numbered(
        [row[0] for row in rows], [row[1] for row in rows], [row[2] for row in rows], days, np.ones(len(rows)), amounts
    )


def items_of(transactions: Transactions) -> Items:
    categories = [CATEGORIES[int(item[1:]) % 3] for item in transactions.items.tolist()]
    return Items(transactions.items, np.array(categories))


def with_more(transactions: Transactions, cut: float, seed: int) -> Transactions:
    """The same rows before the cut, and random ones at or after it, of the same customers and items."""
    random, count = np.random.default_rng(seed), 300
    before = transactions.before(cut)
    customers = np.concatenate([before.customer, random.integers(0, len(before.customers), count)]).astype(np.int32)
    items = np.concatenate([before.item, random.integers(0, len(before.items), count)]).astype(np.int32)
    orders = np.concatenate([before.order, int(before.order.max(initial=0)) + 1 + np.arange(count)]).astype(np.int32)
    days = np.concatenate([before.day, [cut], cut + random.uniform(0, 100, count - 1)])
    amounts = np.concatenate([before.amount, random.uniform(0, 500, count)])
    by = np.lexsort((items, orders, days, customers))
    return Transactions(
        before.customers, before.items, customers[by], items[by], orders[by], days[by], np.ones(len(by)), amounts[by]
    )


def silently(_what: str, _share: float) -> None:
    """No progress bar."""
