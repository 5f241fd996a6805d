"""Whether an article answers more exactly than an intent's summary: "do you ship to Germany" among delivery options."""

from collections.abc import Collection

from actions.base import Dispatcher, Language, Services, Tracker
from knowledge.articles.article import fill
from knowledge.articles.facts import shop_facts

MARGIN = 0.12
"""Above the usual threshold: a summary that fits must not give way to a passage that merely might."""


def say_specific(
    here: Services, dispatcher: Dispatcher, tracker: Tracker, language: Language, among: Collection[str]
) -> bool:
    """Say the passage of one of the articles `among` if it clearly fits; whether it was said."""
    text = str(tracker.latest_message.get("text") or "")
    passage = here.articles.answer(text, language, margin=MARGIN)
    if passage is None or passage.article not in among:
        return False
    answer = fill(passage.text, shop_facts(here.shop.policy, language))
    dispatcher.utter_message(response="utter_article", answer=answer, title=passage.title, source=passage.source)
    return True
