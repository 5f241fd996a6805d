"""Who is signed in to a conversation, and for how long: what the shop's token said, and a while longer."""

from dataclasses import dataclass

from bot.conversation.inbox import Waiting

SIGNED_AS, SIGNED_UNTIL = "signed_as", "signed_until"
"""What a channel that has verified a token writes into a message's metadata: its subject, and when it expires."""

GRACE_SECONDS = 3600.0
"""A conversation that goes on after its token expired is not torn apart; who comes back later proves it again."""


@dataclass(frozen=True)
class Signature:
    subject: str | None
    until: float | None


def signature_of(waiting: Waiting) -> Signature:
    """Who has signed when this message is answered: whom it states, else the one before while that still holds."""
    stated, said_at = waiting.message.metadata, waiting.message.received_at.timestamp()
    if SIGNED_AS in stated:
        subject = stated[SIGNED_AS]
        return Signature(subject, stated.get(SIGNED_UNTIL, said_at) if subject else None)
    if said_at > (waiting.signed_until or 0) + GRACE_SECONDS:
        return Signature(None, None)
    return Signature(waiting.signed_as, waiting.signed_until)
