"""Who buys what, when: tastes and seasons decide the category, habit and fashion the product, and people drift away."""

from bisect import bisect
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import accumulate
from random import Random

from knowledge.shop.demo import source
from knowledge.shop.demo.catalogue import DemoProduct, DemoVariant
from knowledge.shop.demo.people import TASTES, Person

ORDERS_PER_CUSTOMER = 12.5
BUSY_MONTHS = {6: 1.25, 11: 1.7, 12: 1.6, 1: 0.8, 2: 0.75}
SEASONS: dict[str, dict[int, float]] = {
    "toys": {5: 1.3, 6: 1.5, 11: 1.8, 12: 3.0},
    "sports": {3: 1.4, 4: 1.6, 5: 1.6, 6: 1.4, 12: 0.6},
    "food": {1: 1.8, 2: 1.6, 4: 1.5, 9: 1.7},
    "home": {9: 1.3, 10: 1.4, 11: 1.5},
    "bags": {6: 1.4, 7: 1.5, 8: 1.5},
    "office": {8: 1.6, 9: 1.8, 1: 1.3},
    "beauty": {3: 1.3, 6: 1.3, 11: 1.5},
}
"""Month → how much more than usual a category sells."""
HABITS = {"food": 0.6, "beauty": 0.55}
"""How likely a customer buys the same product again rather than another of the category."""
OTHER_HABIT = 0.12
COMPANION_SHARE = 0.4


@dataclass(frozen=True)
class Item:
    product: DemoProduct
    variant: DemoVariant
    quantity: int


@dataclass(frozen=True)
class Purchase:
    person: Person
    placed_at: datetime
    items: tuple[Item, ...]


def go_shopping(
    random: Random, people: Sequence[Person], products: Sequence[DemoProduct], now: datetime
) -> list[Purchase]:
    """Everyone's purchases up to now, oldest first; each customer has made at least one."""
    shelves = Shelves(products)
    total = round(ORDERS_PER_CUSTOMER * len(people))
    weights = [person.activity * (_active_until(person, now) - person.joined_at).days + 1 for person in people]
    buyers = [*people, *random.choices(people, weights, k=max(0, total - len(people)))]
    visits = sorted(((_moment(random, person, now), person) for person in buyers), key=lambda visit: visit[0])
    bought: dict[str, list[DemoProduct]] = defaultdict(list)
    purchases = []
    for placed_at, person in visits:
        items = shelves.fill_basket(random, person, placed_at, bought[person.customer_id])
        bought[person.customer_id].extend(item.product for item in items)
        purchases.append(Purchase(person, placed_at, items))
    return purchases


def _active_until(person: Person, now: datetime) -> datetime:
    return min(person.left_at, now)


def _moment(random: Random, person: Person, now: datetime) -> datetime:
    """A time while the customer was active, more likely in a busy month."""
    span = _active_until(person, now) - person.joined_at
    busiest = max(BUSY_MONTHS.values())
    while True:
        moment = person.joined_at + span * random.random()
        if random.random() * busiest <= BUSY_MONTHS.get(moment.month, 1.0):
            return moment


class Shelves:
    """The catalogue arranged for picking: by category and by kind, what is popular in front."""

    def __init__(self, products: Sequence[DemoProduct]) -> None:
        self._by_category: dict[str, list[DemoProduct]] = defaultdict(list)
        self._by_kind: dict[str, list[DemoProduct]] = defaultdict(list)
        for product in products:
            self._by_category[product.category].append(product)
            self._by_kind[product.kind].append(product)
        self._popularity = {
            category: list(accumulate(product.popularity for product in shelf))
            for category, shelf in self._by_category.items()
        }
        self._companions: dict[str, str] = source("catalogue.yml")["goes_with"]
        self._category_weights = {
            (taste, month): self._weights(taste, month) for taste in TASTES for month in range(1, 13)
        }

    def fill_basket(
        self, random: Random, person: Person, placed_at: datetime, bought: list[DemoProduct]
    ) -> tuple[Item, ...]:
        wanted: list[DemoProduct] = []
        for _ in range(random.choices((1, 2, 3, 4), (55, 28, 12, 5))[0]):
            product = self._pick(random, person, placed_at.month, bought)
            wanted.append(product)
            companion = self._companions.get(product.kind)
            if companion and random.random() < COMPANION_SHARE:
                wanted.append(random.choice(self._by_kind[companion]))
        different = {product.product_id: product for product in wanted}
        return tuple(_item(random, product) for product in different.values())

    def _pick(self, random: Random, person: Person, month: int, bought: list[DemoProduct]) -> DemoProduct:
        categories = list(self._by_category)
        cumulative = self._category_weights[person.taste, month]
        category = categories[bisect(cumulative, random.random() * cumulative[-1])]
        habitual = [product for product in bought[-12:] if product.category == category]
        if habitual and random.random() < HABITS.get(category, OTHER_HABIT):
            return random.choice(habitual)
        popularity = self._popularity[category]
        return self._by_category[category][bisect(popularity, random.random() * popularity[-1])]

    def _weights(self, taste: str, month: int) -> list[float]:
        likes = TASTES[taste]
        return list(
            accumulate(
                likes.get(category, 0.35) * SEASONS.get(category, {}).get(month, 1.0) for category in self._by_category
            )
        )


def _item(random: Random, product: DemoProduct) -> Item:
    on_sale = [variant for variant in product.variants if variant.is_on_sale] or list(product.variants)
    return Item(product, random.choice(on_sale), random.choices((1, 2, 3), (88, 9, 3))[0])
