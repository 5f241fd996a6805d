"""A small shop's names, shared by the tests of this folder."""

from datetime import date

from nlu.components.entities import as_entities, find_spans
from nlu.components.gazetteer import Gazetteer, OptionName, ProductName
from nlu.components.normalizer import fold
from nlu.types import Entity

TODAY = date(2026, 11, 20)  # a Friday
_PRODUCTS = (
    ("kb", "Mechanical Keyboard", "机械键盘"),
    ("lamp", "Desk Lamp", "台灯"),
    ("buds", "Wireless Earbuds", "无线耳机"),
    ("flask", "Stainless Steel Water Bottle", "不锈钢保温杯"),
    ("bottle", "Water Bottle", "水杯"),
    ("mat", "Yoga Mat", "瑜伽垫"),
    ("action", "Action Camera", "运动相机"),
    ("digital", "Digital Camera", "数码相机"),
    ("tee", "T-Shirt", "T恤"),
    ("mug", "Blue Mug", "蓝色马克杯"),
)
_OPTIONS = (
    ("colour", "blue", "蓝色"),
    ("colour", "red", "红色"),
    ("switch type", "clicky", "青轴"),
    ("material", "stainless steel", "不锈钢"),
    ("capacity", "1000ml", "1000毫升"),
)
SHOP = Gazetteer([ProductName(*names) for names in _PRODUCTS], [OptionName(*names) for names in _OPTIONS])


def entities(text: str, kind: str) -> list[Entity]:
    """The entities of one kind that a text holds, today being Friday, 20 November 2026."""
    found = as_entities(find_spans(fold(text), SHOP, TODAY), text)
    assert all(text[e.start : e.end] == e.text for e in found)
    return [e for e in found if e.name == kind]


def values(text: str, kind: str) -> list[str]:
    return [entity.value for entity in entities(text, kind)]
