"""people.yml → customers: names, addresses and phones of their country, ways to pay, and what they like to buy."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from random import Random
from typing import Any

from knowledge.shop.demo import Row, source
from knowledge.shop.folding import email_key, postcode_key

CHINESE_SHARE = 0.35

TASTES: dict[str, dict[str, float]] = {
    "family": {"toys": 6, "home": 3, "food": 3, "apparel": 2, "kitchen": 2},
    "athlete": {"sports": 6, "shoes": 4, "apparel": 3, "electronics": 1, "food": 1},
    "homemaker": {"home": 5, "kitchen": 5, "food": 3, "beauty": 1},
    "technophile": {"electronics": 7, "office": 3, "bags": 2, "shoes": 1},
    "beauty lover": {"beauty": 7, "apparel": 3, "bags": 2, "shoes": 1},
    "tea drinker": {"food": 7, "kitchen": 3, "home": 2},
    "commuter": {"bags": 4, "office": 4, "apparel": 3, "shoes": 3, "electronics": 2},
}
"""What kinds of customers there are, and how much each likes a category (others: a little)."""


@dataclass(frozen=True)
class Person:
    """A customer before they have bought anything. `activity` scales how often, `lifetime` how long."""

    row: Row
    methods: tuple[Row, ...]
    taste: str
    activity: float
    joined_at: datetime
    left_at: datetime
    """After this they buy nothing more (in the future for most)."""

    @property
    def customer_id(self) -> str:
        return str(self.row["customer_id"])


def make_people(random: Random, count: int, start: datetime, now: datetime) -> list[Person]:
    return [_person(random, number, start, now) for number in range(1, count + 1)]


def _person(random: Random, number: int, start: datetime, now: datetime) -> Person:
    locale = "zh" if random.random() < CHINESE_SHARE else "en"
    names = source("people.yml")[locale]
    first_name, last_name, handle = _name(random, names, locale)
    email = f"{handle}{number}@example.{random.choice(('com', 'org', 'net'))}"
    address = _address(random, names, locale)
    joined_at = start + (now - start) * random.betavariate(1.0, 1.6)
    lifetime = timedelta(days=random.expovariate(1 / 420) + 20)
    consent = random.random() < 0.45
    customer_id = f"c_{random.randrange(16**8):08x}{number:04d}"
    row = {
        "customer_id": customer_id,
        "email": email,
        "email_key": email_key(email),
        "first_name": first_name,
        "last_name": last_name,
        "postcode_key": postcode_key(address["postcode"]),
        "phone": _digits(random, names["phones"][address["country"]]),
        "locale": locale,
        "address": address,
        "newsletter_consent": consent,
        "newsletter_consent_at": joined_at if consent else None,
        "created_at": joined_at,
    }
    methods = tuple(_payment_methods(random, customer_id, locale))
    taste = random.choice(list(TASTES))
    return Person(row, methods, taste, random.gammavariate(1.2, 1.0), joined_at, joined_at + lifetime)


def _name(random: Random, names: dict[str, Any], locale: str) -> tuple[str, str, str]:
    """First name, last name, and what the e-mail address makes of them."""
    first, last = random.choice(names["first_names"]), random.choice(names["last_names"])
    if locale == "zh":
        return first[0], last[0], f"{last[1]}.{first[1]}"
    return first, last, f"{first}.{last}".lower()


def _address(random: Random, names: dict[str, Any], locale: str) -> dict[str, str]:
    cities = names["cities"]
    city, state, country, postcode, _ = random.choices(cities, [row[-1] for row in cities])[0]
    street, house = random.choice(names["streets"]), random.randint(1, 399)
    if locale == "zh":
        line1 = f"{street}{house}号"
        door = f"{random.randint(1, 20)}幢{random.randint(1, 30)}0{random.randint(1, 4)}室"
        home = random.choice(names["communities"]) + door
    else:
        line1 = f"{house} {street}"
        home = f"Apt {random.randint(1, 60)}" if random.random() < 0.4 else ""
    return {
        "line1": line1,
        "line2": home,
        "city": city,
        "state": state,
        "postcode": _digits(random, postcode),
        "country": country,
    }


def _digits(random: Random, pattern: str) -> str:
    return "".join(str(random.randint(1, 9)) if letter == "#" else letter for letter in pattern)


def _payment_methods(random: Random, customer_id: str, locale: str) -> list[Row]:
    likely = (
        {"alipay": 0.75, "wechat_pay": 0.6, "credit_card": 0.25}
        if locale == "zh"
        else {"credit_card": 0.85, "paypal": 0.45}
    )
    sources = [name for name, share in likely.items() if random.random() < share] or [next(iter(likely))]
    if random.random() < 0.22:
        sources.append("gift_card")
    return [_payment_method(random, customer_id, locale, position, name) for position, name in enumerate(sources)]


def _payment_method(random: Random, customer_id: str, locale: str, position: int, name: str) -> Row:
    is_card = name == "credit_card"
    brands = ("unionpay", "visa") if locale == "zh" else ("visa", "mastercard", "amex")
    return {
        "payment_method_id": f"{name}_{random.randrange(10**9):09d}{customer_id[-4:]}",
        "customer_id": customer_id,
        "position": position,
        "source": name,
        "brand": random.choice(brands) if is_card else None,
        "last_four": f"{random.randrange(10000):04d}" if is_card else None,
        "balance": Decimal(random.randrange(500, 20000)).scaleb(-2) if name == "gift_card" else None,
    }
