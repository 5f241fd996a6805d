from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy.orm import Session

from bot.console.storefront import NotADemoShop, refuse_real_customers
from bot.database import open_database, upgrade
from knowledge.shop.columns import utc_now
from knowledge.shop.demo.seeding import seed
from knowledge.shop.shop import Shop
from tests.knowledge.shop.conftest import fill


@pytest.fixture
def session(tmp_path: Path) -> Iterator[Session]:
    database = open_database(f"sqlite:///{tmp_path}/kefu.db")
    upgrade(database)
    with database.session() as session:
        yield session
    database.close()


def test_an_empty_and_a_seeded_shop_are_good_for_a_demo_also_with_a_new_account(session: Session) -> None:
    refuse_real_customers(session)
    seed(session, seed=7, customers=3, now=utc_now())
    shop = Shop(session)
    shop.create_customer(
        email="new@example.org", first_name="New", last_name="One", locale="en", key="k", actor="customer:unidentified"
    )
    refuse_real_customers(session)


@pytest.mark.parametrize("is_seeded", [True, False])
def test_a_shop_with_customers_from_elsewhere_is_not(session: Session, is_seeded: bool) -> None:
    if is_seeded:
        seed(session, seed=7, customers=3, now=utc_now())
    fill(session)
    with pytest.raises(NotADemoShop, match="KEFU_DATABASE_URL"):
        refuse_real_customers(session)
