"""Answers anything else: from the help articles with the source, or about the product just talked about, or admits not
to know."""

from actions.articles.passages import say_passage
from actions.base import Dispatcher, Domain, Event, KefuAction, Tracker, services
from actions.products.product_availability import ProductAvailability
from actions.products.product_details import ProductDetails
from actions.products.reading import asks_for_options_of_last, is_about_options_of_last


class AnswerFromArticles(KefuAction):
    def run(self, dispatcher: Dispatcher, tracker: Tracker, domain: Domain) -> list[Event]:
        if asks_for_options_of_last(tracker):
            return ProductDetails().run(dispatcher, tracker, domain)
        with services() as here:
            if say_passage(here, dispatcher, tracker, self.language(tracker)):
                return []
            if is_about_options_of_last(here.shop, tracker):
                return ProductAvailability().run(dispatcher, tracker, domain)
        self.say(dispatcher, "utter_dont_know")
        return []
