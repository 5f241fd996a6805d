"""A shop's own files: good rows are kept, bad ones are named by file, row and column, nothing is lost."""

import csv
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import Engine, func, select
from sqlalchemy.orm import Session

from knowledge.shop.errors import ImportFailed
from knowledge.shop.importing.importer import ShopImport
from knowledge.shop.importing.records import KINDS, required_of
from knowledge.shop.schema import CustomerRow, LineRow, OrderRow
from knowledge.shop.shop import Shop
from knowledge.shop.types import ItemChange, OrderStatus
from tests.parquet import write_parquet

DOCS = Path(__file__).parents[3] / "docs" / "importing-a-shop.md"
CUSTOMERS = """customer_id,email,first_name,last_name,locale,postcode,city,address_line1,country,gift_card_balance
c1,amy@example.com,Amy,Stone,en,10001,New York,5 Pine St,USA,50.00
c2,li@example.cn,娜,李,zh,310000,杭州,中山路1号,中国,
c1,again@example.com,Amy,Again,en,,,,,
c3,AMY@example.com,Eve,Other,en,,,,,
c4,not-an-email,,Nameless,fr,,,,,
"""
PRODUCTS = """product_id,name_en,name_zh,category
p1,Rain Coat,雨衣,apparel
p2,Umbrella,,apparel
"""
VARIANTS = """variant_id,product_id,price,options,options_zh,stock
v1,p1,49.90,color=blue; size=M,颜色=蓝色；尺码=M,3
v2,p1,54.90,color=red; size=M,颜色=红色；尺码=M,
v3,p2,12,,,1
v4,p9,12,,,1
v5,p2,$12,,,-1
v6,p2,12,color,颜色=红,1
"""
ORDERS = """order_number,customer_id,status,placed_at,delivered_at,shipping_fee,payment_method,payment_last_four
A-1001,c1,delivered,2026-03-01 10:00:00,2026-03-05,4.90,credit_card,4242
A-1002,c2,pending,2026-03-08T08:00:00+08:00,,0,alipay,
A-1003,c9,pending,2026-03-08,,0,alipay,
A-1004,c1,lost,yesterday,,0,cash,12
A-1005,c1,pending,2026-03-08,,0,credit_card,
"""
LINES = """order_number,variant_id,quantity,unit_price
A-1001,v1,2,45.00
A-1001,v3,1,
A-1001,v9,1,
A-1002,v2,1,
A-1003,v1,1,
A-1004,v1,0,
A-7777,v1,1,
"""


@pytest.fixture
def files(tmp_path: Path) -> dict[str, Path]:
    contents = {"customers": CUSTOMERS, "products": PRODUCTS, "variants": VARIANTS, "orders": ORDERS, "lines": LINES}
    for kind, content in contents.items():
        (tmp_path / f"{kind}.csv").write_text(content, encoding="utf-8")
    return {kind: tmp_path / f"{kind}.csv" for kind in contents}


@pytest.fixture
def empty_shop(engine: Engine) -> Iterator[Session]:
    with Session(engine) as session:
        yield session


def rows(session: Session, table: type) -> int:
    return session.scalars(select(func.count()).select_from(table)).one()


def test_good_rows_are_kept_and_every_row_is_accounted_for(empty_shop: Session, files: dict[str, Path]) -> None:
    report = ShopImport(empty_shop, files).run(dry_run=False)
    assert report.accepted == {"customers": 2, "products": 2, "variants": 3, "orders": 2, "lines": 3}
    assert report.rejected == {"customers": 3, "variants": 3, "orders": 3, "lines": 4}
    assert (rows(empty_shop, CustomerRow), rows(empty_shop, OrderRow), rows(empty_shop, LineRow)) == (2, 2, 3)


