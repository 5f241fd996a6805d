"""Files in a conversation: what an agent attaches, and the bytes of what anybody attached."""

import time
from dataclasses import dataclass
from typing import Annotated, Any

from fastapi import APIRouter, Query, Request, Response
from fastapi.concurrency import run_in_threadpool

from bot.console import audit
from bot.console.attachments import looked_at
from bot.console.conversation import looks
from bot.console.conversation.notes import known
from bot.console.conversation.stream import shown_file
from bot.console.login.access import Agent
from bot.console.person import Person
from bot.console.seeing import Seeing
from bot.conversation import attachments
from bot.conversation.attachments import Kept, Opened
from bot.database import Database
from bot.messaging.fetching import Terms
from bot.messaging.media import safe_headers
from bot.problem import Problem

Name = Annotated[str, Query(min_length=1, max_length=300)]


@dataclass(frozen=True)
class Shelf:
    """Where files are kept, and which are taken."""

    database: Database
    terms: Terms
    seeing: Seeing

    def open(self, person: Person, number: int) -> Opened:
        """Raises Problem 404, also for a file in a conversation that they do not see."""
        with self.database.read() as connection:
            opened = attachments.open_attachment(connection, number)
            seen = self.seeing.seen(connection, person.id, [opened.kept.conversation_id]) if opened else set()
        if opened is None or not seen:
            raise Problem(404, "Not found", f"There is no file {number}, or it is not kept any more.")
        return opened

    def keep(self, person: Person, conversation_id: str, name: str, content: bytes) -> Kept:
        """Raises Problem 404, 413 or 415."""
        file, now = looked_at(self.terms, name, content), time.time()
        with self.database.writing() as connection:
            known(connection, conversation_id)
            kept = attachments.store_upload(connection, conversation_id, "agent", file, now)
            audit.write(connection, person, "upload", conversation_id, now, file=kept.id)
            connection.commit()
        return kept


def router(shelf: Shelf) -> APIRouter:
    routes = APIRouter(tags=["console"], prefix="/console/api")

    @routes.post("/conversations/{conversation_id:path}/files", status_code=201, summary="Upload a file to send")
    async def upload(person: Agent, conversation_id: str, name: Name, request: Request) -> dict[str, Any]:
        """The body is the file's bytes."""
        content = await request.body()
        return shown_file(await run_in_threadpool(shelf.keep, person, conversation_id, name, content))

    @routes.get("/files/{number}", summary="The bytes of a file", response_class=Response)
    def download(person: Agent, number: int) -> Response:
        opened = shelf.open(person, number)
        looks.fetched(shelf.database, person, opened.kept)
        return Response(opened.content, headers=safe_headers(opened))

    return routes
