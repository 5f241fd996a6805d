"""Answers anything else from the help articles, with the source; or says honestly that it doesn't know."""

from actions.base import Dispatcher, Domain, Event, KefuAction, Tracker, services
from knowledge.articles.article import fill
from knowledge.articles.facts import shop_facts


class AnswerFromArticles(KefuAction):
    def run(self, dispatcher: Dispatcher, tracker: Tracker, domain: Domain) -> list[Event]:
        language = self.language(tracker)
        text = str(tracker.latest_message.get("text") or "")
        with services() as here:
            passage = here.articles.answer(text, language)
            if passage is None:
                self.say(dispatcher, "utter_dont_know")
                return []
            answer = fill(passage.text, shop_facts(here.shop.policy, language))
        self.say(dispatcher, "utter_article", answer=answer, title=passage.title, source=passage.source)
        return []
