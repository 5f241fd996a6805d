"""Which words belong to which item."""

import pytest

from actions.orders.reading.lines import Line, mentions
from actions.orders.reading.wishes import merged, words_of
from actions.words import fold

LINES = [
    Line("1", "jacket", "j", "Fleece Jacket", "抓绒外套", {"color": "black"}, {"颜色": "黑色"}),
    Line("2", "shirt", "s", "Linen Shirt", "亚麻衬衫", {"color": "blue"}, {"颜色": "蓝色"}),
]


@pytest.mark.parametrize(
    ("text", "jacket", "shirt"),
    [
        ("the jacket for a red one and the shirt for a green one", "red", "green"),
        ("change the jacket to red, the shirt to green", "red", "green"),
        ("the jacket and the shirt to red", "red", "red"),
        ("外套换红色，衬衫换绿色", "红色", "绿色"),
        ("外套和衬衫都换成红色", "红色", "红色"),
    ],
)
def test_every_item_gets_its_own_words(text: str, jacket: str, shirt: str) -> None:
    found = merged(mentions(fold(text), LINES))
    own = dict(zip([mention.line_ids[0] for mention in found], words_of(found, text), strict=True))
    assert jacket in own["1"]
    assert shirt in own["2"]
    assert jacket == shirt or shirt not in own["1"]
    assert jacket == shirt or jacket not in own["2"]


def test_a_product_named_again_is_part_of_the_wish() -> None:
    text = "the jacket for a red fleece jacket"
    found = merged(mentions(text, LINES))
    assert len(found) == 1
    assert "red" in words_of(found, text)[0]
