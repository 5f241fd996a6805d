"""A small shop in a real SQLite database, and a stage on which one action answers one message in it."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import yaml
from rasa_sdk import Tracker
from rasa_sdk.executor import CollectingDispatcher
from sqlalchemy import create_engine
from sqlalchemy.orm import Session
from sqlalchemy.pool import StaticPool

from actions.base import KefuAction, NoQueue, Queue, Services, bound
from knowledge.articles.index import ArticleIndex
from knowledge.profiles.advising import Advisor
from knowledge.profiles.reading import Profiles
from knowledge.recommendation.recommender import Recommender
from knowledge.shop.folding import digits_of, email_key, order_number_key, postcode_key
from knowledge.shop.schema import Base, CouponRow, CustomerRow, LineRow, OrderRow, ProductRow, VariantRow
from knowledge.shop.shop import Shop

NOW = datetime(2026, 3, 10, 20, 0, tzinfo=UTC)  # noon in Portland, where the demo shop's people sit
ASSISTANT = Path(__file__).parents[3] / "bot" / "assistant"
COLOUR, SIZE = ("colour", "颜色"), ("size", "尺码")
BLACK, BLUE, RED = ("black", "黑色"), ("blue", "蓝色"), ("red", "红色")
S, M, L = ("S", "S"), ("M", "M"), ("L", "L")
HOME = {"line1": "1 Elm St", "line2": "", "city": "Austin", "state": "TX", "postcode": "78701", "country": "USA"}
Pair = tuple[str, str]


@dataclass
class Answer:
    """What an action said, worded in the conversation's language, and what it changed."""

    messages: list[dict[str, Any]]
    texts: list[str]
    events: list[dict[str, Any]]

    @property
    def text(self) -> str:
        return "\n".join(self.texts)

    @property
    def responses(self) -> list[str]:
        return [message["response"] for message in self.messages if message["response"]]

    @property
    def slots(self) -> dict[str, Any]:
        return {event["name"]: event["value"] for event in self.events if event["event"] == "slot"}

    @property
    def cards(self) -> list[dict[str, Any]]:
        return [card for message in self.messages for card in message["custom"].get("cards", [])]


@dataclass
class Stage:
    """`ask` puts one message to one action; the slots it sets stay for the next."""

    session: Session
    shop: Shop
    articles: ArticleIndex
    slots: dict[str, Any] = field(default_factory=lambda: {"language": "en", "choices": []})
    events: list[dict[str, Any]] = field(default_factory=list)
    form: str | None = None
    number: int = 0
    queue: Queue = field(default_factory=NoQueue)

    def speak(self, language: str) -> "Stage":
        self.slots["language"] = language
        return self

    def identify(self, customer_id: str = "ann") -> "Stage":
        self.slots["customer_id"] = customer_id
        return self

    def ask(
        self, action: KefuAction, text: str, intent: str = "", entities: Sequence[Mapping[str, Any]] = ()
    ) -> Answer:
        self.number += 1
        message = {
            "text": text,
            "intent": {"name": intent, "confidence": 0.95},
            "entities": [dict(entity) for entity in entities],
            "message_id": f"m{self.number}",
        }
        self.events.append({"event": "user", "text": text, "timestamp": NOW.timestamp(), "parse_data": message})
        return self.run(action, message)

    def run(self, action: KefuAction, message: dict[str, Any]) -> Answer:
        dispatcher = CollectingDispatcher()
        tracker = Tracker(
            "rest:tester", dict(self.slots), message, list(self.events), False, None,
            {"name": self.form} if self.form else {}, None,
        )  # fmt: skip
        with bound(self.services):
            events = action.run(dispatcher, tracker, {"responses": RESPONSES})
        answer = Answer(dispatcher.messages, [self.worded(each) for each in dispatcher.messages], events)
        self.slots.update(answer.slots)
        self.events += [{"event": "bot", "text": text} for text in answer.texts]
        return answer

    @contextmanager
    def services(self) -> Iterator[Services]:
        advisor = Advisor(self.session, self.shop, now=lambda: NOW)
        profiles = Profiles(self.session, lambda: NOW)
        yield Services(self.shop, self.articles, Recommender(self.session, NOW), profiles, advisor, self.queue)

    def worded(self, message: Mapping[str, Any]) -> str:
        """The first variation in the conversation's language, as a text-only channel would show it."""
        if not message["response"]:
            return str(message["text"])
        for variation in RESPONSES[message["response"]]:
            if variation["condition"][0]["value"] == self.slots["language"] and "channel" not in variation:
                return str(variation["text"]).format_map({**self.slots, **message})
        raise LookupError(f"{message['response']} has nothing in {self.slots['language']}")