def test_what_is_wrong_is_named_by_file_row_and_column(empty_shop: Session, files: dict[str, Path]) -> None:
    report = ShopImport(empty_shop, files).run(dry_run=True)
    found = {(item.file, item.row, item.column) for item in report.rejections}
    assert found == {
        ("customers.csv", 4, "customer_id"),
        ("customers.csv", 5, "email"),
        ("customers.csv", 6, "email"),
        ("customers.csv", 6, "first_name"),
        ("customers.csv", 6, "locale"),
        ("variants.csv", 5, "product_id"),
        ("variants.csv", 6, "price"),
        ("variants.csv", 6, "stock"),
        ("variants.csv", 7, "options"),
        ("orders.csv", 4, "customer_id"),
        ("orders.csv", 5, "status"),
        ("orders.csv", 5, "placed_at"),
        ("orders.csv", 5, "payment_method"),
        ("orders.csv", 5, "payment_last_four"),
        ("orders.csv", 6, "order_number"),
        ("lines.csv", 4, "variant_id"),
        ("lines.csv", 6, "order_number"),
        ("lines.csv", 7, "quantity"),
        ("lines.csv", 8, "order_number"),
    }
    messages = {(item.row, item.column): item.message for item in report.rejections if item.file == "orders.csv"}
    assert messages[4, "customer_id"] == "c9 is neither among the accepted customers nor in the database"
    assert messages[6, "order_number"] == "A-1005 has no valid line in the lines file"
    assert "pending" in messages[5, "status"]


def test_a_dry_run_finds_the_same_and_writes_nothing(empty_shop: Session, files: dict[str, Path]) -> None:
    dry = ShopImport(empty_shop, files).run(dry_run=True)
    assert rows(empty_shop, CustomerRow) == 0
    assert dry == ShopImport(empty_shop, files).run(dry_run=False)


def test_a_second_import_adds_nothing(empty_shop: Session, files: dict[str, Path]) -> None:
    ShopImport(empty_shop, files).run(dry_run=False)
    report = ShopImport(empty_shop, files).run(dry_run=False)
    assert report.accepted == Counter()
    assert report.stored_already == {"customers": 3, "products": 2, "variants": 3, "orders": 2, "lines": 3}
    assert rows(empty_shop, OrderRow) == 2


def test_an_imported_shop_is_a_shop(empty_shop: Session, files: dict[str, Path]) -> None:
    ShopImport(empty_shop, files, time_zone=ZoneInfo("Asia/Shanghai")).run(dry_run=False)
    shop = Shop(empty_shop, now=lambda: datetime(2026, 3, 10, tzinfo=UTC))
    order = shop.order("a1001", "c1")
    assert order is not None
    assert (order.status, order.total) == (OrderStatus.DELIVERED, Decimal("106.90"))
    assert order.placed_at == datetime(2026, 3, 1, 2, tzinfo=UTC)
    assert order.address.line1 == "5 Pine St"
    assert order.lines[0].options_zh == {"颜色": "蓝色", "尺码": "M"}
    assert order.net_paid() == {"credit_card_c1_4242": Decimal("106.90")}
    changes = [ItemChange(order.lines[0].line_id, "v2")]
    receipt = shop.exchange_items("A-1001", changes, "gift_card_c1", key="k", actor="customer:c1")
    assert receipt.facts["price_difference"] == "19.80"
    li = shop.identify(order_number="A-1002", full_name="李娜", postcode="310000")
    assert li is not None
    assert [product.product_id for product in shop.products_by_name("雨衣", "zh")] == ["p1"]


def test_files_can_come_one_after_the_other(empty_shop: Session, files: dict[str, Path], tmp_path: Path) -> None:
    for kind in ("customers", "products", "variants"):
        ShopImport(empty_shop, {kind: files[kind]}).run(dry_run=False)
    late = tmp_path / "late.csv"
    late.write_text("variant_id,product_id,price,options\nv8,p1,51,color=green; size=L\n", encoding="utf-8")
    ShopImport(empty_shop, {"variants": late}).run(dry_run=False)
    report = ShopImport(empty_shop, {"orders": files["orders"], "lines": files["lines"]}).run(dry_run=False)
    assert report.accepted["orders"] == 2
    product = Shop(empty_shop).product("p1")
    assert product is not None
    assert [(option.name, option.name_zh, option.values) for option in product.options] == [
        ("color", "颜色", ("blue", "red", "green")),
        ("size", "尺码", ("M", "L")),
    ]


