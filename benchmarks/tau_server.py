"""A real `kefu serve` on a free loopback port, and a conversation over its REST channel."""

import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import quote

import httpx

from benchmarks.tau_reading import Reply
from benchmarks.tau_shop import url_of

START_SECONDS = 60
STOP_SECONDS = 15


class ServerError(RuntimeError):
    """The server did not start or did not answer; the message holds what it said last."""


@contextmanager
def serving(database: Path, log: Path) -> Iterator[str]:
    """Serve that database; yields the address. The process is ended with the block.

    Other `KEFU_*` settings reach it from the environment, so that another model can be tried.
    """
    port = free_port()
    settings = {
        "KEFU_DATABASE_URL": url_of(database),
        "KEFU_HOST": "127.0.0.1",
        "KEFU_PORT": str(port),
        "KEFU_LOG_LEVEL": "WARNING",
    }
    with log.open("wb") as output:
        command = [sys.executable, "-m", "bot", "serve"]
        process = subprocess.Popen(command, env={**os.environ, **settings}, stdout=output, stderr=output)
        try:
            address = f"http://127.0.0.1:{port}"
            wait_until_ready(address, process, log)
            yield address
        finally:
            stop(process)


def free_port() -> int:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        port: int = listener.getsockname()[1]
        return port


def wait_until_ready(address: str, process: subprocess.Popen[bytes], log: Path) -> None:
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline and process.poll() is None:
        try:
            if httpx.get(f"{address}/readyz", timeout=2).status_code == 200:
                return
        except httpx.TransportError:
            pass
        time.sleep(0.05)
    raise ServerError(f"kefu serve was not ready within {START_SECONDS} s:\n{log.read_text('utf-8')[-2000:]}")


def stop(process: subprocess.Popen[bytes]) -> None:
    process.terminate()
    try:
        process.wait(STOP_SECONDS)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()


class Conversation:
    """One sender talking to the bot."""

    def __init__(self, address: str, sender: str) -> None:
        self._client = httpx.Client(base_url=address, timeout=30)
        self._sender = sender
        self._sent = 0

    def say(self, text: str) -> list[Reply]:
        """Send a message, get the bot's replies. Raises ServerError when the answer is not one."""
        self._sent += 1
        message_id = f"{quote(self._sender)}-{self._sent}"
        body = {"sender": self._sender, "message": text, "message_id": message_id}
        answer = self._client.post("/webhooks/rest/webhook", json=body)
        if answer.status_code != 200:
            raise ServerError(f"{answer.status_code} to {text!r}: {answer.text[:500]}")
        return [_reply(part) for part in answer.json() if "text" in part]

    def close(self) -> None:
        self._client.close()


def _reply(part: dict[str, Any]) -> Reply:
    return Reply(part["text"], tuple(button["title"] for button in part.get("buttons", ())))