def _responses() -> dict[str, list[dict[str, Any]]]:
    found: dict[str, list[dict[str, Any]]] = {}
    for path in sorted(ASSISTANT.rglob("*.yml")):
        if not {"nlu", "sentiment"} & set(path.parts):
            found.update(yaml.safe_load(path.read_text(encoding="utf-8")).get("responses") or {})
    return found


RESPONSES = _responses()


def open_stage() -> Stage:
    engine = create_engine("sqlite://", poolclass=StaticPool, connect_args={"check_same_thread": False})
    Base.metadata.create_all(engine)
    session = Session(engine)
    fill(session)
    session.commit()
    return Stage(session, Shop(session, now=lambda: NOW), articles())


_articles: list[ArticleIndex] = []


def articles() -> ArticleIndex:
    if not _articles:
        _articles.append(ArticleIndex.load())
    return _articles[0]


def fill(session: Session) -> None:
    add_product(session, "tee", "Cotton T-Shirt", "纯棉T恤", "apparel", [COLOUR, SIZE], {
        "tee-black-m": ([BLACK, M], "15.00", 40), "tee-blue-m": ([BLUE, M], "15.00", 3),
        "tee-blue-l": ([BLUE, L], "16.00", 0), "tee-red-s": ([RED, S], "14.00", 9),
    })  # fmt: skip
    add_product(session, "jacket", "Rain Jacket", "防雨夹克", "apparel", [COLOUR], {"jacket-red": ([RED], "89.00", 4)})
    add_product(session, "lamp", "Desk Lamp", "护眼台灯", "home", [COLOUR], {
        "lamp-black": ([BLACK], "35.00", 12), "lamp-blue": ([BLUE], "38.00", 8),
    }, warranty=36)  # fmt: skip
    add_product(session, "kettle", "Electric Kettle", "电热水壶", "kitchen", [], {"kettle-1": ([], "42.00", 20)})
    add_product(session, "oolong", "Oolong Tea", "乌龙茶", "food", [], {"oolong-1": ([], "12.00", 100)}, warranty=0)
    add_product(session, "matcha", "Matcha Powder", "抹茶粉", "food", [], {"matcha-1": ([], "25.00", 50)})
    add_product(session, "mouse", "Wireless Mouse", "无线鼠标", "electronics", [COLOUR], {
        "mouse-black": ([BLACK], "29.00", 0), "mouse-blue": ([BLUE], "29.00", 0),
    })  # fmt: skip
    add_product(session, "keyboard", "Mechanical Keyboard", "机械键盘", "electronics", [], {"kb-1": ([], "99.00", 5)})
    add_customer(session, "ann", "Ann", "Smith", "ann@example.com", points=620)
    add_customer(session, "wei", "伟", "王", "wangwei@example.cn", points=5200)
    for number in range(60):
        add_customer(session, f"c{number}", f"First{number}", "Last", f"c{number}@example.com")
        together = (["keyboard", "lamp"], ["kettle", "oolong"], ["matcha", "tee"])[number % 3]
        add_order(session, f"c{number}", together, days_ago=40 + number)
        if number % 3 == 1:
            add_order(session, f"c{number}", ["oolong"], days_ago=5 + number % 20)
    add_order(session, "c0", ["kettle", "tee"], days_ago=90)
    add_order(session, "ann", ["kettle"], days_ago=60)
    add_order(session, "wei", ["oolong"], days_ago=45, status="shipped")
    session.add_all([
        CouponRow(code="SPRING10", percent_off=10, minimum_spend=Decimal(50), starts_at=NOW - timedelta(days=5),
                  ends_at=NOW + timedelta(days=20), is_public=True),
        CouponRow(code="WINTER5", amount_off=Decimal(5), starts_at=NOW - timedelta(days=90),
                  ends_at=NOW - timedelta(days=9), is_public=True),
        CouponRow(code="VIP20", percent_off=20, starts_at=NOW - timedelta(days=5), ends_at=NOW + timedelta(days=5),
                  is_public=False),
    ])  # fmt: skip


