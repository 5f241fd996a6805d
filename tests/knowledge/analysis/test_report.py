"""The page: whole in both languages, asking nobody for anything, silent about single people, and safe to open."""

import re
from dataclasses import replace
from functools import cache
from html.parser import HTMLParser

import numpy as np
import pytest

from knowledge.analysis.errors import NothingToReport
from knowledge.analysis.page.report import html_report
from knowledge.analysis.survey import Survey, survey
from knowledge.analysis.words import LANGUAGES, Language, Words, table
from knowledge.customers.transactions import Items, Transactions
from knowledge.segmentation import ARCHETYPES
from tests.knowledge.segmentation.shops import CUT, joined, shop
from tests.knowledge.segmentation.shops import table as bought

SECTIONS = ("segments", "comparison", "cohorts", "concentration", "trends", "correlation", "description")
VOID = {"meta", "link", "br", "img", "input", "hr"}
HOSTILE = "<script>alert(1)</script>"


def items(transactions: Transactions, categories: tuple[str, ...] = ("tea", "cups", "")) -> Items:
    count = len(transactions.items)
    kinds = np.array([categories[number % len(categories)] for number in range(count)], dtype=np.str_)
    return Items(np.full(count, ""), kinds)


def surveyed(transactions: Transactions, cut: float = CUT, categories: tuple[str, ...] = ("tea", "cups", "")) -> Survey:
    chance = np.random.default_rng(0)
    count = len(transactions.customers)
    groups = {"tier": np.array(["gold", "basic", HOSTILE])[chance.integers(0, 3, count)]}
    groups["language"] = np.array(["en", "zh", ""])[chance.integers(0, 3, count)]
    return survey(transactions, items(transactions, categories), groups, cut, {"no customer": 3, "odd <rows>": 2})


WHOLE = surveyed(shop())


@cache
def page_of_the_whole(language: Language) -> str:
    return html_report(WHOLE, language)


class Reader(HTMLParser):
    """Collects tags, what they point at, and text; fails where a tag is not closed."""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.ids: list[str] = []
        self.pointed: list[str] = []
        self.text = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag not in VOID:
            self.open.append(tag)
        for name, value in attrs:
            if name == "id" and value:
                self.ids.append(value)
            if name in ("src", "href", "action", "xlink:href", "data"):
                self.pointed.append(value or "")

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.handle_starttag(tag, attrs)
        if tag not in VOID:
            self.open.pop()

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        if self.open[-1:] not in (["style"], ["script"]):
            self.text += data


def read(page: str) -> Reader:
    reader = Reader()
    reader.feed(page)
    reader.close()
    assert reader.open == []
    return reader


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_page_is_whole_and_asks_nobody(language: Language) -> None:
    page = page_of_the_whole(language)
    reader = read(page)
    assert set(SECTIONS) <= set(reader.ids)
    assert all(each.startswith("#") for each in reader.pointed)
    outside = re.findall(r"url\((?!#)|@import|<script|<link|<iframe", page)
    assert outside == []
    assert len(page) < 1_000_000
    for code in {each.code for each in WHOLE.standing.segments} if WHOLE.standing else ():
        assert ARCHETYPES[code].name(language) in reader.text
        assert ARCHETYPES[code].about(language) in reader.text


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_section_ends_with_what_it_cannot_tell(language: Language) -> None:
    page = page_of_the_whole(language)
    for part in re.findall(r"<section.*?</section>", page, flags=re.DOTALL):
        assert part.endswith("</ul></aside></section>")
        assert Words(language)("limits") in part


def test_no_picture_keeps_a_stand_in_colour_and_all_are_described() -> None:
    page = page_of_the_whole("en")
    assert "#0a0" not in page
    pictures = re.findall(r"<svg[^>]*>", page)
    assert len(pictures) >= 9
    assert all('aria-label="' in each for each in pictures)


def test_what_the_shop_wrote_is_text_and_not_a_tag() -> None:
    page = html_report(surveyed(shop(), categories=("<b>tea</b>", "a&b", '"x"')), "en")
    assert HOSTILE not in page
    assert "<b>tea" not in page
    assert "&lt;script&gt;" in page
    assert "odd &lt;rows&gt;" in page


def test_the_languages_are_not_mixed() -> None:
    assert re.search(r"[\u4e00-\u9fff]", read(page_of_the_whole("en")).text) is None
    chinese = read(page_of_the_whole("zh")).text
    known = (
        r"RFM|Spearman|Pearson|Cliff|Hedges|Holm|BH|HDBSCAN|UTC|kefu crm report|Cram|means|tea|cups|script|alert|odd"
    )
    assert set(re.findall(r"[A-Za-z]{4,}", re.sub(known, "", chinese))) <= {"rows"}


def test_every_sentence_is_there_in_both_languages_with_the_same_facts() -> None:
    for key, sentence in table().items():
        assert set(sentence) == set(LANGUAGES), key
        facts = [set(re.findall(r"{(\w+)}", text)) for text in sentence.values()]
        assert facts[0] == facts[1], key


def test_nothing_from_the_cut_on_is_read() -> None:
    small = shop(80)
    cut = CUT - 50
    later = bought(["c00001"] * 30, cut + np.arange(30.0), [1e6] * 30)
    before, after = small.before(cut), joined(small, later)
    left = survey(before, items(before), {}, cut, {})
    right = survey(after, items(after), {}, cut, {})
    assert html_report(left, "en") == html_report(right, "en")


@pytest.mark.parametrize("customers", [1, 4])
def test_of_fewer_than_five_nothing_is_told(customers: int) -> None:
    few = bought([f"c{n % customers}" for n in range(40)], CUT - 1 - np.arange(40.0) * 5, np.full(40, 77.0))
    page = read(html_report(surveyed(few), "en")).text
    assert f"Customers with purchases so far: {customers}" in page
    assert "Segments" not in page
    assert "77" not in page
    assert "revenue" not in page and "orders" not in page and f"{40 * 77:,}" not in page


@pytest.mark.parametrize(
    "transactions",
    [
        shop(5),
        shop(25),
        shop(40),
        replace(shop(60), amount=np.zeros(len(shop(60)))),
        bought([f"c{n}" for n in range(50)], np.full(50, CUT - 0.5), np.full(50, 9.0)),
        shop(60).between(CUT - 20, CUT),
        bought([f"c{n % 60}" for n in range(240)], CUT - 200 + np.repeat([0.0, 60, 120, 190], 60), np.ones(240)),
    ],
    ids=["five customers", "too few for segments", "forty", "no prices", "one day", "three weeks", "nobody new"],
)
@pytest.mark.parametrize("language", LANGUAGES)
def test_what_cannot_be_told_is_said(transactions: Transactions, language: Language) -> None:
    reader = read(html_report(surveyed(transactions), language))
    assert set(SECTIONS) <= set(reader.ids)
    assert "nan" not in reader.text.lower().replace("finan", "")


def test_an_empty_shop_has_no_report() -> None:
    with pytest.raises(NothingToReport, match="no purchase"):
        surveyed(bought([], np.empty(0)))
    with pytest.raises(NothingToReport):
        surveyed(shop(30), cut=0.0)
