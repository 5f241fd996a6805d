"""How often one address is answered: so that two machines that answer each other come to rest."""

import time
from collections import deque

HOUR = 3600.0
FORGET_AT = 10_000
"""Addresses that are kept in mind, before those are dropped that have been quiet for an hour."""


class Restraint:
    """Counts the mails that are answered, not those that answer them; each process for itself."""

    def __init__(self, per_hour: int) -> None:
        self._per_hour = per_hour
        self._answered: dict[str, deque[tuple[float, str]]] = {}

    def allows(self, address: str, message_id: str) -> bool:
        """Whether this mail of theirs may be answered. A mail that was allowed once stays allowed."""
        now = time.monotonic()
        self._forget(now)
        answered = self._answered.setdefault(address, deque())
        while answered and answered[0][0] <= now - HOUR:
            answered.popleft()
        if any(known == message_id for _, known in answered):
            return True
        if len(answered) >= self._per_hour:
            return False
        answered.append((now, message_id))
        return True

    def _forget(self, now: float) -> None:
        if len(self._answered) > FORGET_AT:
            self._answered = {name: seen for name, seen in self._answered.items() if seen and seen[-1][0] > now - HOUR}
