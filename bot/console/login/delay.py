"""Wrong logins make the next one wait, longer each time. Three counts are kept: of the account from where it is tried,
of the place whatever account is tried from it, and of the account from wherever.

The last is what slows many places that guess at one account. It does not hold where the account has been signed in to
lately, so strangers elsewhere keep nobody out. A try counts before the password is looked at, so that many at once are
many tries; the right password takes the count away. An account that does not exist counts like one that does, so the
delay gives no name away. What is stored are fingerprints, no addresses.
"""

import hashlib
from dataclasses import dataclass
from ipaddress import IPv6Address, ip_address
from typing import Literal

from sqlalchemy import Connection

from bot.conversation.sql import Statement

Count = Literal["here", "place", "account"]
FREE_TRIES: dict[Count, int] = {"here": 5, "place": 20, "account": 20}
FIRST_WAIT_SECONDS = 15.0
LONGEST_WAIT_SECONDS = 900.0
FORGOTTEN_AFTER_SECONDS = 86_400.0
KNOWN_FOR_SECONDS = 30 * 86_400.0
"""So long a place is known after somebody has come in from there."""
OWN_NETWORK = 64
"""Bits of an IPv6 address: the rest of it anybody can choose as they like."""

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
_FORGET = Statement("DELETE FROM login_tries WHERE tried_at < :known_before OR (tried_at < :before AND failures > 0)")
_OF_ACCOUNT = "fingerprint >= :account AND fingerprint < :after"
"""A fingerprint is hexadecimal, and what belongs to an account begins with the account's."""
_FORGIVE_ALL = Statement(f"DELETE FROM login_tries WHERE {_OF_ACCOUNT} AND failures > 0")
_LOCKED = Statement(f"SELECT MAX(locked_until) FROM login_tries WHERE {_OF_ACCOUNT}")


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
        return _fingerprint("address", place_of(self.address))

    @property
    def here(self) -> str:
        return self.account + self.place

    @property
    def known(self) -> str:
        """Of the row, with no wrong tries, that says that somebody came in here."""
        return self.here + _fingerprint("known", "")

    def counted(self, is_known: bool) -> dict[Count, str]:
        strangers: dict[Count, str] = {} if is_known else {"account": self.account}
        return {"here": self.here, "place": self.place, **strangers}


def begin_try(connection: Connection, door: Door, now: float) -> float:
    """Count a try. Returns how many seconds it has to wait instead, 0 if it may go on. The caller commits.

    The caller must hold the write transaction from before this call.
    """
    _FORGET.all(connection, {"before": now - FORGOTTEN_AFTER_SECONDS, "known_before": now - KNOWN_FOR_SECONDS})
    counted = door.counted(_is_known(connection, door))
    found = {count: _FIND.first(connection, {"fingerprint": one}) for count, one in counted.items()}
    wait = max((row[1] - now for row in found.values() if row), default=0.0)
    if wait > 0:
        return wait
    for count, fingerprint in counted.items():
        row = found[count]
        failures = (row[0] if row else 0) + 1
        _write(connection, fingerprint, failures, now + waiting(failures, FREE_TRIES[count]), now)
    return 0.0


def waiting(failures: int, free: int) -> float:
    """Seconds until the next try after so many wrong ones: none at first, then doubling."""
    if failures < free:
        return 0.0
    return float(min(FIRST_WAIT_SECONDS * 2 ** min(failures - free, 20), LONGEST_WAIT_SECONDS))


def succeeded(connection: Connection, door: Door, now: float) -> None:
    """Somebody came in: here the account starts anew, and the other counts have one try less. The caller commits."""
    counted = door.counted(_is_known(connection, door))
    _TAKE_AWAY.all(connection, {"fingerprint": counted.pop("here")})
    for fingerprint in counted.values():
        _FORGIVE.all(connection, {"fingerprint": fingerprint})
    _write(connection, door.known, 0, 0.0, now)


def half_succeeded(connection: Connection, door: Door) -> None:
    """The right password, and a code is needed: the place has one try less, the account's still count."""
    _FORGIVE.all(connection, {"fingerprint": door.place})


def forgive(connection: Connection, email: str) -> None:
    """The account may be tried again at once: somebody who may do so has given it a new password."""
    _FORGIVE_ALL.all(connection, _of(email))


def locked_until(connection: Connection, email: str) -> float | None:
    """Until when the account has to wait somewhere, because of wrong passwords there."""
    [until] = _LOCKED.one(connection, _of(email))
    return float(until) if until else None


def place_of(address: str) -> str:
    """The address, or the network that it may choose its address in."""
    try:
        given = ip_address(address.partition("%")[0])
    except ValueError:
        return address
    if isinstance(given, IPv6Address):
        return str(given.ipv4_mapped or int(given) >> (given.max_prefixlen - OWN_NETWORK))
    return str(given)


def _of(email: str) -> dict[str, str]:
    account = Door(email, "").account
    return {"account": account, "after": account + "g"}


def _is_known(connection: Connection, door: Door) -> bool:
    return _FIND.first(connection, {"fingerprint": door.known}) is not None


def _write(connection: Connection, fingerprint: str, failures: int, locked_until: float, now: float) -> None:
    row = {"fingerprint": fingerprint, "failures": failures, "locked_until": locked_until, "now": now}
    _COUNT.all(connection, row)


def _fingerprint(kind: str, what: str) -> str:
    return hashlib.sha256(f"{kind}:{what}".encode()).hexdigest()
