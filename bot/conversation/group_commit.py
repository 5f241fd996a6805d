"""Many small writes, one fsync.

A commit waits for the disk; while one does, the writers behind it gather, and the first of them to get the lock writes
for all. Alone, a writer pays nothing for it. Each write is a savepoint: one that fails takes only itself back.

So on SQLite. PostgreSQL groups commits itself, and two processes whose groups held the same conversations in another
order would wait for each other: there every write is a transaction of its own.
"""

import threading
from collections import deque
from collections.abc import Callable
from concurrent.futures import Future
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from typing import Any, TypeVar

from sqlalchemy import Connection

from bot.database import Database

T = TypeVar("T")
Write = Callable[[Connection], T]


@dataclass(frozen=True)
class Job:
    write: Write[Any]
    result: Future[Any] = field(default_factory=Future)


class GroupCommit:
    """`around` wraps every commit of a group: what is to be written along, once a transaction."""

    def __init__(self, database: Database, around: Callable[[Connection], AbstractContextManager[None]]) -> None:
        self._database = database
        self._around = around
        self._waiting: deque[Job] = deque()
        self._turnstile = threading.Lock()

    def run(self, write: Write[T]) -> T:
        """Run the write and commit. Returns what it returns, raises what it raises; then nothing of it is kept.

        Not for a thread that has a write transaction open already.
        """
        if not self._database.is_sqlite:
            return self._write_alone(write)
        job = Job(write)
        self._waiting.append(job)
        with self._turnstile, self._database.write_lock:
            if not job.result.done():
                self._write_all()
        result: T = job.result.result()
        return result

    def _write_alone(self, write: Write[T]) -> T:
        with self._database.writing() as connection:
            result = write(connection)
            connection.commit()
        return result

    def _write_all(self) -> None:
        jobs = [self._waiting.popleft() for _ in range(len(self._waiting))]
        try:
            with self._database.writing() as connection:
                write = _attempt if len(jobs) > 1 else _alone
                outcomes = [write(connection, job.write) for job in jobs]
                with self._around(connection):
                    connection.commit()
        except Exception as error:  # nothing was committed, and everybody who waits must hear of it
            outcomes = [(None, error)] * len(jobs)
        for job, (value, problem) in zip(jobs, outcomes, strict=True):
            if problem:
                job.result.set_exception(problem)
            else:
                job.result.set_result(value)


def _alone(connection: Connection, write: Write[Any]) -> tuple[Any, Exception | None]:
    return write(connection), None


def _attempt(connection: Connection, write: Write[Any]) -> tuple[Any, Exception | None]:
    try:
        with connection.begin_nested():
            return write(connection), None
    except Exception as error:  # it is the writer's, who gets it from `run`
        return None, error
