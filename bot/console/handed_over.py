"""Where another system tells what its people did with the conversations that were handed to it."""

from fastapi import APIRouter, Request
from fastapi.responses import Response

from bot.helpdesks.hearing import Hearing
from bot.messaging.channel import Inbound


def router(hearing: Hearing) -> APIRouter:
    routes = APIRouter(tags=["handing over"])

    @routes.post(f"/handoff/{hearing.name}", include_in_schema=False)
    async def hear(request: Request) -> Response:
        headers = {name.lower(): value for name, value in request.headers.items()}
        await hearing.take(Inbound("POST", dict(request.query_params), headers, await request.body()))
        return Response()

    return routes
