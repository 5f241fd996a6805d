"""Real service conversations of JD.com, turn by turn: half of the conversations to look at, half to count on."""

import re
from pathlib import Path
from typing import Any

import yaml

from nlu.transfer.mapping import Mapping, bucket
from nlu.transfer.rows import Row, read_table

_REVIEWED = Path(__file__).with_name("jd_reviewed.yml")
_NO_LABEL = "OTHER"
_EMOTICON = re.compile(r"#E-s\[数字x\]|#E-\S{1,3}(?=\s|$)|\[表情\]|\[[A-Za-z]+\]|&nbsp;")
_ORDER = re.compile(r"\[ORDERID_(\d+)\]")
_MASK = re.compile(r"\[[^\[\]]*x\]|\[ORDERID_\d+\]")
_FROM_A_PAGE = re.compile(r"^(?:咨询订单号|顾客通过点击)")
_HAN = re.compile(r"[\u4e00-\u9fff]")
_WORDS_OF_A_WISH = 5


def read_turns(data: Path, mapping: Mapping) -> list[Row]:
    """Every turn that carries a label, whatever it says: "[ORDERID_1]" and "yes" too."""
    return [_row(turn, mapping) for turn in _labelled(data).values()]


def read_wishes(data: Path, mapping: Mapping) -> list[Row]:
    """The turns that may hold a wish: five Chinese characters or more of the customer's own."""
    return [_row(turn, mapping) for turn in _labelled(data).values() if says_something(turn["text"])]


def read_reviewed(data: Path, mapping: Mapping) -> list[Row]:
    """Of those, the ones that a person found to say, read alone, what their label names (jd_reviewed.yml)."""
    reviewed = set(yaml.safe_load(_REVIEWED.read_text("utf-8"))["rows"])
    return [_row(turn, mapping) for number, turn in _labelled(data).items() if number in reviewed]


def says_something(raw: str) -> bool:
    """False for a card that a page sent, and for a number, a name or a word of answer alone."""
    bare = _MASK.sub("", _EMOTICON.sub("", raw))
    return not _FROM_A_PAGE.match(raw) and len(_HAN.findall(bare)) >= _WORDS_OF_A_WISH


def _labelled(data: Path) -> dict[int, dict[str, Any]]:
    """By row number."""
    turns = read_table(data / "jddc_zh" / "valid.parquet", ["dialog", "level", "text", "action"])
    return {
        number: turn
        for number, turn in enumerate(turns)
        if turn["level"] == "turn" and turn["action"] not in (None, "", _NO_LABEL)
    }


def _row(turn: dict[str, Any], mapping: Mapping) -> Row:
    text = _ORDER.sub(r"\1", _EMOTICON.sub(" ", turn["text"]))
    return Row(
        mapping.filled(text).strip(), (turn["action"],), "look" if bucket(str(turn["dialog"]), 2) == 0 else "test"
    )
