from decimal import Decimal
from pathlib import Path

import pytest

from bot.database import Database, open_database, upgrade
from bot.shop_in_memory import ShopInMemory
from knowledge.shop.policy import store_policy
from knowledge.shop.schema import ProductRow, VariantRow
from nlu.interpreter import Interpreter


@pytest.fixture(scope="module")
def interpreter() -> Interpreter:
    return Interpreter.load()


@pytest.fixture
def database(tmp_path: Path) -> Database:
    database = open_database(f"sqlite:///{tmp_path}/kefu.db")
    upgrade(database)
    return database


def sell(database: Database, name: str, chinese: str) -> None:
    with database.transaction() as session:
        session.add(ProductRow(product_id="p1", name_en=name, name_zh=chinese, options=[]))
        session.add(VariantRow(variant_id="v1", product_id="p1", options={}, price=Decimal(5)))


def heard(shop: ShopInMemory, words: str) -> list[str]:
    return [entity.value for entity in shop.interpreter.parse(words).entities if entity.name == "product"]


def test_a_product_that_was_imported_while_serving_is_heard(database: Database, interpreter: Interpreter) -> None:
    shop = ShopInMemory(database, interpreter, None)
    assert heard(shop, "how much is the zeppelin kettle?") == []
    sell(database, "Zeppelin Kettle", "飞艇水壶")
    assert shop.refresh()
    assert heard(shop, "how much is the zeppelin kettle?") == ["Zeppelin Kettle"]
    assert heard(shop, "飞艇水壶多少钱") == ["飞艇水壶"]


def test_a_changed_policy_holds_after_a_refresh(database: Database, interpreter: Interpreter) -> None:
    shop = ShopInMemory(database, interpreter, None)
    assert shop.policy.currency != "EUR"
    with database.transaction() as session:
        store_policy(session, {"currency": "EUR"})
    assert shop.refresh()
    assert shop.policy.currency == "EUR"


def test_an_unchanged_shop_keeps_its_interpreter(database: Database, interpreter: Interpreter) -> None:
    sell(database, "Kettle", "水壶")
    shop = ShopInMemory(database, interpreter, None)
    before = shop.interpreter
    assert not shop.refresh()
    assert shop.interpreter is before
