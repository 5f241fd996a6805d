"""The recommendations in one customer's mail, with price and reason in the customer's language."""

from collections.abc import Iterator
from dataclasses import dataclass

from knowledge.articles.facts import money
from knowledge.campaigns.words import PHRASES, reason_in_words
from knowledge.recommendation.recommender import Recommendation, Recommender
from knowledge.shop.shop import Shop
from knowledge.shop.types import Language, Product


@dataclass(frozen=True)
class Picked:
    """`code` is the reason as the recommender gave it; the rest is what the mail says."""

    product_id: str
    code: str
    name: str
    price: str
    reason: str


class Picker:
    """Only what is in stock is picked."""

    def __init__(self, shop: Shop, recommender: Recommender) -> None:
        self._shop = shop
        self._recommender = recommender

    def pick(self, customer_id: str, count: int, language: Language) -> tuple[Picked, ...]:
        """Up to `count`, best first."""
        return tuple(self._picked(customer_id, count, language)) if count else ()

    def _picked(self, customer_id: str, count: int, language: Language) -> Iterator[Picked]:
        hidden = self._shop.policy.recommendations.only_on_request
        for one in self._recommender.recommend(customer_id, count, without=hidden):
            product = self._shop.product(one.product_id)
            if product is not None:
                price = self._price(one.product_id, language)
                yield Picked(one.product_id, str(one.reason), _name(product, language), price, self._why(one, language))

    def _why(self, recommendation: Recommendation, language: Language) -> str:
        because = self._shop.product(recommendation.because_of) if recommendation.because_of else None
        name = _name(because, language) if because else None
        return reason_in_words(str(recommendation.reason), name, recommendation.gap_days, language)

    def _price(self, product_id: str, language: Language) -> str:
        found = self._shop.price_range(product_id)
        if found is None:
            return ""
        lowest, highest = (money(amount, self._shop.policy.currency) for amount in found)
        return lowest if lowest == highest else PHRASES[language]["from_price"].format(price=lowest)


def _name(product: Product, language: Language) -> str:
    return product.name_zh if language == "zh" else product.name_en
