"""The consoles' WebSocket. What crosses it is in docs/console.md."""

import asyncio
from contextlib import suppress

from fastapi import APIRouter, WebSocket, WebSocketDisconnect

from bot.console.live.connection import BAD_FRAME, SIGNED_OUT, Connection, Door

FOREIGN = 1008


def router(door: Door) -> APIRouter:
    routes = APIRouter()

    @routes.websocket("/console/api/live")
    async def live(socket: WebSocket) -> None:
        origin, access = socket.headers.get("origin"), door.access
        if origin is not None and not access.is_own(origin, socket.headers.get("host")):
            await socket.close(FOREIGN)
            return
        session = await asyncio.to_thread(access.session_of, socket)
        await socket.accept()
        if session is None or session.must_change_password:
            await socket.close(SIGNED_OUT)
            return
        with suppress(WebSocketDisconnect, RuntimeError):
            await Connection(socket, door, session).serve()
        with suppress(WebSocketDisconnect, RuntimeError):  # where it is closed already
            await socket.close(BAD_FRAME)

    return routes
