"""Files of offers, of whom they were sent to and of who redeemed them → OfferHistory.

offers        offer_id, start, end, and if possible kind
sent          customer_id, offer_id
redemptions   customer_id, offer_id, time
offer items   offer_id, item_id: what an offer makes cheaper
"""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from knowledge.customers import cells
from knowledge.customers.errors import CustomerDataError
from knowledge.customers.tables import Workspace, open_table, workspace
from knowledge.customers.transactions import Floats, Ints, Texts, Transactions
from knowledge.prediction.offer_history import OfferHistory


@dataclass(frozen=True)
class OfferFiles:
    """Each .parquet or .csv."""

    offers: Path
    sent: Path
    redemptions: Path
    items: Path | None = None


@dataclass(frozen=True)
class Offers:
    """`ids[n]` is the offer n of `history`. `left_out`: how many lines for each reason that occurred."""

    ids: Texts
    history: OfferHistory
    left_out: dict[str, int]

    def number(self, offer: str) -> int:
        """Raises CustomerDataError for an id that is no offer's."""
        found = np.flatnonzero(self.ids == offer)
        if not len(found):
            known = ", ".join(self.ids[:10].tolist())
            raise CustomerDataError(f"there is no offer '{offer}'; there are {known}{' …' * (len(self.ids) > 10)}")
        return int(found[0])


def read_offers(files: OfferFiles, transactions: Transactions) -> Offers:
    """Raises CustomerDataError for a file or column that isn't there, and an offer without its two days."""
    with workspace(files.offers) as work:
        ids, start, end, kind = _offers(work, files.offers)
        left_out: dict[str, int] = {}
        customer, offer = _finder(transactions.customers), _finder(ids)
        sent = _rows(work, "sent", files.sent, ("customer_id", "offer_id"), (customer, offer), left_out)
        redeemed = _rows(
            work, "redeemed", files.redemptions, ("customer_id", "offer_id"), (customer, offer), left_out, "time"
        )
        finders = (offer, _finder(transactions.items))
        cheaper = _rows(work, "cheaper", files.items, ("offer_id", "item_id"), finders, {}) if files.items else _NONE
    items = tuple(cheaper[1][cheaper[0] == number] for number in range(len(ids)))
    (who, got, _), (redeemer, what, when), (nobody, _, never) = sent, redeemed, _NONE
    history = OfferHistory(start, end, kind, items, who, got, redeemer, what, when, nobody, never)
    return Offers(ids, history, left_out)


_NONE = (np.zeros(0, dtype=np.int32), np.zeros(0, dtype=np.int32), np.zeros(0))


def _offers(work: Workspace, file: Path) -> tuple[Texts, Floats, Floats, Texts]:
    open_table(work, "offers", file, ("offer_id", "start", "end"))
    kind = cells.text('"kind"') if "kind" in work.types("offers") else "NULL"
    columns = f"{cells.identifier(work, 'offers', 'offer_id')} AS id, coalesce({kind}, '') AS kind"
    days = f"{cells.time(work, 'offers', 'start')} AS start, {cells.time(work, 'offers', 'end')} AS stop"
    rows = work.rows(f"SELECT * FROM (SELECT {columns}, {days} FROM offers) WHERE id IS NOT NULL ORDER BY id")
    if wrong := [row[0] for row in rows if row[2] is None or row[3] is None or row[3] < row[2]]:
        raise CustomerDataError(f"{file}: offer '{wrong[0]}' has no start and end that follow each other")
    ids, kinds, starts, ends = zip(*rows, strict=True) if rows else ((), (), (), ())
    return np.array(ids, dtype=np.str_), np.array(starts), np.array(ends), np.array(kinds, dtype=np.str_)


def _rows(
    work: Workspace,
    name: str,
    file: Path,
    columns: tuple[str, str],
    numbers: tuple[Callable[[Texts], Ints], ...],
    left_out: dict[str, int],
    time: str | None = None,
) -> tuple[Ints, Ints, Floats]:
    """Both ids as numbers, and the day; lines that name nobody known, or no day, are counted and left out."""
    open_table(work, name, file, (*columns, *([time] if time else ())))
    ids = ", ".join(f"coalesce({cells.identifier(work, name, column)}, '') AS {column}" for column in columns)
    moment = cells.time(work, name, time) if time else "0.0"
    found = work.db.execute(f"SELECT {ids}, coalesce({moment}, 'nan'::DOUBLE) AS moment FROM {name}").fetchnumpy()
    places = [number(np.asarray(found[column], dtype=np.str_)) for number, column in zip(numbers, columns, strict=True)]
    moments = np.asarray(found["moment"], dtype=np.float64)
    for place, column in zip(places, columns, strict=True):
        if missing := int((place < 0).sum()):
            left_out[f"{file.name}: {column} that is not known"] = missing
    kept = (places[0] >= 0) & (places[1] >= 0) & np.isfinite(moments)
    return places[0][kept], places[1][kept], moments[kept]


def _finder(ids: Texts) -> Callable[[Texts], Ints]:
    """Ids → their numbers, -1 for those that are not there."""
    number = {one: place for place, one in enumerate(ids.tolist())}
    return lambda given: np.array([number.get(one, -1) for one in given.tolist()], dtype=np.int32)
