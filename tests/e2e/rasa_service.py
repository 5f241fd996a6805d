"""A bot with Rasa's socket.io in a process of its own: `python -m tests.e2e.rasa_service DATABASE ORIGIN [KEY]`."""

import asyncio
import sys

import uvicorn
from pydantic import SecretStr

from bot.app import web_app
from bot.settings import Settings
from tests.bot.conftest import API_TOKEN
from tests.bot.tiny import tiny_kefu


async def serve(database_url: str, origin: str, key: str = "") -> None:
    settings = Settings(
        database_url=database_url,
        socketio_path="/socket.io",
        socketio_origins=(origin,),
        socketio_jwt_key=SecretStr(key) if key else None,
        api_token=SecretStr(API_TOKEN),
    )
    server = uvicorn.Server(uvicorn.Config(web_app(tiny_kefu(settings)), port=0, log_level="warning"))
    serving = asyncio.create_task(server.serve())
    while not server.started:
        await asyncio.sleep(0.01)
    sys.stdout.write(f"{server.servers[0].sockets[0].getsockname()[1]}\n")
    sys.stdout.flush()
    await serving


if __name__ == "__main__":
    asyncio.run(serve(*sys.argv[1:4]))
