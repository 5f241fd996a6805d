"""Profile 360 for the shop's people. Needs the API token; without one set, none of this exists.

GET  /api/customers/{id}?language=en       everything the shop knows and the models say about one customer
WS   /api/customers/{id}/changes           {"type": "changed", "parts": ["orders", …]} whenever that changes

Every look is written down in the audit, with the name that the header `X-Operator` gives. A browser, which cannot set
headers on a WebSocket, hands the token over as a subprotocol: `new WebSocket(url, ["kefu", token])`.
"""

import asyncio
import hmac
import re
import secrets
from collections.abc import Mapping
from contextlib import suppress
from datetime import UTC, datetime
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Depends, Header, WebSocket, WebSocketDisconnect
from pydantic import SecretStr

from bot.console.access import require
from bot.console.profile_view import ProfileView
from bot.database import Database
from bot.problem import Problem
from knowledge.profiles.reading import VIEWED, profile_stamps
from knowledge.shop.schema import AuditRow

LOOK_SECONDS = 1.0
"""How often a watched profile is looked at. The stamps cost a fraction of a millisecond, and any process may write."""
PROTOCOL = "kefu"
REFUSED = 1008
NAME = r"^[\w.@ -]{0,200}$"
Operator = Annotated[str, Header(alias="X-Operator", pattern=NAME)]


def router(database: Database, view: ProfileView, token: SecretStr, look_seconds: float = LOOK_SECONDS) -> APIRouter:
    routes = APIRouter(tags=["customers"])
    door = Door(database, view)

    @routes.get("/api/customers/{customer_id}", summary="Profile 360", dependencies=[Depends(require(token))])
    def profile(customer_id: str, language: Literal["en", "zh"] = "en", operator: Operator = "") -> dict[str, Any]:
        return door.look(customer_id, language, operator)

    @routes.websocket("/api/customers/{customer_id}/changes")
    async def changes(socket: WebSocket, customer_id: str) -> None:
        operator = socket.headers.get("x-operator", "")
        if not _holds(socket.headers, token) or not re.match(NAME, operator):
            await socket.close(REFUSED, "Send the token, and as X-Operator a name.")
            return
        await socket.accept(PROTOCOL if "sec-websocket-protocol" in socket.headers else None)
        with suppress(WebSocketDisconnect, RuntimeError):
            await _watch(socket, door, customer_id, operator, look_seconds)

    return routes


class Door:
    """Looks at profiles, in the caller's thread."""

    def __init__(self, database: Database, view: ProfileView) -> None:
        self._database = database
        self._view = view

    def look(self, customer_id: str, language: Literal["en", "zh"], operator: str) -> dict[str, Any]:
        """Raises Problem 404 for an id that is nobody's."""
        with self._database.read_session() as session:
            found = self._view.of(session, customer_id, language)
        if found is None:
            raise unknown(customer_id)
        self.write_down(customer_id, operator)
        return found

    def write_down(self, customer_id: str, operator: str) -> None:
        """Who looked at whom, when."""
        look = AuditRow(
            at=datetime.now(UTC),
            actor=f"agent:{operator or 'token'}",
            operation=VIEWED,
            customer_id=customer_id,
            order_number=None,
            key=f"{VIEWED}:{secrets.token_hex(8)}",
            details={},
        )
        with self._database.transaction() as session:
            session.add(look)

    def stamps(self, customer_id: str) -> dict[str, Any]:
        with self._database.read_session() as session:
            return profile_stamps(session, customer_id)


def unknown(customer_id: str) -> Problem:
    return Problem(404, "Not found", f"There is no customer {customer_id}.")


def _holds(headers: Mapping[str, str], token: SecretStr) -> bool:
    """Whether the token came, as a header or as the second subprotocol."""
    bearer = headers.get("authorization", "").removeprefix("Bearer ")
    offered = [part.strip() for part in headers.get("sec-websocket-protocol", "").split(",")]
    given = offered[1] if offered[0] == PROTOCOL and len(offered) == 2 else bearer
    return hmac.compare_digest(given.encode(), token.get_secret_value().encode())


async def _watch(socket: WebSocket, door: Door, customer_id: str, operator: str, look_seconds: float) -> None:
    """Tell of every change until the other side leaves or the customer is gone."""
    before = await asyncio.to_thread(door.stamps, customer_id)
    if not before:
        await socket.send_json({"type": "error", **unknown(customer_id).body()})
        await socket.close()
        return
    await asyncio.to_thread(door.write_down, customer_id, operator)
    await socket.send_json({"type": "watching", "customer_id": customer_id})
    leaving = asyncio.create_task(_until_it_leaves(socket))
    try:
        while before and not leaving.done():
            await asyncio.wait([leaving], timeout=look_seconds)
            now = await asyncio.to_thread(door.stamps, customer_id)
            if parts := [part for part in before if before[part] != now.get(part)]:
                await socket.send_json({"type": "changed" if now else "erased", "parts": parts})
            before = now
        await socket.close()
    finally:
        leaving.cancel()


async def _until_it_leaves(socket: WebSocket) -> None:
    with suppress(WebSocketDisconnect, RuntimeError):
        while True:
            await socket.receive_text()
