"""Wrong logins make the next one wait, longer each time: for the account that is tried, and for the address it is
tried from.

A try counts before the password is looked at, so that many at once are many tries; the right password takes the count
away. An account that does not exist counts like one that does, so the delay gives no name away. What is stored are
fingerprints, no addresses.
"""

import hashlib
from dataclasses import dataclass

from sqlalchemy import Connection

from bot.conversation.sql import Statement

FREE_TRIES = {"account": 5, "address": 20}
FIRST_WAIT_SECONDS = 15.0
LONGEST_WAIT_SECONDS = 900.0
FORGOTTEN_AFTER_SECONDS = 86_400.0

_FIND = Statement("SELECT failures, locked_until, tried_at FROM login_tries WHERE fingerprint = :fingerprint")
_COUNT = Statement(
    "INSERT INTO login_tries (fingerprint, failures, locked_until, tried_at)"
    " VALUES (:fingerprint, :failures, :locked_until, :now) ON CONFLICT (fingerprint)"
    " DO UPDATE SET failures = :failures, locked_until = :locked_until, tried_at = :now"
)
_TAKE_AWAY = Statement("DELETE FROM login_tries WHERE fingerprint = :fingerprint")
_FORGIVE = Statement(
    "UPDATE login_tries SET failures = failures - 1, locked_until = 0 WHERE fingerprint = :fingerprint AND failures > 0"
)
_FORGET = Statement("DELETE FROM login_tries WHERE tried_at < :before")


@dataclass(frozen=True)
class Door:
    """Whose account is tried, from where."""

    email: str
    address: str

    @property
    def account(self) -> str:
        return _fingerprint("account", self.email.strip().lower())

    @property
    def place(self) -> str:
        return _fingerprint("address", self.address)


def begin_try(connection: Connection, door: Door, now: float) -> float:
    """Count a try. Returns how many seconds it has to wait instead, 0 if it may go on. The caller commits.

    The caller must hold the write transaction from before this call.
    """
    _FORGET.all(connection, {"before": now - FORGOTTEN_AFTER_SECONDS})
    kinds = (("account", door.account), ("address", door.place))
    found = {fingerprint: _FIND.first(connection, {"fingerprint": fingerprint}) for _, fingerprint in kinds}
    wait = max((row[1] - now for row in found.values() if row), default=0.0)
    if wait > 0:
        return wait
    for kind, fingerprint in kinds:
        row = found[fingerprint]
        failures = (row[0] if row else 0) + 1
        locked_until = now + waiting(failures, FREE_TRIES[kind])
        counted = {"fingerprint": fingerprint, "failures": failures, "locked_until": locked_until, "now": now}
        _COUNT.all(connection, counted)
    return 0.0


def waiting(failures: int, free: int) -> float:
    """Seconds until the next try after so many wrong ones: none at first, then doubling."""
    if failures < free:
        return 0.0
    return float(min(FIRST_WAIT_SECONDS * 2 ** min(failures - free, 20), LONGEST_WAIT_SECONDS))


def succeeded(connection: Connection, door: Door) -> None:
    """The right password: the account starts anew, the address has one try less. The caller commits."""
    _TAKE_AWAY.all(connection, {"fingerprint": door.account})
    _FORGIVE.all(connection, {"fingerprint": door.place})


def forgive(connection: Connection, email: str) -> None:
    """The account may be tried again at once: somebody who may do so has given it a new password."""
    _TAKE_AWAY.all(connection, {"fingerprint": Door(email, "").account})


def locked_until(connection: Connection, email: str) -> float | None:
    row = _FIND.first(connection, {"fingerprint": Door(email, "").account})
    return float(row[1]) if row and row[1] else None


def _fingerprint(kind: str, what: str) -> str:
    return hashlib.sha256(f"{kind}:{what}".encode()).hexdigest()
