"""Addresses of stored attachments for platforms and customers: signed, and good for three days.

Whoever has the address has the file, so it ends; and it says nothing but the attachment's number.
"""

import hashlib
import hmac
from dataclasses import dataclass

from bot.messaging.signatures import is_same

LIFE_SECONDS = 3 * 86_400


@dataclass(frozen=True)
class Links:
    """`secret` is the installation's own; `public_url` the address at which it is reached, if that is known."""

    secret: str
    public_url: str | None = None

    def address(self, attachment_id: int, made_at: float) -> str:
        """The same for the same moment: a line that is sent again carries the same one."""
        return (self.public_url or "").rstrip("/") + self.path(attachment_id, made_at)

    def path(self, attachment_id: int, made_at: float) -> str:
        """The address within Kefu."""
        until = int(made_at) + LIFE_SECONDS
        return f"/attachments/{attachment_id}?until={until}&signature={self._sign(attachment_id, until)}"

    def is_good(self, attachment_id: int, until: str, signature: str, now: float) -> bool:
        if not (until.isascii() and until.isdecimal() and len(until) < 12):
            return False
        return is_same(self._sign(attachment_id, int(until)), signature) and now <= int(until)

    def _sign(self, attachment_id: int, until: int) -> str:
        return hmac.new(
            self.secret.encode(), f"attachment.{attachment_id}.{until}".encode(), hashlib.sha256
        ).hexdigest()
