"""What the customer models learn from: the shop's own tables, or a file of transactions."""

from datetime import UTC, datetime
from pathlib import Path

from bot.database import Database
from knowledge.customers.shop_lines import read_shop
from knowledge.customers.transactions import day_of
from knowledge.profiles.fitting import SHOP, Source


def shop_source(database: Database, now: datetime | None = None) -> Source:
    """All that was bought and kept up to now."""
    now = now or datetime.now(UTC)
    with database.read_session() as session:
        transactions, items = read_shop(session, now)
    return Source(SHOP, transactions, items, day_of(now))


def file_source(file: Path, items: Path | None, cut: float | None) -> Source:
    """Rows before the day `cut`; without one, before the day after the last row. Raises CustomerDataError."""
    from knowledge.customers.reading import read_transactions

    loaded = read_transactions(file, items, cut)
    last = float(loaded.transactions.day.max(initial=0.0))
    day = cut or last // 1 + 1
    return Source(file.name, loaded.transactions, loaded.items, day, loaded.left_out, loaded.notes)
