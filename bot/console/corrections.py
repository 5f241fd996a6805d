"""What an agent says that a message meant: the model's mistakes, for `kefu data review`. Needs the API token.

POST /conversations/{id}/corrections    {"turn": 3, "intent": "return_item", "by": "mia"}
"""

from collections.abc import Collection

from fastapi import APIRouter, Depends
from pydantic import BaseModel, Field, SecretStr

from bot.console.access import require
from bot.conversation.corrections import NoSuchTurn, correct
from bot.problem import Problem
from bot.turn import Turns


class Correction(BaseModel):
    turn: int = Field(ge=1, description="The turn whose message was read wrongly, counted from 1.")
    intent: str = Field(min_length=1, max_length=200, description="What the customer meant.")
    by: str | None = Field(default=None, max_length=200, description="Who says so.")


def router(turns: Turns, token: SecretStr, intents: Collection[str] | None) -> APIRouter:
    """`intents` are those that a correction may name; None takes every name."""
    routes = APIRouter(tags=["conversations"], dependencies=[Depends(require(token))])

    @routes.post("/conversations/{conversation_id:path}/corrections", status_code=201, summary="Say what was meant")
    async def say_what_was_meant(conversation_id: str, correction: Correction) -> Correction:
        if intents is not None and correction.intent not in intents:
            raise Problem(422, "Unknown intent", f"'{correction.intent}' is no intent of the assistant.")
        await turns.run(_keep, turns, conversation_id, correction)
        return correction

    return routes


def _keep(turns: Turns, conversation_id: str, correction: Correction) -> None:
    try:
        with turns.database.transaction() as session:
            correct(session.connection(), conversation_id, correction.turn, correction.intent, correction.by)
    except NoSuchTurn as error:
        raise Problem(404, "Not found", str(error)) from None
