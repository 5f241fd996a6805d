"""Files as shops have them: what is read, what is left out and why, and that nothing is left out silently."""

import csv
import gzip
from collections import Counter
from datetime import UTC, datetime, timedelta
from pathlib import Path

import duckdb
import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from knowledge.customers.errors import CustomerDataError
from knowledge.customers.reading import Loaded, read_transactions
from knowledge.customers.transactions import day_of

DAY = day_of(datetime(2026, 2, 1, tzinfo=UTC))
RETURN = "quantity not above 0 (a return or a correction)"


def read(folder: Path, text: str, encoding: str = "utf-8", before: float | None = None) -> Loaded:
    file = folder / "sales.csv"
    file.write_bytes(text.encode(encoding))
    return read_transactions(file, before=before)


def amounts(folder: Path, *cells: str) -> list[float]:
    lines = "\n".join(f"c{number};i;2026-02-01;{cell}" for number, cell in enumerate(cells))
    return list(read(folder, f"customer_id;item_id;time;amount\n{lines}\n").transactions.amount)


def test_no_later_row_changes_how_an_earlier_amount_is_read(tmp_path: Path) -> None:
    """1,234 alone is a thousand; beside 12,50 it would be one and a bit."""
    head = "customer_id;item_id;time;amount\na;i;2026-01-05;1,234\n"
    later = head + "b;i;2026-02-01;12,50\nc;i;2026-03-01;1.234,50\n"
    for text in (head, later):
        loaded = read(tmp_path, text, before=DAY)
        assert list(loaded.transactions.amount) == [1234.0]
        assert loaded.notes == ()
    assert read(tmp_path, later).transactions.amount[0] == pytest.approx(1.234)


def test_a_packed_table_is_read_like_any_other(tmp_path: Path) -> None:
    text = "customer_id;item_id;time;amount\na;茶;2026-01-05;12,50\nb;茶;2026-01-06;3,00\n"
    packed = tmp_path / "Sales.CSV.gz"
    for encoding in ("utf-8", "gb18030", "utf-16"):
        packed.write_bytes(gzip.compress(text.encode(encoding)))
        plain, unpacked = read(tmp_path, text).transactions, read_transactions(packed).transactions
        assert list(unpacked.amount) == list(plain.amount) == [12.5, 3.0]
        assert unpacked.items.tolist() == ["茶"]
    packed.write_bytes(gzip.compress(text.encode())[:40])
    with pytest.raises(CustomerDataError, match=r"Sales\.CSV\.gz can't be unpacked"):
        read_transactions(packed)


def test_a_folder_is_called_one(tmp_path: Path) -> None:
    with pytest.raises(CustomerDataError, match="is a folder; name the"):
        read_transactions(tmp_path)


def days(folder: Path, *cells: str) -> list[float]:
    """The days of a column of times, in the order of the cells."""
    lines = "\n".join(f"c{number:03};i;{cell}" for number, cell in enumerate(cells))
    loaded = read(folder, f"customer_id;item_id;time\n{lines}\n")
    assert loaded.left_out == {}
    return list(loaded.transactions.day)


def test_rows_are_sorted_and_numbered(tmp_path: Path) -> None:
    found = read(
        tmp_path,
        "customer_id,item_id,time,quantity,amount,order_id\n"
        "b,tea,2026-02-02,1,2.5,o3\na,pot,2026-02-01 12:00,2,8,o1\n"
        "b,pot,2026-02-01,1,4,o2\nb,tea,2026-02-01,3,7.5,o2\n",
    )
    rows = found.transactions
    assert rows.customers.tolist() == ["a", "b"] and rows.items.tolist() == ["pot", "tea"]
    assert rows.customer.tolist() == [0, 1, 1, 1] and rows.item.tolist() == [0, 0, 1, 1]
    assert rows.order.tolist() == [0, 1, 1, 2]
    assert rows.day.tolist() == [DAY + 0.5, DAY, DAY, DAY + 1]
    assert rows.quantity.tolist() == [2, 1, 3, 1] and rows.amount.tolist() == [8, 4, 7.5, 2.5]
    assert found.left_out == {} and found.notes == ()


def test_without_an_order_id_one_moment_is_one_order(tmp_path: Path) -> None:
    rows = read(tmp_path, "customer_id,item_id,time\na,x,2026-02-01\na,y,2026-02-01\na,x,2026-02-02\nb,x,2026-02-01\n")
    assert rows.transactions.order.tolist() == [0, 0, 1, 2]
    assert rows.transactions.quantity.tolist() == [1, 1, 1, 1] and rows.transactions.amount.tolist() == [0, 0, 0, 0]


