"""The table of docs/channels.md says what the capability records say."""

from pathlib import Path
from typing import Any

from bot.channels_in_use import all_channels
from bot.messaging.capabilities import Capabilities
from bot.messaging.channel import Channel

PAGE = Path(__file__).parents[2] / "docs" / "channels.md"
UNITS = {"characters": "characters", "utf16": "UTF-16 units", "bytes": "bytes"}


def row(kind: type[Channel[Any]]) -> str:
    can = kind.can
    cells = (
        f"{kind.name} *" if _has(kind, "shows") else kind.name,
        f"{can.text_limit:,} {UNITS[can.unit]}",
        f"{can.buttons} of {can.title_limit}" if can.buttons else "numbered",
        f"{can.rows}" if can.rows else "–",
        "yes" if can.cards else "–",
        "yes" if can.images else "as a file" if can.files else "link",
        _files(can),
        _yes(_has(kind, "fetch")),
        _yes(_has(kind, "receipts")),
        _yes(_has(kind, "typing")),
        f"{can.window_hours:g} h" if can.window_hours else "–",
    )
    return f"| {' | '.join(cells)} |"


def _files(can: Capabilities) -> str:
    if not can.files:
        return "link"
    return "bytes" if can.uploads else "by address"


def _has(kind: type[Channel[Any]], method: str) -> bool:
    return getattr(kind, method) is not getattr(Channel, method)


def _yes(fact: bool) -> str:
    return "yes" if fact else "–"


def test_the_page_says_what_each_channel_can_do() -> None:
    page = PAGE.read_text("utf-8").splitlines()
    first = next(number for number, line in enumerate(page) if line.startswith("| channel | text"))
    told = [line for line in page[first + 2 :] if line.startswith("|")]
    assert told == [row(kind) for kind in all_channels().values()]
