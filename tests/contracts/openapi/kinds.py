"""Every kind of message that Kefu has, said on a channel by its own sender."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from types import MappingProxyType
from typing import Any

import httpx
import orjson
from pydantic import SecretStr

from bot.channels.teams import BOT, SERVICE
from bot.channels_in_use import open_channel
from bot.messages import Attachment, BotMessage, Button, Card, Row
from bot.messaging.channel import Channel, Fetched, Part, Recipient
from bot.messaging.fitting import fit
from bot.settings import Settings
from tests.contracts.conftest import platform_of
from tests.contracts.emulator import Heard, Reply
from tests.contracts.platform import PICTURE, PUBLIC_URL

WORDS = "你好 👋 & <b>*hello*</b>"
BUTTONS = tuple(Button(f"Button {n} 按钮", f"say {n}") for n in range(3))
ROWS = tuple(Row(f"Row {n}", f"choose {n}", "a description 说明") for n in range(5))
CARDS = tuple(
    Card(f"Shoe {n}", "Size 42 尺码", "https://shop.example/shoe.png", "¥ 99.00", (Button("Buy", f"buy {n}"),))
    for n in range(2)
)
INVOICE = Attachment("file", "https://kefu.example/files/1/invoice.pdf", "invoice 发票.pdf", "application/pdf", 9)
PHOTO = Attachment("image", "https://kefu.example/files/2/shoe.png", "shoe.png", "image/png", len(PICTURE))
CONTENTS = MappingProxyType(
    {
        INVOICE.reference: Fetched(b"%PDF-1.4\n", "application/pdf", INVOICE.name),
        PHOTO.reference: Fetched(PICTURE, "image/png", PHOTO.name),
    }
)
KINDS: Mapping[str, BotMessage] = {
    "text": BotMessage(text=WORDS),
    "text of many parts": BotMessage(text=f"{WORDS}\n" * 900),
    "buttons": BotMessage(text=WORDS, buttons=BUTTONS),
    "buttons with long words": BotMessage(text=WORDS, buttons=(Button("Read", "words " * 400),)),
    "too many buttons": BotMessage(text=WORDS, buttons=tuple(Button(f"B{n}", f"say {n}") for n in range(30))),
    "a list": BotMessage(text=WORDS, rows=ROWS),
    "a list with long words": BotMessage(text=WORDS, rows=(Row("Read", "words " * 400), *ROWS)),
    "cards": BotMessage(text=WORDS, cards=CARDS),
    "a picture": BotMessage(image="https://shop.example/shoe.png"),
    "a photo": BotMessage(text=WORDS, files=(PHOTO,)),
    "a file": BotMessage(text=WORDS, files=(INVOICE,)),
}
CUSTOMERS: Mapping[str, Recipient] = {
    "discord": Recipient("80351110224678912"),
    "line": Recipient("U4af4980629f4a8f10ae7a1b3b6a2f8f1"),
    "slack": Recipient("D024BE91L"),
    "teams": Recipient("a:1ann", latest={SERVICE: "https://smba.trafficmanager.net/amer/", BOT: "28:bot"}),
    "telegram": Recipient("42"),
    "twilio": Recipient("whatsapp:+14155550199"),
}


AnyChannel = Channel[Any]
OnAnswer = Callable[[httpx.Response], Awaitable[None]]


def open_at(name: str, url: str) -> AnyChannel:
    """The channel as `kefu serve` has it, its platform's API at `url`."""
    values = {field: SecretStr(value) for field, value in platform_of(name).settings(url).items()}
    return open_channel(name, Settings(channels={name: values}, public_url=PUBLIC_URL))


def say_everything(
    name: str, url: str, *, to: Recipient | None = None, in_bytes: bool = True, on_answer: OnAnswer | None = None
) -> None:
    """All kinds, fitted and sent as a turn's answer would be, and that an answer is being written.

    `in_bytes`: files are handed over, where the channel does so, and not only named by their addresses.
    """
    channel, hooks = open_at(name, url), {"response": [on_answer] if on_answer else []}

    async def run() -> None:
        async with httpx.AsyncClient(event_hooks=hooks) as http:
            await _say_everything(channel, http, to or CUSTOMERS[name], in_bytes and channel.can.uploads)

    asyncio.run(run())


async def _say_everything(channel: AnyChannel, http: httpx.AsyncClient, to: Recipient, in_bytes: bool) -> None:
    for kind, message in KINDS.items():
        for number, fitted in enumerate(fit(message, channel.shows(to.latest), "zh")):
            await channel.deliver(http, Part(fitted, f"{kind} {number}", 7, CONTENTS if in_bytes else {}), to)
    if typing := channel.typing(to):
        await channel.call(http, typing)


def answered(name: str, heard: Heard) -> Reply:
    """What the platform answers, the first step of an upload to Slack among it."""
    if not heard.path.endswith("/files.getUploadURLExternal"):
        return platform_of(name).answer(heard)
    announced = {"ok": True, "upload_url": f"http://{heard.headers['host']}/upload/v1/x", "file_id": "F1"}
    return Reply(200, orjson.dumps(announced))
