"""May this customer be written to, now? Asked when a campaign is planned, and again before every single mail."""

import hmac
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256

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
    """Reads the consent as it is at this moment; nothing is remembered between two questions."""

    session: Session
    fingerprints: Fingerprints
    cap: Cap

    def problem(self, customer: CustomerRow | None, now: datetime) -> str | None:
        """Why not: `gone`, `no consent`, `unsubscribed`, `no address` or `enough mails`; None when they may be."""
        if customer is None:
            return "gone"
        if not customer.newsletter_consent:
            return "no consent"
        if self._has_unsubscribed(customer):
            return "unsubscribed"
        if "@" not in customer.email or not customer.email.isascii():
            return "no address"
        since = now - timedelta(days=self.cap.days)
        return "enough mails" if mails_since(self.session, customer.customer_id, since) >= self.cap.mails else None

    def _has_unsubscribed(self, customer: CustomerRow) -> bool:
        """A yes that was given later than the unsubscribe counts; one of unknown date, as imports bring, doesn't."""
        query = select(func.max(UnsubscribeRow.at)).where(
            UnsubscribeRow.address == self.fingerprints.of(customer.email)
        )
        last = self.session.scalar(query)
        agreed = customer.newsletter_consent_at
        return last is not None and (agreed is None or agreed <= last)


def mails_since(session: Session, customer_id: str, since: datetime) -> int:
    """How many campaign mails went out to the customer, or may have."""
    query = select(func.count()).where(MemberRow.customer_id == customer_id, MemberRow.sent_at > since)
    return session.scalar(query) or 0
