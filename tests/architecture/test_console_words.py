"""What the console's pages say is there in both languages."""

import re
from pathlib import Path

from bot.settings import CHANNELS, PREFIX, Settings

CONSOLE = Path(__file__).parents[2] / "bot" / "web" / "console"
CHINESE = re.compile(r"[\u4e00-\u9fff]")


def test_every_setting_that_is_shown_is_described_in_chinese() -> None:
    written = (CONSOLE / "admin" / "words" / "settings_zh.js").read_text("utf-8")
    described = dict(re.findall(r'^  (\w+): "(.+)",$', written, re.MULTILINE))
    shown = [f"{PREFIX}{name.upper()}" for name in Settings.model_fields if name != CHANNELS]
    assert set(described) == set(shown)
    assert [name for name, words in described.items() if not CHINESE.search(words)] == []