def test_ids_stay_as_they_are_written(tmp_path: Path) -> None:
    rows = read(tmp_path, "customer_id,item_id,time\n007,1e3,2026-02-01\n7,00,2026-02-01\n 7 ,0x1,2026-02-01\n")
    assert rows.transactions.customers.tolist() == ["007", "7"]
    assert rows.transactions.items.tolist() == ["00", "0x1", "1e3"]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "gb18030", "cp1252"])
@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
def test_encodings_and_delimiters(tmp_path: Path, encoding: str, delimiter: str) -> None:
    item = "茉莉花茶 大包装" if encoding == "gb18030" else "café crème"
    row = delimiter.join(["anna", f'"{item}"', "2026-02-01"])
    loaded = read(tmp_path, f"{delimiter.join(['Customer_ID', 'item_id', ' time '])}\r\n{row}\r\n", encoding)
    assert loaded.transactions.items.tolist() == [item]
    assert loaded.notes == (() if encoding.startswith("utf-8") else (f"sales.csv is read as {encoding}",))


@pytest.mark.parametrize(
    ("cells", "read_as"),
    [
        (["12.50", "3", "1e2"], [12.5, 3, 100]),
        (["12,50", "1.234,00", "7", "12.75", "1.234"], [12.5, 1234, 7, 12.75, 1234]),
        (["1,234.50", "1,234,567.00", "7"], [1234.5, 1234567, 7]),
        (["1 234,5", "2'000,00"], [1234.5, 2000]),
        (["£12.50", "$1,000.00", "£3", "9.99 "], [12.5, 3]),  # most are pounds
        (["¥12", "12.50¥"], [12, 12.5]),
    ],
)
def test_numbers(tmp_path: Path, cells: list[str], read_as: list[float]) -> None:
    assert amounts(tmp_path, *cells)[: len(read_as)] == read_as


def test_brackets_and_a_trailing_minus_are_refunds(tmp_path: Path) -> None:
    loaded = read(tmp_path, "customer_id;item_id;time;amount\na;x;2026-02-01;(12.50)\nb;x;2026-02-01;3,10-\n")
    assert loaded.left_out == {"amount below 0 (a refund)": 2}


@pytest.mark.parametrize(
    "cell",
    [
        "2026-02-01", "2026/02/01", "2026-2-1", "2026.02.01", "20260201", "1 Feb 2026", "1-Feb-2026",
        "February 1, 2026",
        "2026年2月1日", "2026-02-01T00:00:00Z", "2026-02-01 02:00:00+02:00", "2026-02-01 00:00 UTC", "1769904000",
        "1769904000000", "2026-02-01 00:00:00.000", "46054",
    ],
)  # fmt: skip
def test_one_day_however_it_is_written(tmp_path: Path, cell: str) -> None:
    assert days(tmp_path, cell) == pytest.approx([DAY])


def test_day_first_or_month_first_is_found_in_the_column(tmp_path: Path) -> None:
    assert days(tmp_path, "01/02/2026", "13/02/2026") == [DAY, DAY + 12]
    assert days(tmp_path, "02/01/2026", "02/13/2026") == [DAY, DAY + 12]
    assert days(tmp_path, "1/2/26 12:00", "13/2/26 00:00") == [DAY + 0.5, DAY + 12]
    assert days(tmp_path, "2/1/2026 1:00 PM", "2/13/2026 12:00 AM") == pytest.approx([DAY + 13 / 24, DAY + 12])


def test_where_both_fit_the_shorter_period_is_taken_and_told(tmp_path: Path) -> None:
    loaded = read(tmp_path, "customer_id,item_id,time\na,x,02/01/2026\nb,x,02/03/2026\nc,x,02/04/2026\n")
    assert loaded.transactions.day.tolist() == [DAY, DAY + 2, DAY + 3]
    assert loaded.notes == ("time: 02/01/2017 is read as February 1",)


