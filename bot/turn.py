"""A message's whole journey, on one page. Read this file first.

    accept      store it in the inbox: one small commit; from here nothing is lost
    finish      one turn at a time per conversation, oldest message first
      parse       what does it mean?                              no lock, no transaction
      decide      what to do about it?                            actions read; one that writes locks first
      commit      events, tracker, decision, shop writes, replies and "answered": all or nothing
    deliver     the channel sends what was committed; the outbox notes that it did

`accept` and `finish` are asyncio; everything between them runs in a worker thread. Killed anywhere, `recover` goes on
from the inbox: before the commit nothing had happened, after it everything had.

Turns have threads of their own, so that slow ones (an action server that takes its time) never keep a message from
being stored, nor a widget from reading.
"""

import asyncio
import logging
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextvars import ContextVar
from dataclasses import replace
from typing import ParamSpec, Protocol, TypeVar

from sqlalchemy import Connection
from sqlalchemy.orm import Session

from bot.answer import APOLOGY, Answer
from bot.conversation import inbox, outbox
from bot.conversation.events import Event, paused, restarted, slot_signed
from bot.conversation.group_commit import GroupCommit
from bot.conversation.inbox import Accepted, Waiting
from bot.conversation.lock import ConversationLocks, locked_across_processes
from bot.conversation.outbox import Line, SentLines
from bot.conversation.schema import Owner
from bot.conversation.signing import signature_of
from bot.conversation.tracker import Tracker
from bot.conversation.tracker_store import Change, StaleConversation, TrackerStore, save
from bot.database import Database, UnitOfWork
from bot.dialogue.engine import TurnOutcome
from bot.handoff.following import Handoffs, Turned
from bot.messages import UserMessage
from nlu.types import Language, Understanding

log = logging.getLogger("kefu.turn")

current_unit: ContextVar[UnitOfWork] = ContextVar("current_unit")
"""The unit of work of the turn that runs in this thread: the actions' door to the shop."""

T = TypeVar("T")
P = ParamSpec("P")

STALE_RETRIES = 20
DESK_THREADS = 8
"""For all that is not a turn: storing messages, reading for widgets and operators."""


def owner_after(owner: Owner, tracker: Tracker) -> Owner:
    """Who owns the conversation after the turn: paused means a person, waiting in the queue until one takes it."""
    if not tracker.paused:
        return "bot"
    if tracker.with_person:
        return "agent"
    return "queue" if owner == "bot" else owner


Parse = Callable[[UserMessage, Language | None], Understanding]
"""What a message means; the second argument is the language of the conversation so far."""


class Engine(Protocol):
    """The dialogue engine, as a turn sees it."""

    def handle(self, tracker: Tracker, understanding: Understanding, message: UserMessage) -> TurnOutcome: ...


class Observer(Protocol):
    """Is told about finished turns, for the metrics."""

    def turn_finished(self, channel: str, seconds: float, outcome: str) -> None: ...


