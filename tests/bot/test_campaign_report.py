"""The picture of an interval in the terminal."""

import pytest

from bot.cli.campaign.report import _picture as picture
from knowledge.campaigns.lift import Interval


@pytest.mark.parametrize(
    ("interval", "drawn"),
    [
        (Interval(0.5, 0.0, 1.0), "            │─────●─────┤"),
        (Interval(0.0, -1.0, 1.0), "├───────────●───────────┤"),
        (Interval(-0.5, -1.0, 0.5), "├─────●─────┼─────┤      "),
        (Interval(0.75, 0.5, 1.0), "            │     ├──●──┤"),
        (Interval(0.0, 0.0, 0.0), "            ●            "),
    ],
)
def test_it_shows_where_no_effect_lies(interval: Interval, drawn: str) -> None:
    assert picture(interval, 0) == drawn
