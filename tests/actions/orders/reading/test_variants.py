"""Which variant a wish means."""

from decimal import Decimal

import pytest

from actions.orders.reading.variants import Item, match, read_wish, unknown_values

KEYS = ("switch type", "backlight", "size")
KEYS_ZH = ("轴体", "背光", "尺寸")


def keyboard(variant_id: str, values: str, values_zh: str, price: int, *, is_available: bool = True) -> Item:
    options = dict(zip(KEYS, values.split("|"), strict=True))
    return Item(
        variant_id, options, dict(zip(KEYS_ZH, values_zh.split("|"), strict=True)), Decimal(price), is_available
    )


KEYBOARDS = [
    keyboard("1151293680", "linear|RGB|full size", "线性轴|RGB|全尺寸", 100),
    keyboard("7706410293", "clicky|none|full size", "青轴|无|全尺寸", 90),
    keyboard("6342039236", "clicky|white|full size", "青轴|白光|全尺寸", 95),
    keyboard("9665000388", "clicky|RGB|80%", "青轴|RGB|80%", 110),
    keyboard("2299424241", "tactile|white|60%", "段落轴|白光|60%", 80),
    keyboard("3616838507", "tactile|RGB|full size", "段落轴|RGB|全尺寸", 70, is_available=False),
]


def shirt(variant_id: str, color: str, size: str, price: int = 20) -> Item:
    chinese = {"black": "黑色", "blue": "蓝色", "red": "红色"}
    return Item(variant_id, {"color": color, "size": size}, {"颜色": chinese[color], "尺码": size}, Decimal(price))


SHIRTS = [shirt(f"{color}-{size}", color, size) for color in ("black", "blue", "red") for size in ("S", "M", "L", "XL")]
BOTTLES = [
    Item(f"{capacity}-{material}", {"capacity": capacity, "material": material}, {}, Decimal(price))
    for capacity, material, price in (
        ("500ml", "glass", 40), ("750ml", "glass", 44), ("1000ml", "glass", 50),
        ("1000ml", "stainless steel", 46), ("500ml", "plastic", 30),
    )
]  # fmt: skip
BOOTS = [
    Item(f"{size}-{proof}", {"size": size, "waterproof": proof}, {"尺码": size, "防水": proof}, Decimal(100))
    for size in ("9", "10")
    for proof in ("yes", "no")
]
LAMPS = [Item(b, {"color": "white", "brightness": b}, {}, Decimal(30)) for b in ("low", "medium", "high")]


def first(text: str, items: list[Item], current: str) -> str | None:
    """The variant that is meant for certain."""
    now = next(item for item in items if item.variant_id == current)
    found = match(read_wish(text, now, items), now, items)
    return found.candidates[0].variant_id if found.is_certain else None


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("clicky, full size, no backlight", "7706410293"),
        ("clicky switches without backlight", "7706410293"),
        ("clicky, none, full size", "7706410293"),
        ("backlight: none, clicky", "7706410293"),
        ("the full-size one with white light and clicky keys", "6342039236"),
        ("item 7706410293", "7706410293"),
        ("the 80% one", "9665000388"),
        ("tactile", "2299424241"),
        ("the cheapest one", "2299424241"),
        ("clicky, prefer no backlight", "7706410293"),
        ("青轴，不要背光", "7706410293"),
        ("青轴白光的", "6342039236"),
        ("最便宜的", "2299424241"),
        ("clicky", None),
        ("青轴", None),
        ("something nice", None),
        ("linear with white backlight", None),
    ],
)
def test_finds_the_keyboard_that_is_meant(text: str, expected: str | None) -> None:
    assert first(text, KEYBOARDS, "1151293680") == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("red", "red-M"),
        ("the same but in black", "black-M"),
        ("size L", "blue-L"),
        ("a large", "blue-L"),
        ("in XL please", "blue-XL"),
        ("extra large", "blue-XL"),
        ("red, L", "red-L"),
        ("one size up", "blue-L"),
        ("a smaller one in red", "red-S"),
        ("it's too tight, one size bigger", "blue-L"),
        ("black instead of blue", "black-M"),
        ("not blue, red", "red-M"),
        ("the blue one for a red one", "red-M"),
        ("红色", "red-M"),
        ("要红的L码", "red-L"),
        ("大一码", "blue-L"),
        ("小一号", "blue-S"),
        ("换成黑色的", "black-M"),
        ("太小了，换大一号", "blue-L"),
        ("加大码的", "blue-XL"),
    ],
)
def test_what_is_not_spoken_of_stays_as_it_is(text: str, expected: str) -> None:
    assert first(text, SHIRTS, "blue-M") == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("the 1000 ml stainless steel one", "1000ml-stainless steel"),
        ("1000ml steel", "1000ml-stainless steel"),
        ("the biggest glass one", "1000ml-glass"),
        ("750ml", "750ml-glass"),
        ("a cheaper one", "500ml-plastic"),
        ("plastic", "500ml-plastic"),
        ("最大的", "1000ml-glass"),
    ],
)
def test_reads_measures_however_they_are_written(text: str, expected: str | None) -> None:
    assert first(text, BOTTLES, "500ml-glass") == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("not waterproof", "10-no"),
        ("size 9", "9-yes"),
        ("9, waterproof: no", "9-no"),
        ("9码", "9-yes"),
        ("不防水的", "10-no"),
        ("with 9, no", "9-no"),
    ],
)
def test_reads_yes_no_and_numbered_options(text: str, expected: str) -> None:
    assert first(text, BOOTS, "10-yes") == expected


def test_compares_ranks_as_well_as_numbers() -> None:
    assert first("a less bright one", LAMPS, "medium") == "low"
    assert first("更亮一点的", LAMPS, "medium") == "high"


def test_what_is_sold_out_is_not_offered() -> None:
    now = KEYBOARDS[0]
    found = match(read_wish("tactile full size", now, KEYBOARDS), now, KEYBOARDS)
    assert found.candidates == ()


def test_several_that_fit_are_ranked_by_how_little_else_changes() -> None:
    now = KEYBOARDS[0]
    found = match(read_wish("clicky", now, KEYBOARDS), now, KEYBOARDS)
    assert not found.is_certain
    assert {item.variant_id for item in found.candidates} == {"7706410293", "6342039236", "9665000388"}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("the XL one in navy", ["navy"]),
        ("not blue, red", []),
        ("换成绿色的L码", ["绿色"]),
        ("a bigger one", []),
    ],
)
def test_a_colour_that_does_not_exist_is_noticed_beside_a_size_that_does(text: str, expected: list[str]) -> None:
    assert unknown_values(text, SHIRTS) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [("size 13 please", ["size 13"]), ("帮我改成13的", ["13"]), ("要13码", ["13码"]), ("size 9", []), ("改成40件", [])],
)
def test_a_size_that_does_not_exist_is_noticed(text: str, expected: list[str]) -> None:
    assert unknown_values(text, BOOTS) == expected
