import csv
import io

import pytest

from bot.console.analytics.tables import MARK, as_csv


@pytest.mark.parametrize(
    "cell",
    [
        *("=1+1", "+1", "-1+cmd", "@SUM(A1)", '=HYPERLINK("https://evil.example","x")', "\t=1", "\r=1", "  =1", "\n=1"),
        *("=cmd|' /C calc'!A0", "\u3000=1", "\u00a0+1", "＝1+1", "＠SUM(A1)"),
    ],
)
def test_no_cell_of_words_can_be_run(cell: str) -> None:
    [_, [written]] = csv.reader(io.StringIO(as_csv(["words"], [[cell]]).removeprefix(MARK), newline=""))
    assert written == f"'{cell}"


def test_numbers_stay_numbers_and_words_words() -> None:
    text = as_csv(["名", "n"], [['三 "杯", 茶\n好', -1.5], ["", None], ["a", 0.1 + 0.2]])
    assert text.startswith(MARK)
    rows = list(csv.reader(io.StringIO(text.removeprefix(MARK), newline="")))
    assert rows == [["名", "n"], ['三 "杯", 茶\n好', "-1.5"], ["", ""], ["a", "0.3"]]
    assert "\r\n" in text
