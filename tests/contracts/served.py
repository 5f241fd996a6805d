"""A bot with one messaging channel in a process of its own: `python -m tests.contracts.served NAME API DATABASE`."""

import asyncio
import sys

import uvicorn
from fastapi import FastAPI
from pydantic import SecretStr

from bot.app import web_app
from bot.settings import Settings
from tests.bot.tiny import tiny_kefu
from tests.contracts.conftest import platform_of
from tests.contracts.platform import PUBLIC_URL


async def serve(name: str, api: str, database_url: str) -> None:
    values = {field: SecretStr(value) for field, value in platform_of(name).settings(api).items()}
    await serve_app(
        web_app(tiny_kefu(Settings(database_url=database_url, public_url=PUBLIC_URL, channels={name: values})))
    )


async def serve_app(app: FastAPI) -> None:
    """Serve, and write on which port."""
    server = uvicorn.Server(uvicorn.Config(app, port=0, log_level="warning"))
    serving = asyncio.create_task(server.serve())
    while not server.started:
        await asyncio.sleep(0.01)
    sys.stdout.write(f"{server.servers[0].sockets[0].getsockname()[1]}\n")
    sys.stdout.flush()
    await serving


if __name__ == "__main__":
    asyncio.run(serve(*sys.argv[1:4]))
