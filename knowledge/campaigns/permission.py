"""May this customer be written to, now? Asked when a campaign is planned, and again before every single mail."""

import hmac
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Self

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from knowledge.campaigns.schema import MemberRow, UnsubscribeRow
from knowledge.shop.folding import email_key
from knowledge.shop.schema import CustomerRow


@dataclass(frozen=True)
class Cap:
    """At most `mails` campaign mails within `days`."""

    mails: int = 1
    days: int = 7


@dataclass(frozen=True)
class Fingerprints:
    """Addresses as keyed hashes, so that an unsubscribe can outlive the address itself. `key` stays with the shop."""

    key: bytes

    def of(self, address: str) -> str:
        """However the address is spelled, the same 64 signs."""
        return hmac.new(self.key, b"address\0" + email_key(address).encode(), sha256).hexdigest()


@dataclass(frozen=True)
class Permission:
    """`last_unsubscribe` is asked with a fingerprint, `mails` (within the cap's days) with a customer id."""

    fingerprints: Fingerprints
    cap: Cap
    last_unsubscribe: Callable[[str], datetime | None]
    mails: Callable[[str], int]

    @classmethod
    def now(cls, session: Session, fingerprints: Fingerprints, cap: Cap, now: datetime) -> Self:
        """For one customer: asks the database each time."""
        since = now - timedelta(days=cap.days)
        return cls(
            fingerprints,
            cap,
            lambda address: session.scalar(_UNSUBSCRIBED.where(UnsubscribeRow.address == address)),
            lambda customer_id: mails_since(session, customer_id, since),
        )

    @classmethod
    def for_many(cls, session: Session, fingerprints: Fingerprints, cap: Cap, now: datetime) -> Self:
        """For a whole audience: what the database says now, read once."""
        by_address = select(UnsubscribeRow.address, func.max(UnsubscribeRow.at)).group_by(UnsubscribeRow.address)
        unsubscribed = {row[0]: row[1] for row in session.execute(by_address)}
        lately = select(MemberRow.customer_id).where(MemberRow.sent_at > now - timedelta(days=cap.days))
        mails = Counter(session.scalars(lately))
        return cls(fingerprints, cap, unsubscribed.get, lambda customer_id: mails[customer_id])

    def problem(self, customer: CustomerRow | None) -> str | None:
        """Why not: gone, no consent, unsubscribed (or bounced), no address, enough mails; None when they may."""
        if customer is None:
            return "gone"
        if not customer.newsletter_consent:
            return "no consent"
        if self._has_unsubscribed(customer):
            return "unsubscribed"
        if "@" not in customer.email or not customer.email.isascii():
            return "no address"
        return "enough mails" if self.mails(customer.customer_id) >= self.cap.mails else None

    def _has_unsubscribed(self, customer: CustomerRow) -> bool:
        """A yes that was given later than the unsubscribe counts; one of unknown date, as imports bring, doesn't."""
        last, agreed = self.last_unsubscribe(self.fingerprints.of(customer.email)), customer.newsletter_consent_at
        return last is not None and (agreed is None or agreed <= last)


_UNSUBSCRIBED = select(func.max(UnsubscribeRow.at))


def mails_since(session: Session, customer_id: str, since: datetime) -> int:
    """How many campaign mails went out to the customer, or may have."""
    query = select(func.count()).where(MemberRow.customer_id == customer_id, MemberRow.sent_at > since)
    return session.scalar(query) or 0
