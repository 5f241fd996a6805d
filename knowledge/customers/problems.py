"""Why a line can't be used. Each reason is counted and told; nothing is left out silently.

Returns (a quantity below 0) are left out rather than taken off what they undo: one that comes after a cut would change
what was known before it.
"""

from datetime import UTC, datetime

from knowledge.customers.cells import LARGEST, LONGEST_ID
from knowledge.customers.tables import Workspace, quoted, unreadable_lines
from knowledge.customers.transactions import day_of

EARLIEST = 366.0
"""1971: what stands before is an empty field that some program wrote as 1900 or 1970."""


def problem(before: float | None) -> str:
    """Why a row is left out, the first reason that holds; NULL when it can be used."""
    if before is None:
        late, end = "dated after today", day_of(datetime.now(UTC)) + 1
    else:
        late, end = "on or after the cut", before
    too_long = f"length({{}}) > {LONGEST_ID}"
    reasons = {
        "time is no date": "time IS NULL",
        late: f"time >= {end}",
        "dated before 1971": f"time < {EARLIEST}",
        "no customer": "customer_id IS NULL",
        "no item": "item_id IS NULL",
        f"an id of more than {LONGEST_ID} letters": " OR ".join(
            too_long.format(name) for name in ("customer_id", "item_id", "order_id")
        ),
        "quantity is no number": _is_no_figure("quantity"),
        "quantity not above 0 (a return or a correction)": "quantity <= 0",
        "amount is no number": _is_no_figure("amount"),
        "amount below 0 (a refund)": "amount < 0",
    }
    return "CASE " + " ".join(f"WHEN {test} THEN {quoted(reason)}" for reason, test in reasons.items()) + " END"


def _is_no_figure(name: str) -> str:
    return f"{name} IS NULL OR isnan({name}) OR abs({name}) > {LARGEST}"


def count_problems(work: Workspace) -> dict[str, int]:
    """How many lines have which problem, most frequent first; marks those in another currency than most, too."""
    _mark_other_currencies(work)
    found = work.rows(
        "SELECT problem, count(*) FROM lines WHERE problem IS NOT NULL GROUP BY problem ORDER BY 2 DESC, 1"
    )
    unreadable = unreadable_lines(work, "given")
    counted = {"not as many cells as headings": unreadable} if unreadable else {}
    return counted | {reason: int(rows) for reason, rows in found}


def _mark_other_currencies(work: Workspace) -> None:
    """Amounts can't be added across currencies: the one of most lines counts."""
    by_size = work.rows("SELECT currency FROM lines WHERE problem IS NULL GROUP BY 1 ORDER BY count(*) DESC, 1 LIMIT 1")
    if not by_size:
        return
    usual = by_size[0][0]
    if usual:
        work.notes.append(f"amounts are in {usual}")
    other = f"concat('in ', coalesce(nullif(currency, ''), 'no currency'), ', but most in ', {quoted(usual or 'none')})"
    work.db.execute(f"UPDATE lines SET problem = {other} WHERE problem IS NULL AND currency <> {quoted(usual)}")