def test_what_cannot_be_used_is_counted_by_reason(tmp_path: Path) -> None:
    tomorrow = (datetime.now(UTC) + timedelta(days=3)).date()
    faulty = [
        ",x,2026-02-01,1,1", "NaN,x,2026-02-01,1,1", "a,,2026-02-01,1,1", "a,x,soon,1,1", "a,x,,1,1",
        f"a,x,{tomorrow},1,1", "a,x,1900-01-01,1,1", "a,x,2026-02-01,0,1", "a,x,2026-02-01,-2,1",
        "a,x,2026-02-01,many,1",
        "a,x,2026-02-01,1,-1", "a,x,2026-02-01,1,?", "a,x,2026-02-01,1,inf", "a,x,2026-02-01,1,1e300",
        f"{'a' * 201},x,2026-02-01,1,1", "a,x,2026-02-01,1", "a,x,2026-02-01,1,1,1",
    ]  # fmt: skip
    loaded = read(tmp_path, "\n".join(["customer_id,item_id,time,quantity,amount", *faulty, "a,x,2026-02-01,1,1", ""]))
    assert len(loaded.transactions) == 1
    assert loaded.left_out == {
        "no customer": 2, "no item": 1, "time is no date": 2, "dated after today": 1, "dated before 1971": 1,
        RETURN: 2, "quantity is no number": 1, "amount below 0 (a refund)": 1, "amount is no number": 3,
        "an id of more than 200 letters": 1, "not as many cells as headings": 2,
    }  # fmt: skip


def test_nothing_from_the_cut_on_is_looked_at(tmp_path: Path) -> None:
    before = "customer_id,item_id,time,amount,currency\na,x,2026-02-01,1,EUR\nb,y,2026-02-02 23:59:59,1,EUR\n"
    later = "c,z,2026-02-03,1,USD\n" * 9 + "a,x,2999-01-01,1,EUR\n"
    told, untold = (read(tmp_path, text, before=DAY + 2) for text in (before + later, before))
    assert told.left_out == {"on or after the cut": 10} and untold.left_out == {}
    assert told.transactions.customers.tolist() == untold.transactions.customers.tolist() == ["a", "b"]
    assert told.notes == untold.notes == ("amounts are in EUR",)


def test_the_currency_of_most_lines_counts(tmp_path: Path) -> None:
    rows = ["EUR", "EUR", "eur", "USD", "", "USD"]
    lines = "".join(f"c{number},x,2026-02-01,5,{currency}\n" for number, currency in enumerate(rows))
    loaded = read(tmp_path, f"customer_id,item_id,time,amount,currency\n{lines}")
    assert loaded.left_out == {"in USD, but most in EUR": 2, "in no currency, but most in EUR": 1}
    assert loaded.notes == ("amounts are in EUR",)


def test_a_line_that_stands_twice_counts_once_where_lines_can_be_told_apart(tmp_path: Path) -> None:
    by_order = "customer_id,item_id,time,order_id\n" + "a,x,2026-02-01,o1\n" * 3 + "a,x,2026-02-01,o2\n"
    assert read(tmp_path, by_order).left_out == {"the same line twice": 2}
    by_time = "customer_id,item_id,time\n" + "a,x,2026-02-01 10:00:03\n" * 2
    assert read(tmp_path, by_time).left_out == {"the same line twice": 1}
    two_cups_in_a_day = "customer_id,item_id,time\n" + "a,x,2026-02-01\n" * 2
    assert len(read(tmp_path, two_cups_in_a_day).transactions) == 2


def test_parquet_of_other_types(tmp_path: Path) -> None:
    file = tmp_path / "sales.parquet"
    db = duckdb.connect()
    rows = """(17850.0::DOUBLE, 42::SMALLINT, '2026-02-01 02:00+02'::TIMESTAMPTZ, 2::TINYINT, 1.50::DECIMAL(9,2), 5),
              (NULL, 42, '2026-02-01', 1, 1.5, 6), (12.0, 42, '2026-02-02', 1, NULL, 7)"""
    names = '"Customer_ID", item_id, "time", quantity, amount, order_id'
    db.execute(f"COPY (SELECT * FROM (VALUES {rows}) AS t({names})) TO '{file}' (FORMAT parquet)")
    loaded = read_transactions(file)
    assert loaded.transactions.customers.tolist() == ["17850"] and loaded.transactions.items.tolist() == ["42"]
    assert loaded.transactions.day.tolist() == [DAY] and loaded.transactions.amount.tolist() == [1.5]
    assert loaded.left_out == {"no customer": 1, "amount is no number": 1}


