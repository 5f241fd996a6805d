"""Why a part of a message could not be sent. The reason is kept with the line; it never holds a customer's words."""

import re

WHOM = re.compile(r"[^\s<>\"',;:()]+@[^\s<>\"',;:()]+|\+\d[\d ()-]{5,}\d|\d{10,}")
"""What looks like an address or a telephone number."""


class SendError(Exception):
    """`reason` is a short code or sentence of ours or the platform's, without whom it was for."""

    def __init__(self, reason: str) -> None:
        self.reason = WHOM.sub("…", reason)
        super().__init__(self.reason)


class Rejected(SendError):
    """The platform will never take it: a wrong token, a customer who blocked the bot, a malformed message."""


class NotNow(SendError):
    """The platform did not take it, but may do so later. `retry_after_seconds`: where it said when.

    `whole_channel`: nobody else's message would be taken either, so none is tried until then. None where the platform
    does not say whom it means: of one person it is theirs, of two at a time everybody's.
    """

    def __init__(
        self, reason: str, retry_after_seconds: float | None = None, whole_channel: bool | None = False
    ) -> None:
        super().__init__(reason)
        self.retry_after_seconds = retry_after_seconds
        self.whole_channel = whole_channel


class Uncertain(SendError):
    """It may have arrived: the connection broke, or nothing came back, after it had been handed over."""
