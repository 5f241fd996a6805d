"""The articles themselves, and what is said about one that is wrong."""

from pathlib import Path

import pytest

from knowledge.articles.article import LANGUAGES, Article, fill, read_article, read_articles
from knowledge.articles.errors import ArticleError
from knowledge.articles.facts import money, opening_hours, shop_facts
from knowledge.articles.lexical import LexicalIndex, tokens
from knowledge.shop.policy import load_policy

ARTICLES = read_articles()
SENTENCE_LIMIT = {"en": 420, "zh": 170}
"""Characters of a section: what one may say in a chat at once."""


def test_there_are_enough_in_both_languages() -> None:
    assert {language: len([a for a in ARTICLES if a.language == language]) >= 25 for language in LANGUAGES} == {
        "en": True,
        "zh": True,
    }


@pytest.mark.parametrize("article", ARTICLES, ids=lambda article: f"{article.language}/{article.slug}")
def test_an_article_can_be_said(article: Article) -> None:
    facts = shop_facts(load_policy(), article.language)
    assert article.placeholders <= facts.keys()
    assert len(article.questions) >= 3
    for section in article.sections:
        said = fill(section.text, facts)
        assert "{" not in said
        assert len(said) <= SENTENCE_LIMIT[article.language], f"{section.heading}: too long for one answer"


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ("no front matter", "front matter between two lines"),
        ("---\ntitle: A: B\n---\ntext", "not YAML"),
        ("---\n- a\n---\ntext", "key: value"),
        ("---\ntags: []\n---\ntext", "needs a `title:`"),
        ("---\ntitle: A\nauthor: me\n---\ntext", "'author'"),
        ("---\ntitle: A\ntags: one\n---\ntext", "`tags:` must be a list"),
        ("---\ntitle: A\n---\n\n", "no text"),
    ],
)
def test_a_wrong_file_is_named_with_the_way_out(tmp_path: Path, text: str, complaint: str) -> None:
    path = tmp_path / "wrong.md"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(ArticleError, match=r"wrong\.md") as caught:
        read_article(path, "en")
    assert complaint in str(caught.value)


def test_an_article_must_exist_in_both_languages(tmp_path: Path) -> None:
    for language in LANGUAGES:
        (tmp_path / language).mkdir()
    (tmp_path / "en" / "only.md").write_text("---\ntitle: A\n---\ntext", encoding="utf-8")
    with pytest.raises(ArticleError, match=r"zh/only\.md"):
        read_articles(tmp_path)


def test_wrapped_lines_are_joined_and_lists_kept(tmp_path: Path) -> None:
    path = tmp_path / "a.md"
    path.write_text("---\ntitle: A\n---\none\ntwo\n\n## More\n- x\n- y\n", encoding="utf-8")
    opening, more = read_article(path, "en").sections
    assert (opening.text, more.heading, more.text) == ("one two", "More", "- x\n- y")


def test_tokens_drop_what_says_nothing() -> None:
    assert tokens("Can I please return the shoes?") == tokens("returning shoes")
    assert tokens("请问你们支持货到付款吗") == tokens("支持货到付款")


def test_synonyms_are_one_word() -> None:
    assert tokens("postage") == tokens("shipping")
    assert tokens("邮费") == tokens("运费")


def test_scores_run_from_nothing_to_the_same_words() -> None:
    scores = LexicalIndex(["red shoes", "blue hat", "green coat with buttons"]).scores("blue hat")
    assert scores[1] == pytest.approx(1.0, abs=0.15)
    assert scores[0] == scores[2] == 0


def test_facts_are_worded_per_language() -> None:
    policy = load_policy()
    assert opening_hours(policy, "en") == "every day, 09:00–21:00 (Los Angeles time)"
    assert opening_hours(policy, "zh") == "每天 09:00–21:00（洛杉矶时间）"
    assert money(policy.delivery[0].fee, "CNY") == "¥4.90"
    assert shop_facts(policy, "zh")["student_discount"] == "9 折"
