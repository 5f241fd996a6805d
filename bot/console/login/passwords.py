"""Passwords: made and checked with argon2id, never stored or logged."""

import secrets
import threading
from functools import cache

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from bot.problem import Problem

SHORTEST, LONGEST = 10, 200
AT_ONCE = threading.BoundedSemaphore(2)
"""A check takes 64 MiB and two processors' time: so many at once, however many strangers knock."""
LETTERS = "abcdefghjkmnpqrstuvwxyz23456789"
"""Without those that look alike."""

_hasher = PasswordHasher()


def hashed(password: str) -> str:
    with AT_ONCE:
        return _hasher.hash(password)


def matches(password: str, stored: str | None) -> bool:
    """With nothing stored (nobody of that name) it takes as long, and is False."""
    with AT_ONCE:
        try:
            return _hasher.verify(stored or _nobodys(), password) and stored is not None
        except (VerificationError, InvalidHashError):
            return False


def is_outdated(stored: str) -> bool:
    """Whether it was made with weaker parameters than those of today."""
    return _hasher.check_needs_rehash(stored)


def temporary() -> str:
    """A password to be told once and changed at the first login; about 70 bits."""
    return "-".join("".join(secrets.choice(LETTERS) for _ in range(5)) for _ in range(3))


def refuse_weak(password: str, email: str) -> None:
    """Raises Problem 422 for one that is too short, too long, of one character, or the address itself."""
    name = email.partition("@")[0].lower()
    is_name = password.lower() in (email.lower(), name * 2)
    if not SHORTEST <= len(password) <= LONGEST or len(set(password)) < 4 or is_name:
        rule = f"A password needs {SHORTEST} to {LONGEST} characters, and not the same few again and again."
        raise Problem(422, "Weak password", rule)


@cache
def _nobodys() -> str:
    return _hasher.hash(secrets.token_urlsafe(16))
