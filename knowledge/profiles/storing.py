"""Profiles into the database, some thousand at a time, so that nobody who writes meanwhile waits long."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager
from datetime import datetime
from itertools import islice
from typing import Any

from sqlalchemy import delete, insert, select
from sqlalchemy.orm import Session

from knowledge.profiles.computing import Membership
from knowledge.profiles.schema import ProfileChangeRow, ProfileRow
from knowledge.shop.schema import CustomerRow

BATCH = 2000
Write = Callable[[], AbstractContextManager[Session]]
"""Opens a session that commits when the block ends well."""
Row = Mapping[str, Any]
"""customer_id, segment, features and predictions as ProfileRow has them."""


def memberships(session: Session) -> dict[str, Membership]:
    """Who is in which segment, and since when."""
    rows = session.execute(select(ProfileRow.customer_id, ProfileRow.segment, ProfileRow.segment_since))
    return {customer_id: Membership(segment, since) for customer_id, segment, since in rows}


def store(
    write: Write,
    rows: Iterator[Row],
    version: str,
    at: datetime,
    before: Mapping[str, Membership],
    *,
    must_exist: bool = True,
    progress: Callable[[int], None] = lambda _: None,
) -> int:
    """Replace everybody's profile, and drop those of customers who have none any more. Returns how many moved segment.

    `must_exist`: only customers of the shop's own tables; False for those of a file.
    """
    moved = 0
    for batch in iter(lambda: list(islice(rows, BATCH)), []):
        made = [_made(row, version, at, before.get(row["customer_id"])) for row in batch]
        with write() as session:
            moved += _replace(session, made, before, must_exist)
        progress(len(batch))
    _drop_others(write, version)
    return moved


def _replace(session: Session, made: list[dict[str, Any]], before: Mapping[str, Membership], must_exist: bool) -> int:
    """One batch; who was erased while the models were fitted gets no profile again."""
    ids = [row["customer_id"] for row in made]
    if must_exist:
        there = set(session.scalars(select(CustomerRow.customer_id).where(CustomerRow.customer_id.in_(ids))))
        made = [row for row in made if row["customer_id"] in there]
    changes = [_change(row, before.get(row["customer_id"])) for row in made if _has_moved(row, before)]
    session.execute(delete(ProfileRow).where(ProfileRow.customer_id.in_(ids)))
    for table, rows in ((ProfileRow, made), (ProfileChangeRow, changes)):
        if rows:
            session.execute(insert(table), rows)
    return len(changes)


def _made(row: Row, version: str, at: datetime, before: Membership | None) -> dict[str, Any]:
    stays = before is not None and before.segment == row["segment"]
    since = before.since if before and stays else at
    return {**row, "version": version, "computed_at": at, "segment_since": since if row["segment"] else None}


def _has_moved(row: Row, before: Mapping[str, Membership]) -> bool:
    """The first segment of all is no move."""
    known = before.get(row["customer_id"])
    return known is not None and known.segment != row["segment"]


def _change(row: Row, before: Membership | None) -> dict[str, Any]:
    return {
        "customer_id": row["customer_id"],
        "at": row["computed_at"],
        "before": before.segment if before else None,
        "after": row["segment"],
        "version": row["version"],
    }


def _drop_others(write: Write, version: str) -> None:
    while True:
        with write() as session:
            ids: Sequence[str] = session.scalars(
                select(ProfileRow.customer_id).where(ProfileRow.version != version).limit(BATCH)
            ).all()
            session.execute(delete(ProfileRow).where(ProfileRow.customer_id.in_(ids)))
        if len(ids) < BATCH:
            return
