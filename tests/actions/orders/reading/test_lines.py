"""Which lines of an order a sentence names."""

import pytest

from actions.orders.reading.lines import Line, all_but, mentions, revise
from actions.words import fold

LINES = [
    Line(
        "1", "kb", "1151293680", "Mechanical Keyboard", "机械键盘",
        {"switch type": "linear", "size": "full size"}, {"轴体": "线性轴", "尺寸": "全尺寸"},
    ),
    Line(
        "2", "th", "4983901480", "Smart Thermostat", "智能温控器",
        {"compatibility": "Apple HomeKit"}, {"兼容平台": "苹果HomeKit"},
    ),
    Line("3", "ts", "33", "T-Shirt", "T恤", {"color": "blue", "size": "S"}, {"颜色": "蓝色", "尺码": "S"}),
    Line("4", "ts", "34", "T-Shirt", "T恤", {"color": "red", "size": "M"}, {"颜色": "红色", "尺码": "M"}),
    Line("5", "vc", "35", "Vacuum Cleaner", "吸尘器", {}, {}),
    Line("6", "hp", "36", "Headphones", "头戴式耳机", {}, {}),
    Line("7", "sw", "37", "Smart Watch", "智能手表", {}, {}),
    Line("8", "rs", "38", "Running Shoes", "跑步鞋", {}, {}),
]  # fmt: skip


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("the mechanical keyboard", ["1"]),
        ("my keyboard", ["1"]),
        ("the keyboards", ["1"]),
        ("teh keybord please", ["1"]),
        ("keyboard and thermostat", ["1", "2"]),
        ("the cleaner, headphone, and smart watch", ["5", "6", "7"]),
        ("the vacuum", ["5"]),
        ("the watch", ["7"]),
        ("the thermostat", ["2"]),
        ("blue tshirt", ["3"]),
        ("the red t shirt", ["4"]),
        ("the small tee", ["3"]),
        ("t-shirt (red, M)", ["4"]),
        ("my tshirt in size M", ["4"]),
        ("item 4983901480", ["2"]),
        ("running shoes", ["8"]),
        ("the trainers", ["8"]),
        ("the headset", ["6"]),
        ("把键盘退了", ["1"]),
        ("键盘和手表", ["1", "7"]),
        ("蓝色的T恤", ["3"]),
        ("那双鞋", ["8"]),
        ("跑步鞋", ["8"]),
        ("耳机坏了", ["6"]),
        ("吸尘器还有温控器", ["5", "2"]),
        ("what is your refund policy", []),
        ("how long does delivery take", []),
        ("你们几点上班", []),
    ],
)
def test_finds_the_lines_that_are_named(text: str, expected: list[str]) -> None:
    found = mentions(fold(text), LINES)
    assert [line_id for mention in found for line_id in mention.line_ids] == expected


@pytest.mark.parametrize("text", ["both t-shirts", "all my t-shirts", "my t-shirts are too small", "t恤都退"])
def test_a_plural_means_every_line_of_that_name(text: str) -> None:
    (mention,) = mentions(fold(text), LINES)
    assert mention.line_ids == ("3", "4")
    assert mention.is_plural


def test_a_shared_name_alone_stays_ambiguous() -> None:
    (mention,) = mentions("the t-shirt", LINES)
    assert mention.line_ids == ("3", "4")
    assert not mention.is_plural


def test_of_identical_lines_each_mention_takes_one() -> None:
    twins = [Line(str(n), "tk", "72", "Tea Kettle", "茶壶", {"material": "glass"}, {"材质": "玻璃"}) for n in (1, 2)]
    found = mentions("one tea kettle and another tea kettle", twins)
    assert [mention.line_ids for mention in found] == [("1",), ("2",)]


def test_spans_the_nlu_read_as_products_are_taken_where_words_do_not_suffice() -> None:
    text = "the hoover thingy"
    assert mentions("das ding", LINES, [(0, 8, ["vc"])])[0].line_ids == ("5",)
    assert mentions(text, LINES)[0].line_ids == ("5",)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("everything", ["1", "2", "3", "4", "5", "6", "7", "8"]),
        ("all of them", ["1", "2", "3", "4", "5", "6", "7", "8"]),
        ("全部退掉", ["1", "2", "3", "4", "5", "6", "7", "8"]),
        ("everything except the keyboard and the watch", ["2", "3", "4", "5", "6", "8"]),
        ("all but the vacuum", ["1", "2", "3", "4", "6", "7", "8"]),
        ("除了键盘都要退", ["2", "3", "4", "5", "6", "7", "8"]),
        ("the keyboard", None),
        ("both t-shirts", None),
    ],
)
def test_everything_may_have_exceptions(text: str, expected: list[str] | None) -> None:
    assert all_but(fold(text), LINES) == expected


@pytest.mark.parametrize(
    ("text", "named", "expected"),
    [
        ("only the lamp", ["2"], ["2"]),
        ("also the lamp", ["3"], ["1", "2", "3"]),
        ("not the lamp", ["2"], ["1"]),
        ("keep the lamp", ["2"], ["1"]),
        ("灯不退了", ["2"], ["1"]),
        ("还有灯", ["3"], ["1", "2", "3"]),
        ("只退灯", ["2"], ["2"]),
        ("the lamp", ["2"], ["2"]),
    ],
)
def test_a_correction_replaces_adds_or_takes_away(text: str, named: list[str], expected: list[str]) -> None:
    assert revise(text, ["1", "2"], named) == expected


def test_two_products_of_one_kind_are_ambiguous_until_told_apart() -> None:
    shirts = [
        Line("1", "a", "1a", "Classic Cotton T-Shirt", "经典纯棉T恤", {"color": "green"}, {"颜色": "绿色"}),
        Line("2", "b", "2b", "Relaxed Cotton T-Shirt", "宽松纯棉T恤", {"color": "black"}, {"颜色": "黑色"}),
    ]
    assert [mention.line_ids for mention in mentions("the t-shirt", shirts)] == [("1", "2")]
    assert [mention.line_ids for mention in mentions("the black t-shirt", shirts)] == [("2",)]
    assert [mention.line_ids for mention in mentions("the classic t-shirt", shirts)] == [("1",)]
    assert [mention.line_ids for mention in mentions("宽松的那件t恤", shirts)] == [("2",)]


@pytest.mark.parametrize("text", ["return the slip ons they're too tight", "the slip-ons", "my slip on shoes"])
def test_a_compound_word_names_a_thing_in_the_plural_too(text: str) -> None:
    shoes = Line("9", "so", "39", "Trail Slip-On Shoes", "越野一脚蹬鞋", {}, {})
    assert [mention.line_ids for mention in mentions(fold(text), [shoes, LINES[6]])] == [("9",)]
