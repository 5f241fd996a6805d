"""The demo shop's pages: a storefront with the widget on it, and signing in as a made-up customer without a password.
Mounted only with KEFU_DEMO; a real shop signs its own customers' tokens on its own server."""

import colorsys
import re
import zlib
from collections.abc import Callable
from contextlib import AbstractContextManager
from html import escape
from pathlib import Path

from fastapi import APIRouter, Response
from fastapi.responses import FileResponse
from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.problem import Problem
from knowledge.articles.facts import money
from knowledge.shop.demo.listing import ListedCustomer, customer_to_try, customers_to_try
from knowledge.shop.demo.seeding import is_seeded
from knowledge.shop.policy import ShopPolicy
from knowledge.shop.schema import CustomerRow
from knowledge.shop.shop import Shop
from knowledge.shop.types import join_name

PAGE = Path(__file__).parents[1] / "web" / "storefront" / "index.html"
CUSTOMERS_A_LANGUAGE = 4
LOCALES = ("en", "zh")
PRODUCTS_SHOWN = 24
EMOJI = {
    "apparel": "👕",
    "bags": "👜",
    "beauty": "🧴",
    "electronics": "🎧",
    "food": "🍵",
    "home": "🛋️",
    "kitchen": "🍳",
    "office": "🖊️",
    "shoes": "👟",
    "sports": "🏸",
    "toys": "🧸",
}
TILE = (
    '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 400 300"><rect width="400" height="300" fill="{colour}"/>'
    '<text x="200" y="190" font-size="120" text-anchor="middle">{emoji}</text></svg>'
)

MADE_ID = re.compile("c_[0-9a-f]{12}")
"""A customer id of `kefu demo seed`, or of an account opened in the chat."""


class NotADemoShop(RuntimeError):
    """The database holds real customers, whom every visitor of the demo could sign in as."""


OpenSession = Callable[[], AbstractContextManager[Session]]


def router(open_session: OpenSession, policy: Callable[[], ShopPolicy], sign: Callable[[str], str]) -> APIRouter:
    """`sign` makes the identity token of a customer id."""
    routes = APIRouter(tags=["demo"], include_in_schema=False)

    @routes.get("/")
    def page() -> FileResponse:
        return FileResponse(PAGE)

    @routes.get("/demo/customers")
    def customers(also: str = "") -> list[dict[str, object]]:
        """Those with the most to ask about; and `also`, who was chosen before, whatever became of their orders."""
        with open_session() as session:
            listed = [listing for locale in LOCALES for listing in suggestions(session, locale)]
            known = {listing["customer_id"] for listing in listed}
            chosen = customer_to_try(session, also) if also and also not in known else None
            return [person(Shop(session, policy()), listing) for listing in (*listed, *([chosen] if chosen else []))]

    @routes.post("/demo/session/{customer_id}")
    def sign_in(customer_id: str) -> dict[str, str]:
        with open_session() as session:
            if Shop(session, policy()).customer(customer_id) is None:
                raise Problem(404, "No such customer", "Choose one of /demo/customers.")
        return {"token": sign(customer_id)}

    @routes.get("/demo/products")
    def products() -> list[dict[str, object]]:
        with open_session() as session:
            return shelf(Shop(session, policy()))

    @routes.get("/demo/images/{product_id}.svg")
    def image(product_id: str) -> Response:
        with open_session() as session:
            product = Shop(session, policy()).product(product_id)
        if product is None:
            raise Problem(404, "No such product", "Choose one of /demo/products.")
        return Response(tile(product_id, product.category), media_type="image/svg+xml")

    return routes


def refuse_real_customers(session: Session) -> None:
    """Raises NotADemoShop unless all customers were made by `kefu demo seed`, or in the chat with its shop."""
    ids = session.scalars(select(CustomerRow.customer_id)).all()
    if ids and not (is_seeded(session) and all(MADE_ID.fullmatch(customer_id) for customer_id in ids)):
        raise NotADemoShop(
            "KEFU_DEMO lets every visitor sign in as a customer, and this database holds customers that `kefu demo "
            "seed` did not make. Unset KEFU_DEMO, or name another database in KEFU_DATABASE_URL."
        )


def suggestions(session: Session, locale: str) -> list[ListedCustomer]:
    return customers_to_try(session, locale=locale, limit=CUSTOMERS_A_LANGUAGE)


def person(shop: Shop, listing: ListedCustomer) -> dict[str, object]:
    return {
        "customer_id": listing["customer_id"],
        "name": join_name(listing["first_name"], listing["last_name"]),
        "locale": listing["locale"],
        "orders": [latest(shop, order["order_number"]) for order in listing["orders"]],
    }


def latest(shop: Shop, order_number: str) -> dict[str, object]:
    order = shop.order(order_number)
    assert order is not None
    lines = [{"product": line.name_en, "product_zh": line.name_zh} for line in order.lines]
    return {"order_number": order_number, "status": order.status.value, "lines": lines}


def shelf(shop: Shop) -> list[dict[str, object]]:
    """A few products of every category."""
    categories = shop.categories()
    each = -(-PRODUCTS_SHOWN // max(len(categories), 1))
    found = [product for category in categories for product in shop.products_by_category(category, each)]
    return [
        {
            "product_id": product.product_id,
            "name_en": product.name_en,
            "name_zh": product.name_zh,
            "price": price(shop, product.product_id),
            "image": product.image or f"/demo/images/{product.product_id}.svg",
        }
        for product in found[:PRODUCTS_SHOWN]
    ]


def price(shop: Shop, product_id: str) -> str:
    """What the cheapest variant costs; empty when all are sold out."""
    found = shop.price_range(product_id)
    return money(found[0], shop.policy.currency) if found else ""


def tile(product_id: str, category: str) -> str:
    """A picture for a product without one: its category on a colour of its own."""
    hue = zlib.crc32(product_id.encode()) % 360 / 360
    red, green, blue = (round(255 * part) for part in colorsys.hls_to_rgb(hue, 0.88, 0.5))
    return TILE.format(colour=f"rgb({red},{green},{blue})", emoji=escape(EMOJI.get(category, "🎁")))
