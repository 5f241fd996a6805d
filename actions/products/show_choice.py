"""What follows "the second one" or a bare name when no form is waiting for it: the product or order it points at."""

from actions.articles.answer_from_articles import AnswerFromArticles
from actions.base import Dispatcher, Domain, Event, KefuAction, Tracker, services
from actions.choosing import choose, read_choices
from actions.orders.pointing import open_order
from actions.products.companions import WITH
from actions.products.product_availability import ProductAvailability
from actions.products.product_details import ProductDetails
from actions.products.reading import options_said, products_meant
from actions.products.recommend_product import RecommendProduct
from actions.words import fold


class ShowChoice(KefuAction):
    def run(self, dispatcher: Dispatcher, tracker: Tracker, domain: Domain) -> list[Event]:
        text = str(tracker.latest_message.get("text") or "")
        if orders := choose(text, read_choices(tracker.get_slot("choices"), "order")):
            return open_order(orders[0])
        with services() as here:
            products = products_meant(here.shop, tracker, self.language(tracker))
            variants = here.shop.variants_of(products[0].product_id) if products else []
            names_options = bool(options_said(text, variants))
        if not products:
            return AnswerFromArticles().run(dispatcher, tracker, domain)
        return self._question(text, names_options).run(dispatcher, tracker, domain)

    @staticmethod
    def _question(text: str, names_options: bool) -> KefuAction:
        """ "The second one" may carry a question of its own: what goes with it, is it there in blue."""
        if WITH.search(fold(text)):
            return RecommendProduct()
        return ProductAvailability() if names_options else ProductDetails()
