"""How often a customer comes, how much they take, how much of it is new."""

import numpy as np

from knowledge.recommendation.features.ratio import ratio
from knowledge.recommendation.history import History, Scores

NAMES = (
    *("c_orders", "c_orders_28", "c_days_since", "c_tenure", "c_gap", "c_order_size", "c_items", "c_repeat_share"),
    *("c_new_share_28", "c_price"),
)


def describe(history: History) -> Scores:
    """(customers, len(NAMES))."""
    orders, bought, count = history.orders, history.purchases, history.customers
    number = np.diff(orders.of_customer).astype(np.float64)
    lately = np.bincount(orders.customer[orders.day >= history.cut - 28], minlength=count)
    last, first = np.full(count, -np.inf), np.full(count, np.inf)
    np.maximum.at(last, orders.customer, orders.day)
    np.minimum.at(first, orders.customer, orders.day)
    lines = np.bincount(bought.customer, minlength=count)
    items = np.diff(history.pairs.of_customer)
    is_first = np.zeros(len(bought.day))
    is_first[history.pairs.starts[:-1]] = 1.0
    recent = bought.day >= history.cut - 28
    new = np.bincount(bought.customer[recent], weights=is_first[recent], minlength=count)
    pieces = np.bincount(bought.customer, weights=bought.quantity, minlength=count)
    spent = np.bincount(bought.customer, weights=bought.amount, minlength=count)
    columns = [
        *(number, lately, history.cut - last, history.cut - first, ratio(last - first, number - 1)),
        *(ratio(lines, number), items, 1 - ratio(items, lines)),
        ratio(new, np.bincount(bought.customer[recent], minlength=count)),
        ratio(spent, pieces),
    ]
    return np.stack([np.asarray(column, dtype=np.float32) for column in columns], axis=1)
