"""What the pages show of customers' messages, without what names somebody."""

from collections.abc import Callable

from bot.console.analytics.gaps import Redact
from bot.database import Database
from bot.review.collecting import names_of
from bot.review.redaction import redact
from knowledge.shop.policy import ShopPolicy
from knowledge.shop.shop import Shop
from nlu.types import Language, Understanding


def redactor(database: Database, policy: Callable[[], ShopPolicy], parse: Callable[[str], Understanding]) -> Redact:
    """Takes out what the model finds, what the shop knows of the customer, and what looks like a secret."""

    def without_names(text: str, language: Language, customer_id: str | None) -> str:
        with database.read_session() as session:
            customer = Shop(session, policy()).customer(customer_id) if customer_id else None
        return redact(text, parse(text).entities, language, names_of(customer))

    return without_names
