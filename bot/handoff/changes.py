"""The turns, as far as handoffs need them: changes between two of them, and work in a thread."""

from collections.abc import Callable
from typing import Any, Protocol, TypeVar

from bot.database import UnitOfWork

T = TypeVar("T")


class Changes(Protocol):
    async def change(self, conversation_id: str, work: Callable[[UnitOfWork], T]) -> T: ...

    async def run(self, work: Callable[..., T], *args: Any) -> T: ...