class Turns:
    """All the journeys of this process. Build it in assembly.py; `close` when no more messages come."""

    def __init__(
        self,
        database: Database,
        parse: Parse,
        engine: Engine,
        trackers: TrackerStore[Tracker],
        find_customer: Callable[[Session, str], str | None],
        on_change: Callable[[str], None] = lambda _conversation_id: None,
        observer: Observer | None = None,
        threads: int = 16,
        *,
        handoffs: Handoffs,
    ) -> None:
        self.database = database
        self.trackers = trackers
        self._parse = parse
        self._engine = engine
        self._find_customer = find_customer
        self._on_change = on_change
        self._observer = observer
        self.handoffs = handoffs
        self._locks = ConversationLocks()
        self._threads = threads
        self._turning = 0
        self._turn_pool = ThreadPoolExecutor(threads, thread_name_prefix="turn")
        self._desk = ThreadPoolExecutor(DESK_THREADS, thread_name_prefix="desk")
        self._sent = SentLines()
        self._commits = GroupCommit(database, self._sent.storing)
        self._doors = ConversationLocks()

    @property
    def commits(self) -> GroupCommit:
        """For other short writes, so that one wait for the disk serves all."""
        return self._commits

    # ---- the journey, asyncio side ----

    async def receive(self, message: UserMessage, catch_up: bool = False) -> list[Line]:
        """Accept and finish in one go. A repeated message id gets the replies of the first, also while that runs.

        `catch_up`: the lines before it that nobody has fetched come first.
        """
        if self._turning >= self._threads:  # stored at once all the same
            return await self.finish(await self.accept(message), catch_up)
        async with self._doors.hold(message.conversation_id), self._locks.hold(message.conversation_id):
            lines = await self._in_turn(self._receive, message, catch_up)
        self._on_change(message.conversation_id)
        return lines

    async def accept(self, message: UserMessage) -> Accepted:
        """Store the message. When this returns, its answer will come, whatever happens to this process."""
        async with self._doors.hold(message.conversation_id):  # stored in the order in which they came
            accepted = await self.run(self._store, message)
        if accepted.is_new:
            self._on_change(accepted.conversation_id)
        return accepted

    async def finish(self, accepted: Accepted, catch_up: bool = False) -> list[Line]:
        """The replies to an accepted message, once they are committed."""
        if accepted.is_done:
            return await self.run(self._finish, accepted, catch_up)
        async with self._locks.hold(accepted.conversation_id):
            lines = await self._in_turn(self._finish, accepted, catch_up)
        self._on_change(accepted.conversation_id)
        return lines

    async def recover(self, older_than_seconds: float = 0) -> int:
        """Answer what was accepted and never answered; returns the number of conversations that had such messages."""
        waiting = await self.run(self._unfinished, time.time() - older_than_seconds)
        await asyncio.gather(*(self._drain(conversation_id) for conversation_id in waiting))
        return len(waiting)

    async def change(self, conversation_id: str, work: Callable[[UnitOfWork], T]) -> T:
        """Run an operator's change to a conversation between its turns, in one transaction, committed at its end."""
        async with self._locks.hold(conversation_id):
            result = await self._in_turn(self._change, conversation_id, work)
        self._on_change(conversation_id)
        return result

    async def run(self, work: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
        """Run short blocking work in a thread that no turn holds."""
        return await asyncio.get_running_loop().run_in_executor(self._desk, lambda: work(*args, **kwargs))

    def sent(self, lines: Sequence[Line]) -> None:
        """Note that the channel has sent these; stored by `flush` soon after, on SQLite already by the next commit."""
        self._sent.add([line.outbox_id for line in lines if line.outbox_id is not None and not line.is_delivered])

    async def flush(self) -> None:
        if self._sent:
            await self.run(self._flush)
        for conversation_id in self._sent.take_noted():
            self._on_change(outbox.NOTED + conversation_id)

    async def close(self) -> None:
        """Let running turns end, store what was sent, stop the threads."""
        while len(self._locks):
            await asyncio.sleep(0.02)
        await self.flush()
        self._turn_pool.shutdown()
        self._desk.shutdown()

    async def _drain(self, conversation_id: str) -> None:
        async with self._locks.hold(conversation_id):
            await self._in_turn(self._answer_until, conversation_id, None)
        self._on_change(conversation_id)

    async def _in_turn(self, work: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
        self._turning += 1
        try:
            return await asyncio.get_running_loop().run_in_executor(self._turn_pool, lambda: work(*args, **kwargs))
        finally:
            self._turning -= 1

    # ---- the journey, thread side ----

    def _store(self, message: UserMessage) -> Accepted:
        return self._commits.run(lambda connection: inbox.store(connection, message))

    def _receive(self, message: UserMessage, catch_up: bool) -> list[Line]:
        return self._finish(self._store(message), catch_up)

    def _finish(self, accepted: Accepted, catch_up: bool) -> list[Line]:
        if accepted.is_done:
            lines = self._replies(accepted.inbox_id)
        else:
            lines = self._answer_until(accepted.conversation_id, accepted.inbox_id)
        return [*self._missed(accepted.conversation_id, lines), *lines] if catch_up else lines

    def _missed(self, conversation_id: str, lines: Sequence[Line]) -> list[Line]:
        """What nobody has fetched before these lines. Another process may not have stored yet that it sent some."""
        settled = time.time() - (0 if self.database.is_sqlite else outbox.NOTED_WITHIN_SECONDS)
        with self.database.read() as connection:
            return outbox.missed(connection, conversation_id, lines, settled)

    def _answer_until(self, conversation_id: str, inbox_id: int | None) -> list[Line]:
        """Answer the conversation's messages, oldest first, up to `inbox_id` (None: all of them)."""
        with locked_across_processes(self.database, conversation_id):
            while (answered := self._answer_oldest(conversation_id)) is not None:
                if answered[0] == inbox_id:
                    return answered[1]
        return self._replies(inbox_id) if inbox_id is not None else []

    def _answer_oldest(self, conversation_id: str) -> tuple[int, list[Line]] | None:
        """One turn. None when no message waits. A turn that fails is tried again, then answered with an apology."""
        for _ in range(STALE_RETRIES):
            waiting: Waiting | None = None
            started = time.perf_counter()
            with UnitOfWork(self.database) as unit:
                try:
                    waiting = self._oldest(conversation_id)
                    if waiting is None:
                        return None
                    lines = self._answer(unit, waiting)
                    self._observe(waiting, started, "answered")
                    return waiting.inbox_id, lines
                except StaleConversation:
                    continue
                except Exception as error:
                    if waiting is None:
                        raise
                    unit.close()
                    log.exception("turn failed", extra={"conversation": conversation_id, "inbox_id": waiting.inbox_id})
                    failure = type(error).__name__  # its words may hold what a customer wrote
            if self._failed_for_good(waiting, failure):
                with UnitOfWork(self.database) as unit:
                    lines = self._apologise(unit, waiting)
                self._observe(waiting, started, "dead")
                return waiting.inbox_id, lines
        raise StaleConversation(conversation_id)

    def _oldest(self, conversation_id: str) -> Waiting | None:
        with self.database.read() as connection:
            return inbox.oldest(connection, conversation_id)

    def _answer(self, unit: UnitOfWork, waiting: Waiting) -> list[Line]:
        tracker = self._tracker(waiting)
        before = (*self._recognise(unit, waiting, tracker), *self.handoffs.reopened(tracker))
        if problem := waiting.message.metadata.get("problem"):
            unread = Answer.unreadable(waiting, tracker, problem)
            answer = replace(unread, events=(*before, *unread.events))
            return self._commit(unit, waiting, tracker, self.handoffs.complete(waiting.owner, tracker, answer))
        understanding = self._parse(waiting.message, tracker.slot("language"))
        token = current_unit.set(unit)
        try:
            outcome = self._engine.handle(tracker, understanding, waiting.message)
        finally:
            current_unit.reset(token)
        answer = Answer((*before, *outcome.events), outcome.messages, outcome.decision)
        return self._commit(unit, waiting, tracker, self.handoffs.complete(waiting.owner, tracker, answer))

    def _tracker(self, waiting: Waiting) -> Tracker:
        conversation_id = waiting.message.conversation_id
        if known := self.trackers.take(conversation_id, waiting.version):
            return known
        with self.database.read() as connection:
            return self.trackers.read(connection, conversation_id)

    def _recognise(self, unit: UnitOfWork, waiting: Waiting, tracker: Tracker) -> Sequence[Event]:
        """What a newly signed identity, another one, signing out or a lapsed proof does to the conversation."""
        subject = signature_of(waiting).subject
        if subject == waiting.signed_as:
            return ()
        at = time.time()
        happened = [restarted(at)] if waiting.signed_as else []
        if happened and tracker.paused:  # a person owns the conversation, whoever is signed in
            happened.append({**paused(at), "by": tracker.with_person})
        if subject:
            customer_id = self._find_customer(unit.session, subject)
            happened.append(slot_signed("customer_id", customer_id, at))
            happened.append(slot_signed("is_signed", customer_id is not None, at))
        tracker.apply_all(happened)
        return happened

    def _commit(
        self, unit: UnitOfWork, waiting: Waiting, tracker: Tracker, answer: Answer, status: str = "done"
    ) -> list[Line]:
        """The one commit of the turn. Raises StaleConversation when the conversation was changed meanwhile."""
        now = time.time()
        owner, signature = owner_after(waiting.owner, tracker), signature_of(waiting)
        change = Change(
            conversation_id=waiting.message.conversation_id,
            version=waiting.version,
            turn=tracker.turn_number,
            messages=len(answer.messages),
            owner=owner,
            is_moved=owner != waiting.owner,
            language=tracker.slot("language"),
            customer_id=tracker.slot("customer_id"),
            signed_as=signature.subject,
            signed_until=signature.until,
            events=answer.events,
            decision=answer.decision,
        )

        def write(connection: Connection) -> list[Line]:
            last_seq, epoch = save(connection, change, tracker, now)
            if not inbox.finish(connection, waiting.inbox_id, tracker.turn_number, status):
                raise StaleConversation(change.conversation_id)
            first_seq = last_seq - len(answer.messages) + 1
            batch = outbox.Batch(change.conversation_id, answer.messages, first_seq, epoch, waiting.inbox_id)
            lines = outbox.put(connection, batch, now)
            if change.is_moved:
                outbox.refuse_outdated(connection, change.conversation_id)
            if self.handoffs.concerns(waiting.owner, tracker, answer.events):
                self.handoffs.follow(connection, Turned(tracker, epoch))
            return lines

        if unit.is_writing:
            lines = write(unit.connection)
            unit.commit()
        else:
            unit.close()
            lines = self._commits.run(write)
        self.trackers.keep(change.conversation_id, change.version + 1, tracker)
        return lines

    def _failed_for_good(self, waiting: Waiting, failure: str) -> bool:
        count = self._commits.run(lambda connection: inbox.record_failure(connection, waiting.inbox_id, failure))
        return count >= inbox.MAX_ATTEMPTS

    def _apologise(self, unit: UnitOfWork, waiting: Waiting) -> list[Line]:
        """The dead letter: the customer hears that it went wrong, and a person is called to look after them."""
        tracker = self._tracker(waiting)
        answer = self.handoffs.rescue(unit, waiting, tracker)
        return self._commit(unit, waiting, tracker, answer or Answer.without_engine(waiting, tracker, APOLOGY), "dead")

    def _replies(self, inbox_id: int) -> list[Line]:
        with self.database.read() as connection:
            return outbox.replies(connection, inbox_id)

    def _unfinished(self, before: float) -> Sequence[str]:
        with self.database.read() as connection:
            return inbox.unfinished(connection, before)

    def _change(self, conversation_id: str, work: Callable[[UnitOfWork], T]) -> T:
        with locked_across_processes(self.database, conversation_id), UnitOfWork(self.database) as unit:
            result = work(unit)
            unit.commit()
            return result

    def _flush(self) -> None:
        with self.database.writing() as connection, self._sent.storing(connection):
            connection.commit()

    def _observe(self, waiting: Waiting, started: float, outcome: str) -> None:
        if self._observer:
            self._observer.turn_finished(waiting.message.channel, time.perf_counter() - started, outcome)
