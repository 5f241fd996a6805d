"""Turns make room while deliveries come, and take it again."""

import asyncio

import pytest

from bot.messaging import room
from bot.messaging.room import Room


async def stored(place: Room, seconds: float = 0.0) -> None:
    with place.storing():
        await asyncio.sleep(seconds)


async def test_no_more_turns_run_at_once_than_there_is_room_for() -> None:
    place, running, most = Room(3), 0, 0

    async def turn() -> None:
        nonlocal running, most
        async with place.turning():
            running += 1
            most = max(most, running)
            await asyncio.sleep(0.01)
            running -= 1

    await asyncio.gather(*(turn() for _ in range(12)))
    assert most == place.limit == 2 and running == 0


async def test_slow_deliveries_halve_the_room_down_to_one_and_quick_ones_give_it_back(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(room, "SLOW_SECONDS", 0.5)
    place = Room(4)
    for _ in range(100):
        await stored(place)
    assert place.limit == 4
    monkeypatch.setattr(room, "SLOW_SECONDS", 0.0)
    limits = []
    for _ in range(4):
        await stored(place, 0.001)
        limits.append(place.limit)
    assert limits == [2, 1, 1, 1]


async def test_a_delivery_that_fails_leaves_the_room_as_it_was() -> None:
    place = Room(4)
    with pytest.raises(ValueError, match="no"), place.storing():
        raise ValueError("no")
    assert place.limit == 2
