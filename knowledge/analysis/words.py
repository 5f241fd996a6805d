"""The report's sentences in one language, and numbers, shares and days as that language writes them."""

from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import Any, Literal

import yaml
from babel.dates import format_date
from babel.numbers import format_compact_decimal, format_decimal, format_percent

from knowledge.analysis.groups import SMALLEST_GROUP
from knowledge.customers.transactions import SECONDS_A_DAY
from knowledge.segmentation import ARCHETYPES

Language = Literal["en", "zh"]
LANGUAGES: tuple[Language, ...] = ("en", "zh")
FILE = Path(__file__).with_name("words.yml")


@cache
def table() -> dict[str, dict[str, str]]:
    """By key, the sentence in each language."""
    read: dict[str, dict[str, str]] = yaml.safe_load(FILE.read_text("utf-8"))
    return read


@dataclass(frozen=True)
class Words:
    language: Language

    def __call__(self, key: str, **facts: Any) -> str:
        return table()[key][self.language].format(**facts)

    def has(self, key: str) -> bool:
        return key in table()

    def segment(self, code: str) -> str:
        return ARCHETYPES[code].name(self.language)

    def column(self, name: str) -> str:
        return self(f"column.{name}")

    def grouping(self, name: str) -> str:
        return self(f"grouping.{name}")

    def group(self, grouping: str, name: str) -> str:
        """A group's name: ours where it is one of ours, else the shop's own."""
        if grouping == "segment" and name in ARCHETYPES:
            return self.segment(name)
        key = f"group.{grouping}.{name}"
        return self(key) if self.has(key) else name

    def reason(self, reason: str) -> str:
        """Why rows were left out, in this language if it is a reason we know."""
        return self(f"reason.{reason}") if self.has(f"reason.{reason}") else reason

    def number(self, value: float) -> str:
        """Short for large ones: 12,300 but 4.6M."""
        if abs(value) >= 1e6:
            return format_compact_decimal(value, locale=self.language, fraction_digits=1)
        return format_decimal(round(value), locale=self.language)

    def figure(self, value: float | None) -> str:
        """About three digits."""
        if value is None:
            return "–"
        digits = 0 if abs(value) >= 100 else 1 if abs(value) >= 10 else 2
        return format_decimal(round(value, digits), locale=self.language)

    def decimal(self, value: float, digits: int) -> str:
        pattern = "0." + "0" * digits
        return format_decimal(round(value, digits) + 0.0, format=pattern, locale=self.language)

    def signed(self, value: float, digits: int = 2) -> str:
        return ("+" if value > 0 else "") + self.decimal(value, digits)

    def percent(self, share: float, digits: int = 0) -> str:
        pattern = "0%" if digits == 0 else "0." + "0" * digits + "%"
        return format_percent(share + 0.0, format=pattern, locale=self.language)

    def chance(self, p: float) -> str:
        return "< 0.001" if p < 0.001 else self.decimal(p, 3)

    def few(self, count: int) -> str:
        """A count that is not told where it would point at people."""
        return f"< {SMALLEST_GROUP}" if 0 < count < SMALLEST_GROUP else self.number(count)

    def day(self, day: float) -> str:
        return format_date(_date(day), format="medium", locale=self.language)

    def month(self, day: float) -> str:
        """January carries its year."""
        date = _date(day)
        with_year = {"en": "MMM yyyy", "zh": "yyyy年M月"}[self.language]
        return format_date(date, format=with_year if date.month == 1 else {"en": "MMM", "zh": "M月"}[self.language],
                           locale=self.language)  # fmt: skip


def _date(day: float) -> datetime:
    return datetime.fromtimestamp(day * SECONDS_A_DAY, UTC)
