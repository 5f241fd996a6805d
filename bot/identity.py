"""Who is talking: signed tokens of the shop's site, and the widget's own signed sessions.

An identity token is a JWT (HS256, KEFU_IDENTITY_SECRET) that the shop's server makes for a signed-in customer:

    {"sub": "<customer id or e-mail>", "exp": <at most one hour from now>}

A session is `<sender id>.<signature>`: whoever holds it may go on with that conversation, and it cannot be guessed.
"""

import hashlib
import hmac
import secrets
import time
from dataclasses import dataclass

import jwt

LONGEST_LIFE_SECONDS = 3600
CLOCK_SKEW_SECONDS = 60
RESUME_SECONDS = 3600.0
"""So long after its end a token still tells whose conversation goes on after a lost connection; it proves nothing. No
longer than a signature outlasts it (`signing.GRACE_SECONDS`): after that the conversation is nobody's."""


class IdentityError(ValueError):
    """The token proves nothing; the message says why and is safe to show to the shop's developer."""


@dataclass(frozen=True)
class Identity:
    """A proven customer: `subject` is the shop's customer id or e-mail. Good until `expires_at` (seconds, UTC)."""

    subject: str
    expires_at: float


def verify(token: str, secret: str | None, late_seconds: float = 0.0) -> Identity:
    """The identity that the token proves, or proved until `late_seconds` ago at most. Raises IdentityError."""
    if secret is None:
        raise IdentityError("identity tokens are switched off: set KEFU_IDENTITY_SECRET")
    try:
        claims = jwt.decode(
            token,
            secret,
            algorithms=["HS256"],
            leeway=CLOCK_SKEW_SECONDS + late_seconds,
            options={"require": ["exp", "sub"]},
        )
    except (jwt.PyJWTError, ValueError) as error:
        raise IdentityError(f"the identity token is refused: {error}") from None
    if claims["exp"] > time.time() + LONGEST_LIFE_SECONDS + CLOCK_SKEW_SECONDS:
        raise IdentityError("the identity token lives longer than one hour: let it expire sooner")
    if not claims["sub"].strip():
        raise IdentityError("the identity token names nobody: put the customer's id or e-mail into sub")
    return Identity(claims["sub"].strip(), float(claims["exp"]))


def sign(subject: str, secret: str, life_seconds: int = 900) -> str:
    """An identity token, as the shop's server would make it (the demo storefront and tests do)."""
    return jwt.encode({"sub": subject, "exp": int(time.time()) + life_seconds}, secret, algorithm="HS256")


def new_session(secret: str) -> str:
    return _sealed(secrets.token_urlsafe(18), secret)


def session_sender(session: str, secret: str) -> str | None:
    """The sender id of a genuine session, else None."""
    sender_id = session.rpartition(".")[0]
    return sender_id if sender_id and hmac.compare_digest(_sealed(sender_id, secret), session) else None


def _sealed(sender_id: str, secret: str) -> str:
    signature = hmac.new(secret.encode(), sender_id.encode("utf-8", "replace"), hashlib.sha256).hexdigest()
    return f"{sender_id}.{signature[:40]}"
