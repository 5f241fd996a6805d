"""One turn at a time per conversation: an asyncio lock within the process, an advisory lock of PostgreSQL between them.

SQLite is for one process. Were there two, the version that each turn checks would still keep them right (the later one
does its turn again).
"""

import asyncio
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager

from sqlalchemy import text

from bot.database import Database

_LOCK = text("SELECT pg_advisory_lock(hashtextextended(:conversation_id, 0))")
_UNLOCK = text("SELECT pg_advisory_unlock(hashtextextended(:conversation_id, 0))")


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


@contextmanager
def locked_across_processes(database: Database, conversation_id: str) -> Iterator[None]:
    """Wait for the other processes' turns of this conversation, and let them wait for the block.

    It holds a connection of its own and no transaction, however long an action takes.
    """
    if database.is_sqlite:
        yield
        return
    with database.engine.connect() as connection:
        connection.execute(_LOCK, {"conversation_id": conversation_id})
        connection.commit()  # the lock is the connection's and stays
        try:
            yield
        finally:
            connection.execute(_UNLOCK, {"conversation_id": conversation_id})
            connection.commit()
