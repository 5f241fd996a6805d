"""Rasa's `POST /model/parse`: what the language model makes of a text. Nothing is stored.

Open by default, so that a developer can try it; when KEFU_API_TOKEN is set it asks for it.
"""

import asyncio
from collections.abc import Callable
from typing import Any

from fastapi import APIRouter, Depends
from pydantic import BaseModel, Field, SecretStr

from bot.channels.base import clean
from bot.console.access import require
from nlu.types import Understanding


class ParseRequest(BaseModel):
    """Rasa's request; keys it has and Kefu does not need are ignored."""

    text: str = Field(description="A customer's sentence, in English or Chinese.")


def router(parse: Callable[[str], Understanding], token: SecretStr | None, limit: int) -> APIRouter:
    routes = APIRouter(tags=["model"], dependencies=[Depends(require(token))] if token else [])

    @routes.post("/model/parse", summary="Understand a text without answering it")
    async def model_parse(request: ParseRequest) -> dict[str, Any]:
        understanding = await asyncio.to_thread(parse, clean(request.text)[:limit])
        return understanding.to_rasa()

    return routes