def test_items_with_names(tmp_path: Path) -> None:
    items = tmp_path / "items.csv"
    items.write_text("item_id;name;Category\ntea;Tee, grün;food\npot;;kitchen\ntea;again;x\nelse;Other;x\n", "utf-8")
    sales = tmp_path / "sales.csv"
    sales.write_text("customer_id,item_id,time\na,tea,2026-02-01\na,pot,2026-02-01\na,cup,2026-02-01\n", "utf-8")
    loaded = read_transactions(sales, items)
    assert loaded.transactions.items.tolist() == ["cup", "pot", "tea"]
    assert loaded.items.names.tolist() == ["", "", "Tee, grün"]
    assert loaded.items.categories.tolist() == ["", "kitchen", "food"]


@pytest.mark.parametrize(
    "text",
    [
        "customer_id,item_id,time\r\na,x,2026-02-01\nb,x,2026-02-01\r\n",
        "customer_id,item_id,time\ra,x,2026-02-01\rb,x,2026-02-01",
        "customer_id,item_id,time\n\na,x,2026-02-01\n\n\nb,x,2026-02-01\n\n",
        "customer_id,item_id,time,\na,x,2026-02-01,\nb,x,2026-02-01,note\n",
        'customer_id,item_id,time\na,5" screen,2026-02-01\nb,"5"" screen",2026-02-01\n',
        "customer_id,item_id,time\na'); DROP TABLE lines;--,x,2026-02-01\nb,x,2026-02-01\n",
    ],
)
def test_files_as_they_come(tmp_path: Path, text: str) -> None:
    loaded = read(tmp_path, text)
    assert len(loaded.transactions) == 2 and len(loaded.transactions.items) == 1 and loaded.left_out == {}


def test_headings_alone_are_an_empty_shop(tmp_path: Path) -> None:
    loaded = read(tmp_path, "customer_id,item_id,time\n")
    assert len(loaded.transactions) == 0 and loaded.left_out == {}


@pytest.mark.parametrize(
    ("name", "text", "message"),
    [
        ("gone.csv", None, "does not exist"),
        ("empty.csv", "", "is empty"),
        ("sales.xlsx", "x", r"'.xlsx' is not read; save it as .csv"),
        ("sales.tar.gz", "x", r"'.gz' is not read; save it as .csv, .csv.gz"),
        ("sales.csv", "customer,item_id,time\n", "has no column 'customer_id'; it has customer, item_id, time"),
        ("sales.csv", "time,item_id,time\n", "the column 'time' stands there twice"),
        ("sales.parquet", "no parquet", "not readable"),
    ],
)
def test_a_file_that_cannot_be_read_is_named(tmp_path: Path, name: str, text: str | None, message: str) -> None:
    if text is not None:
        (tmp_path / name).write_text(text, "utf-8")
    with pytest.raises(CustomerDataError, match=message) as raised:
        read_transactions(tmp_path / name)
    assert name in str(raised.value)


CELLS = st.fixed_dictionaries({
    "customer_id": st.sampled_from(["a", "b", "007", "", "null", "客户"]),
    "item_id": st.sampled_from(["x", "a;b", 'say "hi"', "line\nbreak", ""]),
    "time": st.sampled_from(["2026-02-01", "2026-02-01 10:00:00", "2025-12-31T23:59:59Z", "never", ""]),
    "quantity": st.sampled_from(["1", "2.5", "-1", "0", "x", ""]),
    "amount": st.sampled_from(["0", "10", "1e300", "-3", "nan", "x"]),
    "order_id": st.sampled_from(["o1", "o2", ""]),
})  # fmt: skip


@given(st.lists(CELLS, max_size=25))
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_every_row_is_either_there_or_accounted_for(tmp_path: Path, rows: list[dict[str, str]]) -> None:
    file = tmp_path / "any.csv"
    with file.open("w", encoding="utf-8", newline="") as target:
        writer = csv.DictWriter(target, ["customer_id", "item_id", "time", "quantity", "amount", "order_id"])
        writer.writeheader()
        writer.writerows(rows)
    loaded = read_transactions(file)
    good = Counter(
        (row["customer_id"], row["item_id"], row["quantity"], row["amount"], row["order_id"], row["time"])
        for row in rows
        if row["customer_id"] not in ("", "null") and row["item_id"] and row["time"] not in ("never", "")
        and row["quantity"] in ("1", "2.5") and row["amount"] in ("0", "10")
    )  # fmt: skip
    assert len(loaded.transactions) == len(good)
    assert len(loaded.transactions) + sum(loaded.left_out.values()) == len(rows)
    assert sorted(loaded.transactions.quantity.tolist()) == sorted(float(row[2]) for row in good)
    assert np.all(np.diff(loaded.transactions.customer) >= 0)