def test_parquet_is_read_with_its_own_types(empty_shop: Session, tmp_path: Path) -> None:
    path = tmp_path / "customers.parquet"
    columns: dict[str, list[Any]] = {
        "customer_id": [1, 2],
        "email": ["a@example.com", "b@example.com"],
        "first_name": ["A", None],
        "newsletter_consent": [True, False],
        "created_at": [datetime(2026, 1, 1, tzinfo=UTC), None],
    }
    write_parquet(path, columns)
    report = ShopImport(empty_shop, {"customers": path}).run(dry_run=False)
    assert [(item.row, item.column) for item in report.rejections] == [(3, "first_name")]
    customer = Shop(empty_shop).customer("1")
    assert customer is not None
    assert (customer.newsletter_consent, customer.created_at) == (True, datetime(2026, 1, 1, tzinfo=UTC))


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ("customer_id,first_name\n", "the column email is missing"),
        ("customer_id,emial,email,first_name\n", "'emial' is unknown: did you mean email?"),
        ("customer_id,email,first_name,vip_colour\n", "--ignore-column vip_colour"),
        ("customer_id,email,first_name,email\n", "email stands there twice"),
        ("", "the column customer_id is missing"),
    ],
)
def test_a_file_of_the_wrong_shape_is_refused_whole(
    empty_shop: Session, tmp_path: Path, content: str, message: str
) -> None:
    path = tmp_path / "customers.csv"
    path.write_text(content, encoding="utf-8")
    with pytest.raises(ImportFailed) as caught:
        ShopImport(empty_shop, {"customers": path}).run(dry_run=False)
    assert message in str(caught.value)


def test_a_row_with_too_few_cells_is_rejected_alone(empty_shop: Session, tmp_path: Path) -> None:
    path = tmp_path / "customers.csv"
    path.write_text("customer_id,email,first_name\nc1,a@example.com\nc2,b@example.com,B\n", encoding="utf-8")
    report = ShopImport(empty_shop, {"customers": path}).run(dry_run=False)
    assert [(item.row, item.message) for item in report.rejections] == [(2, "2 cells under 3 headings")]
    assert report.accepted["customers"] == 1


def test_an_old_chinese_encoding_can_be_named(empty_shop: Session, tmp_path: Path) -> None:
    path = tmp_path / "customers.csv"
    path.write_bytes("customer_id,email,first_name\nc1,a@example.com,小明\n".encode("gb18030"))
    with pytest.raises(ImportFailed, match="--encoding gb18030"):
        ShopImport(empty_shop, {"customers": path}).run(dry_run=False)
    ShopImport(empty_shop, {"customers": path}, encoding="gb18030").run(dry_run=False)
    customer = Shop(empty_shop).customer("c1")
    assert customer is not None
    assert customer.first_name == "小明"


def test_a_column_can_be_passed_over(empty_shop: Session, tmp_path: Path) -> None:
    path = tmp_path / "customers.csv"
    path.write_text("customer_id,email,first_name,vip\nc1,a@example.com,A,yes\n", encoding="utf-8")
    assert ShopImport(empty_shop, {"customers": path}, ignored=["vip"]).run(dry_run=False).accepted["customers"] == 1


def test_what_cannot_be_read_is_named(empty_shop: Session, tmp_path: Path) -> None:
    broken = tmp_path / "customers.parquet"
    broken.write_bytes(b"not parquet")
    for path in (broken, tmp_path / "nowhere.csv"):
        with pytest.raises(ImportFailed, match=path.name):
            ShopImport(empty_shop, {"customers": path}).run(dry_run=False)
    with pytest.raises(ImportFailed, match="--customers"):
        ShopImport(empty_shop, {}).run(dry_run=False)


def test_the_error_report_is_a_spreadsheet(empty_shop: Session, files: dict[str, Path], tmp_path: Path) -> None:
    path = tmp_path / "report.csv"
    ShopImport(empty_shop, files).run(dry_run=True).write(path)
    with path.open(encoding="utf-8-sig", newline="") as file:
        written = list(csv.DictReader(file))
    assert len(written) == 19
    assert [row["row"] for row in written if row["column"] == "quantity"] == ["7"]


@pytest.mark.parametrize("kind", KINDS)
def test_every_column_is_documented(kind: str) -> None:
    section = DOCS.read_text("utf-8").partition(f"## {kind}\n")[2].partition("\n## ")[0]
    for name, field in KINDS[kind].model_fields.items():
        mark = "yes" if name in required_of(KINDS[kind]) else ""
        assert f"| `{name}` | {mark} | {field.description} |" in section, f"{kind}.{name}"
