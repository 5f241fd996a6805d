"""One fit from beginning to end: purchases → models → a new version in the artefacts → everybody's profile.

Nothing changes for customers until the version is complete: then it serves, and the profiles follow batch by batch.
"""

import hashlib
import importlib.metadata
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from sqlalchemy import select

from knowledge.customers.transactions import SECONDS_A_DAY, Items, Transactions
from knowledge.profiles import pseudonyms as pseudonymising
from knowledge.profiles.artefacts import Artefacts
from knowledge.profiles.computing import Computed, Membership, compute, profiles_of
from knowledge.profiles.drift import Snapshot
from knowledge.profiles.errors import ProfileError
from knowledge.profiles.models import PARTS, CustomerModels, Fitted, Progress, fit_all, load_models, load_part
from knowledge.profiles.pseudonyms import Pseudonyms
from knowledge.profiles.sealing import Metadata, verified
from knowledge.profiles.storing import Write, store
from knowledge.shop.schema import CustomerRow

if TYPE_CHECKING:
    from knowledge.segmentation import SegmentModel

SEED = 20_261_120
"""The packages' own; nothing is drawn without one, so the same rows give the same models."""
SHOP = "shop"


@dataclass(frozen=True)
class Source:
    """What is learned from: rows before `cut`. `name` is SHOP for the shop's own tables, else the file's."""

    name: str
    transactions: Transactions
    items: Items
    cut: float
    left_out: Mapping[str, int] = field(default_factory=dict)
    notes: tuple[str, ...] = ()
    """How a file was understood: day or month first, decimal comma, currency …"""

    @property
    def is_shop(self) -> bool:
        return self.name == SHOP


@dataclass(frozen=True)
class Refit:
    """What a fit, or going back to an earlier one, brought."""

    version: str
    metadata: Metadata
    profiles: int
    moved: int
    """Customers who are in another segment now."""


def refit(
    source: Source,
    artefacts: Artefacts,
    pseudonyms: Pseudonyms,
    before: Mapping[str, Membership],
    write: Write,
    progress: Progress,
    now: Callable[[], datetime] = lambda: datetime.now(UTC),
) -> Refit:
    """Raises ProfileError when there is nothing to learn from, ExtraMissing without the extra `crm`."""
    known = source.transactions.before(source.cut)
    if not len(known):
        raise ProfileError(
            f"no purchases before {day_text(source.cut)}: nothing to learn from yet; the bot goes on without"
        )
    hidden = pseudonyms.applied(known)
    fitted = fit_all(hidden, source.items, source.cut, progress, _present_segments(artefacts, source))
    progress("profiles", 0.0)
    computed = compute(fitted.models, source.transactions, source.cut, before, source.items)
    if source.is_shop:
        _refuse_the_erased(computed, write)
    metadata = _metadata(source, hidden, fitted, now())
    version = artefacts.add(lambda folder: _save(folder, fitted.models, hidden, computed), metadata)
    return _stored(computed, metadata, version, before, write, progress, now())


def recompute(
    source: Source,
    artefacts: Artefacts,
    before: Mapping[str, Membership],
    write: Write,
    progress: Progress,
    now: Callable[[], datetime] = lambda: datetime.now(UTC),
) -> Refit:
    """Everybody's profile by the version that serves: nothing is learned. Raises ProfileError where it learned from
    something else than `source`, ExtraMissing without the extra `crm`."""
    folder = artefacts.folder()
    metadata = verified(folder)
    if metadata.source != source.name:
        raise ProfileError(
            f"{metadata.version} was fitted from {metadata.source}, not from the {source.name}'s own orders"
        )
    progress("profiles", 0.0)
    computed = compute(load_models(folder), source.transactions, source.cut, before, source.items)
    return _stored(computed, metadata, metadata.version, before, write, progress, now())


def _stored(
    computed: Computed,
    metadata: Metadata,
    version: str,
    before: Mapping[str, Membership],
    write: Write,
    progress: Progress,
    at: datetime,
) -> Refit:
    count, done = len(computed.customer_ids), 0

    def stored(more: int) -> None:
        nonlocal done
        done += more
        progress("profiles", done / count)

    of_shop = metadata.source == SHOP
    moved = store(write, profiles_of(computed), version, at, before, must_exist=of_shop, progress=stored)
    return Refit(version, metadata, count, moved)


def _present_segments(artefacts: Artefacts, source: Source) -> "SegmentModel | None":
    """Those that serve; None where they were learned elsewhere, from rows not before the cut, or can't be read."""
    try:
        folder = artefacts.folder()
        segments: SegmentModel | None = load_part(folder, "segmentation")
        is_ours = segments is not None and segments.cut <= source.cut and verified(folder).source == source.name
    except ValueError:  # none yet, or damaged: then names are found anew
        return None
    return segments if is_ours else None


def _refuse_the_erased(computed: Computed, write: Write) -> None:
    """Whoever was erased while the models were fitted must be in none of them."""
    with write() as session:
        there = set(session.scalars(select(CustomerRow.customer_id)))
    if not there.issuperset(computed.customer_ids.tolist()):
        raise ProfileError("a customer was erased while the models were fitted, so nothing of it is kept; fit again")


def _save(folder: Path, models: CustomerModels, hidden: Transactions, computed: Computed) -> None:
    models.save(folder)
    pseudonymising.keep(folder, hidden.customers[np.unique(hidden.customer)])
    Snapshot.of(computed.columns()).save(folder)


def _metadata(source: Source, hidden: Transactions, fitted: Fitted, at: datetime) -> Metadata:
    return Metadata(
        fitted_at=at.isoformat(timespec="seconds"),
        code_version=importlib.metadata.version("kefu"),
        source=source.name,
        data_sha256=fingerprint(hidden),
        seed=SEED,
        first_day=day_text(float(hidden.day.min())),
        cut=day_text(source.cut),
        customers=len(np.unique(hidden.customer)),
        items=len(np.unique(hidden.item)),
        lines=len(hidden),
        parts=tuple(part for part in PARTS if getattr(fitted.models, part) is not None),
        problems=fitted.problems,
        left_out=source.left_out,
        metrics={"prediction": fitted.models.prediction.metrics} if fitted.models.prediction else {},
        seconds=fitted.seconds,
    )


def fingerprint(transactions: Transactions) -> str:
    """sha256 of all rows: the same for the same purchases by the same customers."""
    digest = hashlib.sha256()
    for column in (transactions.customers, transactions.items):
        digest.update("\n".join(column.tolist()).encode())
    for rows in (
        transactions.customer,
        transactions.item,
        transactions.day,
        transactions.quantity,
        transactions.amount,
    ):
        digest.update(np.ascontiguousarray(rows).tobytes())
    return digest.hexdigest()


def day_text(day: float) -> str:
    """2026-11-20, or with the time where it is no midnight."""
    moment = datetime.fromtimestamp(day * SECONDS_A_DAY, UTC)
    return moment.date().isoformat() if day == int(day) else f"{moment:%Y-%m-%d %H:%M}"
