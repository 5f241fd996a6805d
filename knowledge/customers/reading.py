"""A file of transactions (parquet or CSV) → Transactions, with an account of every row that was left out.

tables.py (the file as columns) → cells.py (ids, numbers, times) → problems.py (rows to leave out) → here: numbers
"""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from knowledge.customers import cells
from knowledge.customers.problems import count_problems, problem
from knowledge.customers.tables import Workspace, open_table, workspace
from knowledge.customers.transactions import Items, Texts, Transactions

REQUIRED = ("customer_id", "item_id", "time")
OPTIONAL = {"quantity": "1.0", "amount": "0.0"}


@dataclass(frozen=True)
class Loaded:
    """`left_out`: how many rows for each reason that occurred. `notes`: how the file was understood."""

    transactions: Transactions
    items: Items
    left_out: Mapping[str, int]
    notes: tuple[str, ...] = ()


def read_transactions(file: Path, items: Path | None = None, before: float | None = None) -> Loaded:
    """Rows of `file` that can be used, sorted. Raises CustomerDataError for a file or a column that isn't there.

    With `before` (a day) nothing from that moment on is looked at; without, nothing that is dated after today.
    """
    with workspace(file) as work:
        open_table(work, "given", file, REQUIRED)
        _type_columns(work, before)
        left_out = count_problems(work)
        every = _arrays(work)
        transactions = every.without_repeats() if _tells_lines_apart(work, every) else every
        if repeats := len(every) - len(transactions):
            left_out["the same line twice"] = repeats
        return Loaded(transactions, _items(work, items, transactions.items), left_out, tuple(work.notes))


def _tells_lines_apart(work: Workspace, rows: Transactions) -> bool:
    """By an order id or a time of day; where there are but dates, somebody may have bought the same thing twice."""
    return "order_id" in work.types("given") or bool((rows.day % 1).any())


def _type_columns(work: Workspace, before: float | None) -> None:
    """The table `lines`: every column of its type, and `problem`, the first reason not to use the row.

    How figures are written is read off what stands before the cut, so that no later row changes an earlier amount.
    `order_key`: without an order id, what a customer bought at one moment is one order.
    """
    there = work.types("given")
    time = cells.time(work, "given", "time")
    known = "" if before is None else f"WHERE {time} < {before}"
    work.db.execute(f"CREATE VIEW known AS SELECT * FROM given {known}")
    numbers = {name: cells.number(work, "known", name) if name in there else value for name, value in OPTIONAL.items()}
    order = cells.identifier(work, "given", "order_id") if "order_id" in there else "NULL"
    order_key = "coalesce(order_id, time::VARCHAR)" if "order_id" in there else "time"
    work.db.execute(
        f"""
        CREATE TABLE lines AS
        WITH typed AS (
            SELECT {cells.identifier(work, "given", "customer_id")} AS customer_id,
                   {cells.identifier(work, "given", "item_id")} AS item_id,
                   {time} AS time,
                   {numbers["quantity"]} AS quantity, {numbers["amount"]} AS amount,
                   {order}::VARCHAR AS order_id, {cells.currency(work, "given")} AS currency
            FROM given
        )
        SELECT *, {order_key} AS order_key, {problem(before)} AS problem FROM typed
        """
    )


def _arrays(work: Workspace) -> Transactions:
    customers, items = _number(work, "customer_id", "customers"), _number(work, "item_id", "items")
    work.db.execute(
        """
        CREATE TABLE orders AS
        SELECT customer_id, order_key, (row_number() OVER (ORDER BY customer_id, order_key) - 1)::INTEGER AS number
        FROM (SELECT DISTINCT customer_id, order_key FROM lines WHERE problem IS NULL)
        """
    )
    rows = work.db.execute(
        """
        SELECT c.number AS customer, i.number AS item, o.number AS "order", time, quantity, amount
        FROM lines l JOIN customers c USING (customer_id) JOIN items i USING (item_id)
             JOIN orders o ON o.customer_id = l.customer_id AND o.order_key = l.order_key
        WHERE problem IS NULL
        ORDER BY customer, time, "order", item, quantity, amount
        """
    ).fetchnumpy()
    columns = [np.asarray(rows[name]) for name in ("customer", "item", "order", "time", "quantity", "amount")]
    return Transactions(customers, items, *columns)


def _number(work: Workspace, column: str, table: str) -> Texts:
    """The different ids, sorted, and a table of their numbers."""
    work.db.execute(
        f"CREATE TABLE {table} AS SELECT {column}, (row_number() OVER (ORDER BY {column}) - 1)::INTEGER AS number "
        f"FROM (SELECT DISTINCT {column} FROM lines WHERE problem IS NULL)"
    )
    return np.array([row[0] for row in work.rows(f"SELECT {column} FROM {table} ORDER BY number")], dtype=np.str_)


def _items(work: Workspace, file: Path | None, ids: Texts) -> Items:
    """Names and categories of `ids`, "" where the list doesn't say; of an item listed twice the first line counts."""
    facts: dict[str, tuple[str, str]] = {}
    if file is not None:
        open_table(work, "item_list", file, ("item_id",))
        there = work.types("item_list")
        item = cells.identifier(work, "item_list", "item_id")
        name, category = (
            cells.text(cells.quote(wanted)) if wanted in there else "NULL" for wanted in ("name", "category")
        )
        for found, *texts in work.rows(f"SELECT {item}, coalesce({name}, ''), coalesce({category}, '') FROM item_list"):
            facts.setdefault(found, (texts[0], texts[1]))
    known = [facts.get(item, ("", "")) for item in ids.tolist()]
    return Items(*(np.array([texts[place] for texts in known], dtype=np.str_) for place in (0, 1)))
