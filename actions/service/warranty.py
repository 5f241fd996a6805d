"""The warranty of a product that is named or was talked about, else the shop's general one."""

from actions.articles.passages import say_specific
from actions.base import Dispatcher, Domain, Event, KefuAction, Tracker, services
from actions.products.reading import products_meant


class Warranty(KefuAction):
    def run(self, dispatcher: Dispatcher, tracker: Tracker, domain: Domain) -> list[Event]:
        language = self.language(tracker)
        with services() as here:
            if say_specific(here, dispatcher, tracker, language, {"repairs"}):
                return []
            products = products_meant(here.shop, tracker, language, limit=1)
            general = here.shop.policy.warranty_months
        if products and products[0].warranty_months is not None:
            name, months = products[0].name(language), products[0].warranty_months
            response = "utter_product_warranty" if months else "utter_product_without_warranty"
            self.say(dispatcher, response, name=name, months=months)
        else:
            self.say(dispatcher, "utter_warranty", months=general)
        return []
