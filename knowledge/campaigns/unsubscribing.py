"""Unsubscribing by a signed link (RFC 8058: one click, no questions), from the page behind it, or by a reply.

The link carries the number of a member's row and a signature; neither customer nor address can be read from it. An
unsubscribe takes the consent back and is kept as a fingerprint of the address, so that no later import brings it back.
"""

import hmac
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from typing import Literal

from sqlalchemy.orm import Session

from knowledge.campaigns.permission import Fingerprints
from knowledge.campaigns.schema import MemberRow, UnsubscribeRow
from knowledge.shop.schema import CustomerRow
from knowledge.shop.shop import Shop
from knowledge.shop.types import Language

PATH = "/unsubscribe"
SIGNS = 32
Way = Literal["one click", "page", "reply", "bounce"]


@dataclass(frozen=True)
class Links:
    """`key` stays with the shop; `public_url` is where customers reach Kefu, without a slash at its end."""

    key: bytes
    public_url: str = ""

    def link(self, member_id: int, language: Language) -> str:
        return f"{self.public_url}{PATH}?token={self.token(member_id)}&lang={language}"

    def token(self, member_id: int) -> str:
        return f"{member_id}-{self._signature(member_id)}"

    def member(self, token: str) -> int | None:
        """The number that a token was made for; None when it was not made here."""
        number, _, signature = token.partition("-")
        if not (number.isascii() and number.isdigit() and len(number) < 19 and signature.isascii()):
            return None
        return int(number) if hmac.compare_digest(signature, self._signature(int(number))) else None

    def _signature(self, member_id: int) -> str:
        return hmac.new(self.key, f"unsubscribe\0{member_id}".encode(), sha256).hexdigest()[:SIGNS]


def unsubscribe(session: Session, member_id: int, way: Way, fingerprints: Fingerprints, now: datetime) -> None:
    """Takes effect when the caller commits. Doing it again changes nothing; nor does it for who was erased since."""
    member = session.get(MemberRow, member_id)
    customer = session.get(CustomerRow, member.customer_id) if member else None
    if member is None or customer is None:
        return
    if member.unsubscribed_at is None:
        member.unsubscribed_at = now
    keep_off(session, fingerprints.of(customer.email), member.campaign_id, way, now)
    key = f"unsubscribe:{member_id}:{now.isoformat()}"
    Shop(session, now=lambda: now).set_newsletter_consent(
        customer.customer_id, False, key=key, actor="system:campaigns"
    )
    session.flush()


def keep_off(session: Session, address: str, campaign_id: str, way: Way, now: datetime) -> None:
    """No mail goes to this address (a fingerprint) any more, unless its owner agrees again later."""
    session.add(UnsubscribeRow(address=address, at=now, campaign_id=campaign_id, way=way))
