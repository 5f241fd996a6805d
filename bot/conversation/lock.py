"""One turn at a time per conversation: an asyncio lock within the process, an advisory lock of PostgreSQL between them.

SQLite needs none between processes: it serves one.
"""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from sqlalchemy import Connection, text

_ADVISORY = text("SELECT pg_advisory_xact_lock(hashtextextended(:conversation_id, 0))")


class ConversationLocks:
    """Locks by conversation id, each kept only while somebody holds or waits for it. First come, first served."""

    def __init__(self) -> None:
        self._locks: dict[str, asyncio.Lock] = {}
        self._users: dict[str, int] = {}

    @asynccontextmanager
    async def hold(self, conversation_id: str) -> AsyncIterator[None]:
        lock = self._locks.setdefault(conversation_id, asyncio.Lock())
        self._users[conversation_id] = self._users.get(conversation_id, 0) + 1
        try:
            async with lock:
                yield
        finally:
            self._users[conversation_id] -= 1
            if not self._users[conversation_id]:
                del self._users[conversation_id], self._locks[conversation_id]

    def __len__(self) -> int:
        """Conversations with a turn running or waiting."""
        return len(self._locks)


def lock_across_processes(connection: Connection, conversation_id: str) -> None:
    """Wait for the other processes' turns of this conversation; released by the end of the transaction."""
    if connection.dialect.name == "postgresql":
        connection.execute(_ADVISORY, {"conversation_id": conversation_id})
