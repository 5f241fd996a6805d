"""What can be taught: the intents and the help articles, by their names."""

from collections.abc import Callable, Collection, Sequence
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Query

from bot.console.conversation.why import shown_article
from bot.console.login.access import Agent
from knowledge.articles.article import Article

Language = Literal["en", "zh"]
MOST = 50


def router(
    intents: Collection[str] | None, title: Callable[[str, Language], str | None], articles: Sequence[Article]
) -> APIRouter:
    routes = APIRouter(tags=["console"], prefix="/console/api")

    @routes.get("/intents", summary="What a message can mean")
    def names(_person: Agent, language: Language = "en") -> list[dict[str, str]]:
        named = ((name, title(name, language) or name.replace("_", " ")) for name in intents or ())
        return [{"name": name, "title": words} for name, words in sorted(named, key=lambda one: one[1])]

    @routes.get("/articles", summary="Help articles, by words of their title, tags or questions")
    def found(
        _person: Agent, search: Annotated[str, Query(max_length=200)] = "", language: Language = "en"
    ) -> list[dict[str, Any]]:
        words = search.lower().split()
        theirs = (one for one in articles if one.language == language)
        fitting = [one for one in theirs if all(word in _words(one) for word in words)]
        return [shown_article(one) for one in sorted(fitting, key=lambda one: one.title)[:MOST]]

    return routes


def _words(one: Article) -> str:
    return " ".join([one.title, one.slug, *one.tags, *one.questions]).lower()
