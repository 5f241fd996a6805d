"""Who the customer of a conversation is: the profile, and the package of what was known when people were asked for."""

from typing import Any, Literal

from fastapi import APIRouter

from bot.console.conversation import looks
from bot.console.conversation.notes import known
from bot.console.login.access import Agent
from bot.console.profile_view import ProfileView
from bot.conversation.sql import Statement
from bot.database import Database
from bot.handoff.context import Packing

Language = Literal["en", "zh"]

_CUSTOMER = Statement("SELECT customer_id FROM conversations WHERE id = :id")


def router(database: Database, view: ProfileView, packing: Packing) -> APIRouter:
    routes = APIRouter(tags=["console"], prefix="/console/api/conversations")

    @routes.get("/{conversation_id:path}/context", summary="All that a person needs to go on with the conversation")
    def context(person: Agent, conversation_id: str, language: Language = "en") -> dict[str, Any]:
        with database.read_session() as session:
            packed = packing.of(session, conversation_id, language)
        if packed["customer"]:  # what they spend, what is expected of them: a profile in short
            looks.met(database, person, conversation_id, packed["customer"]["customer_id"])
        return packed

    @routes.get("/{conversation_id:path}/profile", summary="The customer's profile, where it is known who they are")
    def profile(person: Agent, conversation_id: str, language: Language = "en") -> dict[str, Any]:
        with database.read_session() as session:
            known(session.connection(), conversation_id)
            row = _CUSTOMER.first(session.connection(), {"id": conversation_id})
            found = view.of(session, row[0], language) if row and row[0] else None
        if row and found is not None:
            looks.met(database, person, conversation_id, row[0])
        return {"profile": found}

    return routes
