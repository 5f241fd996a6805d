"""Saying a passage of the help articles, with its source."""

from collections.abc import Collection

from actions.base import Dispatcher, Language, Services, Tracker
from knowledge.articles.article import fill
from knowledge.articles.facts import shop_facts

MARGIN = 0.12
"""Above the usual threshold: a summary that fits must not give way to a passage that merely might."""


def say_passage(here: Services, dispatcher: Dispatcher, tracker: Tracker, language: Language) -> bool:
    """Answer the latest message from the articles; False if none of them answers it well enough."""
    return _say(here, dispatcher, tracker, language)


def say_specific(
    here: Services, dispatcher: Dispatcher, tracker: Tracker, language: Language, among: Collection[str]
) -> bool:
    """Whether one of the articles `among` clearly fits and was said: "do you ship to Germany" as a way of delivery."""
    return _say(here, dispatcher, tracker, language, among, MARGIN)


def _say(
    here: Services,
    dispatcher: Dispatcher,
    tracker: Tracker,
    language: Language,
    among: Collection[str] | None = None,
    margin: float = 0.0,
) -> bool:
    text = str(tracker.latest_message.get("text") or "")
    passage = here.articles.answer(text, language, margin=margin)
    if passage is None or (among is not None and passage.article not in among):
        return False
    answer = fill(passage.text, shop_facts(here.shop.policy, language))
    dispatcher.utter_message(response="utter_article", answer=answer, title=passage.title, source=passage.source)
    return True
