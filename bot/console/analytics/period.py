"""Whole days by the shop's clock, whatever that clock did in the night."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from bot.problem import Problem

LONGEST_DAYS = 400
USUAL_DAYS = 30


@dataclass(frozen=True)
class Period:
    """From the first moment of `first` to the last of `last`."""

    first: date
    last: date
    zone: ZoneInfo

    @classmethod
    def of(cls, first: date | None, last: date | None, zone: ZoneInfo, now: float) -> "Period":
        """The last 30 days where nothing is said. Raises Problem 422 for one that is backwards or too long."""
        end = last or datetime.fromtimestamp(now, zone).date()
        begin = first or end - timedelta(days=USUAL_DAYS - 1)
        if begin > end:
            raise Problem(422, "Unprocessable request", f"The period ends ({end}) before it begins ({begin}).")
        if (end - begin).days >= LONGEST_DAYS:
            raise Problem(422, "Unprocessable request", f"Choose at most {LONGEST_DAYS} days.")
        return cls(begin, end, zone)

    @property
    def since(self) -> float:
        return self._midnight(self.first)

    @property
    def until(self) -> float:
        """Exclusive."""
        return self._midnight(self.last + timedelta(days=1))

    @property
    def days(self) -> list[str]:
        count = (self.last - self.first).days + 1
        return [(self.first + timedelta(days=number)).isoformat() for number in range(count)]

    def day_of(self, at: float) -> str:
        return datetime.fromtimestamp(at, self.zone).strftime("%Y-%m-%d")

    def _midnight(self, day: date) -> float:
        return datetime.combine(day, time(), self.zone).timestamp()
