"""Files of conversations: what customers upload in the widget, and what anybody with a signed address may fetch.

    POST /webhooks/web/files     the bytes; x-kefu-session says whose they are, x-file-name is percent-encoded
                                 → {"id", "kind", "name", "media_type", "size"}; the id goes into a message's `files`
    GET  /attachments/{id}       the bytes, for three days

An upload belongs to nobody's message until one of the same session names it; after a day without, it is gone.
"""

import time
from dataclasses import dataclass
from urllib.parse import unquote

from fastapi import APIRouter, Request, Response
from fastapi.concurrency import run_in_threadpool
from fastapi.responses import JSONResponse

from bot.channels.web import NAME, allowed_origin
from bot.console import problems
from bot.conversation import attachments, inbox
from bot.conversation.attachments import File, Kept
from bot.database import Database
from bot.identity import session_sender
from bot.messaging.fetching import Terms
from bot.messaging.links import Links
from bot.messaging.media import MEGABYTE, NotTaken, inspected, safe_headers
from bot.problem import Problem
from bot.settings import Settings

SESSION, FILE_NAME = "x-kefu-session", "x-file-name"
UPLOADS_A_DAY, MEGABYTES_A_DAY = 30, 100
"""Of one conversation."""
DAY_SECONDS = 86_400


@dataclass(frozen=True)
class Shelf:
    """What the routes are handed."""

    database: Database
    settings: Settings
    session_secret: str
    links: Links
    terms: Terms


def router(shelf: Shelf) -> APIRouter:
    routes = APIRouter(tags=["attachments"])

    @routes.options("/webhooks/web/files", include_in_schema=False)
    async def preflight(request: Request) -> Response:
        allowed = {"access-control-allow-headers": f"content-type, {SESSION}, {FILE_NAME}"}
        return Response(status_code=204, headers={**shared_with(request, shelf.settings), **allowed})

    @routes.post("/webhooks/web/files", summary="Upload a file in the widget", include_in_schema=False)
    async def upload(request: Request) -> Response:
        try:
            kept = await take(shelf, request)
        except Problem as problem:
            answer = problems.answer(problem)
        else:
            answer = JSONResponse(told(kept))
        answer.headers.update(shared_with(request, shelf.settings))
        return answer

    @routes.get("/attachments/{number}", summary="A file, by its signed address", response_class=Response)
    def fetch(number: int, until: str = "", signature: str = "") -> Response:
        if not shelf.links.is_good(number, until, signature, time.time()):
            raise Problem(404, "No such file", "This address is not one of Kefu's, or its three days are over.")
        with shelf.database.read() as connection:
            opened = attachments.open_attachment(connection, number)
        if opened is None:
            raise Problem(404, "No such file", "The file is not there any more.")
        return Response(
            opened.content, headers={**safe_headers(opened), "cross-origin-resource-policy": "cross-origin"}
        )

    return routes


async def take(shelf: Shelf, request: Request) -> Kept:
    """Keep the file in a request. Raises Problem: 401, 413, 415, 429."""
    sender_id = session_sender(request.headers.get(SESSION, ""), shelf.session_secret)
    if not sender_id:
        raise Problem(401, "No session", f"{SESSION} must be the session that the widget's `welcome` named.")
    name, content = unquote(request.headers.get(FILE_NAME, "")), await request.body()
    return await run_in_threadpool(keep, shelf, sender_id, name, content)


def keep(shelf: Shelf, sender_id: str, name: str, content: bytes) -> Kept:
    file = looked_at(shelf.terms, name, content)
    with shelf.database.writing() as connection:
        now, conversation_id = time.time(), inbox.begin(connection, NAME, sender_id)
        count, size = attachments.uploaded(connection, conversation_id, now - DAY_SECONDS)
        if count >= UPLOADS_A_DAY or size + len(content) > MEGABYTES_A_DAY * MEGABYTE:
            raise Problem(429, "Too many files", f"{UPLOADS_A_DAY} files, {MEGABYTES_A_DAY} MB a day at most.")
        kept = attachments.store_upload(connection, conversation_id, "user", file, now)
        connection.commit()
    return kept


def looked_at(terms: Terms, name: str, content: bytes) -> File:
    """The file, if it is one that is taken. Raises Problem: 413 too large, 415 of another kind."""
    try:
        return inspected(name, content, terms.allowed, terms.limit_bytes)
    except NotTaken as error:
        status, title = (413, "Too large") if error.status == "too_large" else (415, "Not taken")
        raise Problem(status, title, f"The file was not taken: {error.why}.") from None


def told(kept: Kept) -> dict[str, object]:
    return {
        "id": kept.id,
        "kind": kept.kind,
        "name": kept.name,
        "media_type": kept.media_type,
        "size": kept.size,
    }


def shared_with(request: Request, settings: Settings) -> dict[str, str]:
    """CORS: the sites that may embed the widget may also upload from it."""
    origin = request.headers.get("origin")
    if origin is None or not allowed_origin(origin, request.headers.get("host"), settings):
        return {"vary": "origin"}
    return {"vary": "origin", "access-control-allow-origin": origin, "access-control-max-age": "600"}
