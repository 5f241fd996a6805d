"""Proving where a delivery comes from: HMAC over the raw bytes, compared in constant time, and fresh."""

import base64
import hashlib
import hmac
from collections.abc import Callable, Sequence

from pydantic import SecretStr

from bot.problem import Problem

WINDOW_SECONDS = 300
"""How far a delivery's time may lie from ours, either way, where the platform signs one."""


def refused(channel: str) -> Problem:
    """One answer for everything that proves nothing: it does not say what was wrong."""
    return Problem(401, "Signature not accepted", f"This delivery is not signed as {channel} would sign it.")


def hmac_sha256(secret: bytes, signed: bytes) -> bytes:
    return hmac.new(secret, signed, hashlib.sha256).digest()


def hmac_sha256_base64(secret: bytes, signed: bytes) -> str:
    return base64.b64encode(hmac_sha256(secret, signed)).decode()


def is_same(expected: str, given: str) -> bool:
    """Takes as long for a wrong first sign as for a wrong last one."""
    return hmac.compare_digest(expected.encode(), given.encode("utf-8", "surrogateescape"))


def any_matches(secrets: Sequence[SecretStr], given: Sequence[str], sign: Callable[[str], str]) -> bool:
    """Whether one of the given signatures is one that one of the secrets makes; all are compared."""
    made = [sign(secret.get_secret_value()) for secret in secrets]
    same = [is_same(one, other) for one in made for other in given]
    return any(same)


def is_fresh(timestamp: str, now: float) -> bool:
    """Whether a delivery signed at `timestamp` (seconds since 1970) is neither older nor younger than the window."""
    return timestamp.isascii() and timestamp.isdecimal() and abs(now - int(timestamp)) <= WINDOW_SECONDS