def add_product(
    session: Session,
    product_id: str,
    name: str,
    name_zh: str,
    category: str,
    options: Sequence[Pair],
    variants: Mapping[str, tuple[Sequence[Pair], str, int]],
    warranty: int | None = None,
) -> None:
    columns: list[list[Pair]] = [[] for _ in options]
    for values, _, _ in variants.values():
        for column, value in zip(columns, values, strict=True):
            if value not in column:
                column.append(value)
    described = [
        {"name": en, "name_zh": zh, "values": [v for v, _ in column], "values_zh": [v for _, v in column]}
        for (en, zh), column in zip(options, columns, strict=True)
    ]
    english, chinese = f"A fine {name.lower()}. Made to last.", f"好用的{name_zh}。经久耐用。"
    row = ProductRow(product_id=product_id, name_en=name, name_zh=name_zh, category=category, options=described)
    row.description_en, row.description_zh, row.warranty_months = english, chinese, warranty
    session.add(row)
    for position, (variant_id, (values, price, stock)) in enumerate(variants.items()):
        chosen = {option[0]: value[0] for option, value in zip(options, values, strict=True)}
        session.add(
            VariantRow(variant_id=variant_id, product_id=product_id, position=position, options=chosen,
                       price=Decimal(price), stock=stock)
        )  # fmt: skip
    session.flush()


def add_customer(session: Session, customer_id: str, first: str, last: str, email: str, points: int = 0) -> None:
    session.add(
        CustomerRow(customer_id=customer_id, email=email, email_key=email_key(email), first_name=first, last_name=last,
                    address=HOME, postcode_key=postcode_key("78701"), loyalty_points=points, phone="+12025550123",
                    loyalty_tier="platinum" if points > 5000 else "silver" if points > 500 else "basic")
    )  # fmt: skip
    session.flush()


_numbers: Callable[[], int] = iter(range(1_000_000, 9_000_000)).__next__


def add_order(
    session: Session, customer_id: str, product_ids: Sequence[str], days_ago: float, status: str = "delivered"
) -> str:
    number = f"#K{_numbers()}"
    order = OrderRow(
        order_number=number, number_key=order_number_key(number), number_digits=digits_of(number),
        customer_id=customer_id, status=status, placed_at=NOW - timedelta(days=days_ago), address=HOME,
    )  # fmt: skip
    session.add(order)
    session.flush()
    for position, product_id in enumerate(product_ids):
        session.add(
            LineRow(line_id=f"{number}-{position}", order_id=order.order_id, position=position, product_id=product_id,
                    variant_id=f"{product_id}-1", name_en=product_id, name_zh=product_id, options={}, options_zh={},
                    unit_price=Decimal(10), quantity=1)
        )  # fmt: skip
    session.flush()
    return number


def named(*product_ids: str) -> dict[str, Any]:
    """The entity that the understanding layer finds for a product's name."""
    return {"entity": "product", "value": product_ids[0], "details": {"product_ids": list(product_ids)}}
