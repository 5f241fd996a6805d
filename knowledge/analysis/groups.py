"""What customers may be compared by: language, loyalty tier, newsletter, the category they buy most of.

Nothing sensitive is among it: no age, gender, address or income, even where a shop has them.
"""

from collections.abc import Mapping

import numpy as np
from sqlalchemy import select
from sqlalchemy.orm import Session

from knowledge.customers.transactions import Items, Texts, Transactions
from knowledge.shop.schema import CustomerRow

SMALLEST_GROUP = 5
"""Figures of fewer customers would point at people."""
MOST_CATEGORIES = 6

Groups = Mapping[str, Texts]
"""By name, (c,) the group of each customer number; "" where it is not known."""


def read_groups(session: Session, transactions: Transactions) -> Groups:
    """From the shop's table of customers."""
    number = {customer: position for position, customer in enumerate(transactions.customers.tolist())}
    columns = {name: np.full(len(number), "", dtype="U32") for name in ("language", "tier", "newsletter")}
    rows = select(CustomerRow.customer_id, CustomerRow.locale, CustomerRow.loyalty_tier, CustomerRow.newsletter_consent)
    for customer, locale, tier, has_newsletter in session.execute(rows):
        if (position := number.get(customer)) is not None:
            columns["language"][position] = locale[:2].lower()
            columns["tier"][position] = tier
            columns["newsletter"][position] = "yes" if has_newsletter else "no"
    return columns


def favourite_category(transactions: Transactions, items: Items) -> Texts:
    """(c,) the category in which each customer bought most often; only the largest categories, "" for the rest."""
    categories, code = np.unique(items.categories, return_inverse=True)
    pairs = np.zeros((len(transactions.customers), max(1, len(categories))), dtype=np.int64)
    if len(transactions):
        np.add.at(pairs, (transactions.customer, code[transactions.item]), 1)
    pairs[:, categories == ""] = 0
    favourite = np.where(pairs.any(axis=1), categories[pairs.argmax(axis=1)] if len(categories) else "", "")
    names, counts = np.unique(favourite[favourite != ""], return_counts=True)
    largest = names[np.argsort(-counts, kind="stable")[:MOST_CATEGORIES]]
    return np.where(np.isin(favourite, largest), favourite, "").astype(np.str_)


def shown(groups: Texts) -> list[str]:
    """The groups that may be shown, the largest first."""
    names, counts = np.unique(groups[groups != ""], return_counts=True)
    order = np.argsort(-counts, kind="stable")
    return [str(names[each]) for each in order if counts[each] >= SMALLEST_GROUP]
