"""The help articles as pages: what an answer's source link opens."""

from collections.abc import Callable, Mapping, Sequence
from html import escape
from typing import get_args

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse
from markdown_it import MarkdownIt

from bot.problem import Problem
from knowledge.articles.article import Article, Language, fill

WORDS: dict[Language, dict[str, str]] = {
    "en": {"lang": "en", "all": "All help articles", "other": "中文", "other_code": "zh", "title": "Help"},
    "zh": {"lang": "zh-CN", "all": "全部帮助文章", "other": "English", "other_code": "en", "title": "帮助中心"},
}
PAGE = """<!doctype html>
<html lang="{lang}">
<head>
  <meta charset="utf-8">
  <meta name="viewport" content="width=device-width, initial-scale=1">
  <title>{title}</title>
  <link rel="stylesheet" href="/pages/article.css">
</head>
<body><main>
<nav><a href="/articles?lang={code}">{all}</a><a href="{path}?lang={other_code}" lang="{other_code}">{other}</a></nav>
{body}
</main></body>
</html>
"""
_markdown = MarkdownIt("commonmark", {"html": False})


def router(articles: Sequence[Article], facts: Callable[[Language], Mapping[str, str]]) -> APIRouter:
    """`facts` words the shop's rules for the articles' placeholders."""
    routes = APIRouter(tags=["articles"], default_response_class=HTMLResponse)
    shelf = {(article.language, article.slug): article for article in articles}

    @routes.get("/articles", summary="All help articles")
    def index(request: Request, lang: str | None = None) -> str:
        language = choose(request, lang)
        titles = sorted(article.title for article in articles if article.language == language)
        links = {a.title: f"{a.source}?lang={language}" for a in articles if a.language == language}
        items = "".join(f'<li><a href="{links[title]}">{escape(title)}</a></li>' for title in titles)
        return page(language, "/articles", WORDS[language]["title"], f"<ul>{items}</ul>")

    @routes.get("/articles/{slug}", summary="One help article")
    def article(request: Request, slug: str, lang: str | None = None) -> str:
        language = choose(request, lang)
        found = shelf.get((language, slug))
        if found is None:
            raise Problem(404, "No such article", "There is no article of that name; /articles lists them.")
        return page(language, found.source, found.title, body(found, facts(language)))

    return routes


def choose(request: Request, wanted: str | None) -> Language:
    if wanted in get_args(Language):
        return "zh" if wanted == "zh" else "en"
    return "zh" if request.headers.get("accept-language", "").lower().startswith("zh") else "en"


def body(article: Article, facts: Mapping[str, str]) -> str:
    parts = [
        f"## {section.heading}\n\n{section.text}" if section.heading else section.text for section in article.sections
    ]
    return str(_markdown.render(fill("\n\n".join(parts), facts)))


def page(language: Language, path: str, title: str, content: str) -> str:
    words = WORDS[language]
    heading = f"<h1>{escape(title)}</h1>\n{content}"
    return PAGE.format(**{**words, "title": escape(title)}, code=language, path=path, body=heading)
