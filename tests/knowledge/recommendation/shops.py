"""Made-up purchases: customers with habits, so that there is something to learn, in a second."""

import numpy as np

from knowledge.customers.transactions import Items, Transactions

Line = tuple[int, int, int, float]
"""customer, item, order of the customer, day"""


def transactions_of(lines: list[Line]) -> Transactions:
    """Ids are c0, c1 … and i00, i01 …; each line is one piece for 2.00."""
    return Transactions.numbered(
        [f"c{line[0]}" for line in lines],
        [f"i{line[1]:02}" for line in lines],
        [f"c{line[0]}-{line[2]}" for line in lines],
        np.array([line[3] for line in lines], dtype=np.float64),
        np.ones(len(lines)),
        np.full(len(lines), 2.0),
    )


def habits(customers: int = 120, items: int = 60, days: int = 150, seed: int = 3) -> Transactions:
    """Every customer comes about every ten days for two of their three favourites and something of their group."""
    rng = np.random.default_rng(seed)
    lines: list[Line] = []
    for customer in range(customers):
        group = customer % 4
        own = [item for item in range(items) if item % 4 == group]
        favourites = rng.choice(own, 3, replace=False)
        for order, day in enumerate(np.arange(rng.uniform(0, 10), days, 10.0)):
            picked = {*rng.choice(favourites, 2, replace=False).tolist(), int(rng.choice(own))}
            lines += [(customer, item, order, float(day)) for item in sorted(picked)]
    return transactions_of(lines)


def items_of(transactions: Transactions) -> Items:
    """Named after their group, which is the category too."""
    groups = [int(item[1:]) % 4 for item in transactions.items.tolist()]
    names = [f"thing {item} of group {group}" for item, group in zip(transactions.items.tolist(), groups, strict=True)]
    return Items(np.array(names), np.array([f"g{group}" for group in groups]))


def silently(_what: str, _share: float) -> None:
    """Nobody watches how far it is."""
