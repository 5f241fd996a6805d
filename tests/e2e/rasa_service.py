"""A bot with Rasa's socket.io in a process of its own: `python -m tests.e2e.rasa_service DATABASE ORIGIN [KEY]`."""

import asyncio
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import uvicorn
from pydantic import SecretStr

from bot.app import web_app
from bot.settings import Settings
from tests.bot.conftest import API_TOKEN
from tests.bot.tiny import tiny_kefu

ROOT = Path(__file__).parents[2]


@contextmanager
def rasa_service(
    database: Path, origin: str = "https://shop.example", *more: str
) -> Iterator[tuple[subprocess.Popen[str], str]]:
    """The process, and its address."""
    command = [sys.executable, "-m", "tests.e2e.rasa_service", f"sqlite:///{database}", origin, *more]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True, cwd=ROOT)
    assert process.stdout
    try:
        yield process, f"http://127.0.0.1:{int(process.stdout.readline())}"
    finally:
        process.kill()
        process.wait()
        process.stdout.close()


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
