"""Tells how to buy: the bot takes no orders, the shop's basket does."""

from actions.base import Dispatcher, Domain, Event, KefuAction, Tracker, services
from actions.products.reading import products_meant
from actions.products.showing import show


class PlaceOrder(KefuAction):
    def run(self, dispatcher: Dispatcher, tracker: Tracker, domain: Domain) -> list[Event]:
        language = self.language(tracker)
        with services() as here:
            products = products_meant(here.shop, tracker, language, limit=3)
            if not products:
                self.say(dispatcher, "utter_how_to_order")
                return []
            return show(dispatcher, here.shop, "utter_how_to_order_product", products, language)
