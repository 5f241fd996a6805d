"""Short work on the database, off the event loop."""

import asyncio
from collections.abc import Callable
from typing import TypeVar

from sqlalchemy import Connection

from bot.conversation.group_commit import GroupCommit
from bot.database import Database

T = TypeVar("T")


class OffLoop:
    """`commits`: the writes of others that these are committed along with."""

    def __init__(self, database: Database, commits: GroupCommit | None = None) -> None:
        self._database = database
        self._commits = commits

    async def read(self, read: Callable[[Connection], T]) -> T:
        def work() -> T:
            with self._database.read() as connection:
                return read(connection)

        return await asyncio.to_thread(work)

    async def write(self, write: Callable[[Connection], T]) -> T:
        """In one transaction, committed when this returns."""

        def work() -> T:
            if self._commits:
                return self._commits.run(write)
            with self._database.writing() as connection:
                result = write(connection)
                connection.commit()
                return result

        return await asyncio.to_thread(work)
