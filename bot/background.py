"""What a serving process does beside answering, again and again. None of these loops ends with one failure."""

import asyncio
import logging
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from bot.handoff.keeping import QueueKeeper
from bot.helpdesks.telling import Telling
from bot.memory import give_back
from bot.messaging.delivery import Delivery
from bot.turn import Turns

log = logging.getLogger("kefu")

SWEEP_SECONDS = 5.0
FLUSH_SECONDS = 0.5
DELIVER_SECONDS = 1.0
REFRESH_SECONDS = 60.0
SWAP_SECONDS = 2.0
QUEUE_SECONDS = 1.0
COUNT_SECONDS = 20.0
TELL_SECONDS = 0.5


async def sweep(turns: Turns) -> None:
    """Answer what this process, or one that died, accepted and did not answer."""
    found = await turns.recover()
    log.info("started", extra={"recovered_conversations": found})
    while True:
        await asyncio.sleep(SWEEP_SECONDS)
        with going_on("sweep"):
            await turns.recover(older_than_seconds=SWEEP_SECONDS)


async def refresh(read_again: Callable[[], bool]) -> None:
    while True:
        await asyncio.sleep(REFRESH_SECONDS)
        with going_on("refresh"):
            if await asyncio.to_thread(read_again):
                log.info("the shop's catalogue or policy has changed")


async def swap(take_up: Callable[[], bool]) -> None:
    """Take up what is promoted. Memory is given back at the next look: until then a turn may use the old model."""
    has_swapped = False
    while True:
        await asyncio.sleep(SWAP_SECONDS)
        with going_on("model swap"):
            if has_swapped:
                await asyncio.to_thread(give_back)
            has_swapped = await asyncio.to_thread(take_up)


async def flush(turns: Turns) -> None:
    while True:
        await asyncio.sleep(FLUSH_SECONDS)
        with going_on("flush"):
            await turns.flush()


async def deliver(delivery: Delivery) -> None:
    """Send to messaging channels what is due and nobody was woken for."""
    while True:
        with going_on("delivery"):
            await delivery.sweep()
        await asyncio.sleep(DELIVER_SECONDS)


async def count(catch_up: Callable[[], int]) -> None:
    """Keep what analytics reads up to date."""
    while True:
        with going_on("counting"):
            await asyncio.to_thread(catch_up)
        await asyncio.sleep(COUNT_SECONDS)


async def tell(telling: Telling) -> None:
    """Tell another system of what is handed to its people."""
    while True:
        await asyncio.sleep(TELL_SECONDS)
        with going_on("handing over"):
            await telling.round()


async def keep_queue(keeper: QueueKeeper) -> None:
    """Offer what waits for a person, let offers lapse, wake what is snoozed."""
    while True:
        await asyncio.sleep(QUEUE_SECONDS)
        with going_on("keep_queue"):
            await keeper.round()


@contextmanager
def going_on(name: str) -> Iterator[None]:
    """A loop that must not end with one failure, such as a database that is away for a moment."""
    try:
        yield
    except Exception as error:
        log.warning("%s failed and will be tried again: %s", name, type(error).__name__)
