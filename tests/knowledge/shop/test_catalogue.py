"""Finding products by their names and by words, and coupons."""

from datetime import timedelta
from decimal import Decimal

import pytest
from sqlalchemy.orm import Session

from knowledge.shop.schema import VariantRow
from knowledge.shop.shop import Shop
from knowledge.shop.types import Language
from tests.knowledge.shop.conftest import NOW


@pytest.mark.parametrize(
    ("text", "language", "found"),
    [
        ("linen shirt", "en", "shirt"),
        ("Linen Shirts", "en", "shirt"),
        ("lnien shrit", "en", "shirt"),
        ("shirt", "en", "shirt"),
        ("do you have the stoneware mug in blue", "en", "mug"),
        ("jasmin tea", "en", "tea"),
        ("jasmine", "en", "tea"),
        ("a red shirt under 30 dollars please", "en", "shirt"),
        ("我想买一件衬衫", "zh", "shirt"),
        ("粗陶", "zh", "mug"),
        ("亚麻衬衫", "zh", "shirt"),
        ("衬衫", "zh", "shirt"),
        ("那个粗陶马克杯还有吗", "zh", "mug"),
        ("我买的 linen shirt", "zh", "shirt"),
    ],
)
def test_a_product_is_found_by_its_name(shop: Shop, text: str, language: Language, found: str) -> None:
    assert [product.product_id for product in shop.products_by_name(text, language)][:1] == [found]


@pytest.mark.parametrize("text", ["", "!!", "spaceship", "飞船", "the"])
def test_what_is_no_product_finds_none(shop: Shop, text: str) -> None:
    assert shop.products_by_name(text, "en") == []


def test_a_search_keeps_to_what_can_be_bought_and_the_budget(shop: Shop, session: Session) -> None:
    found = shop.search_products("", "en", max_price=Decimal("10"))
    assert {product.product_id for product in found} == {"mug", "tea"}
    assert [product.product_id for product in shop.search_products("", "en", category="apparel")] == ["shirt"]
    session.get_one(VariantRow, "tea").stock = 0
    session.flush()
    assert shop.search_products("tea", "en") == []


def test_variants_say_their_options_in_both_languages(shop: Shop) -> None:
    variant = shop.variant("shirt-red-m")
    assert variant is not None
    assert variant.options_in("zh") == {"颜色": "红色", "尺码": "M"}
    available = {variant.variant_id: variant.is_available for variant in shop.variants_of("shirt")}
    assert available == {"shirt-blue-m": True, "shirt-blue-l": True, "shirt-red-m": True, "shirt-red-l": False}
    assert shop.price_range("shirt") == (Decimal("17.50"), Decimal("21.49"))


def test_the_gazetteer_gets_every_name_and_value(shop: Shop) -> None:
    names = {name.product_id: name for name in shop.catalogue_names()}
    assert names["mug"].name_zh == "粗陶马克杯"
    assert names["mug"].option_values == (("color", "blue", "蓝色"), ("color", "red", "红色"))


def test_a_coupon_is_found_and_knows_its_time(shop: Shop) -> None:
    coupon = shop.coupon(" spring10 ")
    assert coupon is not None
    assert coupon.is_valid_at(NOW)
    assert not coupon.is_valid_at(NOW + timedelta(days=1))
    assert shop.public_coupons() == [coupon]
    assert shop.coupon("nope") is None
