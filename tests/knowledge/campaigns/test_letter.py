"""The mail itself: escaped, whole in both parts, and fetched from nowhere."""

import re
from html.parser import HTMLParser

import pytest

from knowledge.campaigns.letter import Letter, Sender, write_letter
from knowledge.campaigns.message import load_message, packaged_names
from knowledge.campaigns.picking import Picked
from knowledge.campaigns.words import PHRASES, REASONS, reason_in_words
from knowledge.recommendation.reasons import Reason
from knowledge.shop.types import Language

LINK = "https://shop.example/unsubscribe?token=1-abc&lang=en"
SENDER = Sender("Tea & Co", "https://shop.example", {"en": "12 Harbor St", "zh": "海港街12号"})
PICKED = (Picked("p1", "goes_with", "Mug <red>", "from $9", 'Goes well with your "pot".'),)
FACTS = {"first_name": "Ann <script>", "name": "安 & 娜"}


def letter(language: Language = "en") -> Letter:
    return write_letter(load_message("picked_for_you"), language, FACTS, PICKED, SENDER, LINK)


class Checker(HTMLParser):
    """Collects tags that are open at the end, and every address in an attribute."""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.addresses: list[str] = []
        self.tables: list[dict[str, str | None]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag not in ("meta", "br", "img", "link"):
            self.open.append(tag)
        if tag == "table":
            self.tables.append(dict(attrs))
        self.addresses += [value or "" for name, value in attrs if name in ("href", "src", "background", "action")]
        assert tag not in ("img", "link", "script", "iframe", "form", "object"), tag

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag


def checked(text: str) -> Checker:
    checker = Checker()
    checker.feed(text)
    checker.close()
    return checker


def test_the_html_is_whole_and_fetches_nothing() -> None:
    for language in ("en", "zh"):
        checker = checked(letter(language).html)
        assert checker.open == []
        assert set(checker.addresses) == {"https://shop.example", LINK}
        assert "url(" not in letter(language).html and "@import" not in letter(language).html


def test_the_html_can_be_read_aloud() -> None:
    html = letter("zh").html
    assert '<html lang="zh-CN">' in html and html.count("<h1") == 1 and "<title>" in html
    assert all(table.get("role") == "presentation" for table in checked(html).tables)


def test_what_a_customer_or_the_shop_wrote_is_shown_and_never_run() -> None:
    html = letter().html
    assert (
        "<script" not in html and "Ann &lt;script&gt;" in html and "Mug &lt;red&gt;" in html and "Tea &amp; Co" in html
    )
    assert "Ann <script>" in letter().text  # plain text is plain


def test_the_plain_text_says_what_the_html_says() -> None:
    for language in ("en", "zh"):
        one = letter(language)
        for said in (
            "Mug <red>",
            "from $9",
            "Goes well",
            LINK,
            "https://shop.example",
            PHRASES[language]["unsubscribe"],
        ):
            assert said in one.text
        shown = re.sub(r"<[^>]+>", " ", one.html)
        assert all(each in shown for each in ("Mug &lt;red&gt;", "Goes well with your &quot;pot&quot;."))


def test_a_line_break_in_a_name_stays_out_of_the_subject() -> None:
    facts = {"first_name": "x", "name": "Ann\r\nBcc: all@example.com"}
    subject = write_letter(load_message("thank_you"), "zh", facts, (), SENDER, LINK).subject
    assert "Ann" in subject and "\n" not in subject and "\r" not in subject


@pytest.mark.parametrize("name", packaged_names())
def test_an_english_subject_reads_well_without_a_name(name: str) -> None:
    """ "Hi there" does, "Thank you, there" doesn't."""
    assert "{" not in load_message(name).en.subject


def test_every_reason_of_the_recommender_has_words_in_both_languages() -> None:
    for language in ("en", "zh"):
        assert set(Reason) <= set(REASONS[language])
        for reason in Reason:
            assert "{" not in reason_in_words(str(reason), "kettle", 27.6, language)
            assert "{" not in reason_in_words(str(reason), None, None, language)
        assert "28" in reason_in_words("due", None, 27.6, language)
    assert set(PHRASES["en"]) == set(PHRASES["zh"]) and set(REASONS["en"]) == set(REASONS["zh"])
