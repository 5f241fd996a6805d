"""One request in a shop of 70,000 products: the time a customer waits for a recommendation, of a warm process."""

import time
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
from sqlalchemy import Engine, create_engine, insert
from sqlalchemy.orm import Session

from knowledge.customers.transactions import Ints
from knowledge.recommendation import Recommender
from knowledge.recommendation.prepared import PreparedLists, RecommendationModel
from knowledge.recommendation.tasks import Task
from knowledge.shop.schema import Base, CustomerRow, LineRow, OrderRow, ProductRow, VariantRow

PRODUCTS, CUSTOMERS, ORDERS, LINES = 70_000, 5_000, 8, 5
CATEGORIES = 300
REQUESTS = 500
NOW = datetime(2026, 6, 1, 12, 0, tzinfo=UTC)


def main(data: Path) -> None:  # noqa: ARG001  (every table is called alike)
    """Made-up data: only its size matters."""
    rng = np.random.default_rng(1)
    with TemporaryDirectory() as folder:
        engine = create_engine(f"sqlite:///{folder}/shop.db")
        _fill(engine, rng)
        model = _model(rng)
        with Session(engine) as session:
            begun = time.perf_counter()
            Recommender(session, NOW).warm()
            warm = time.perf_counter() - begun
        used = time.process_time()
        waits = np.array([_request(engine, f"c{rng.integers(CUSTOMERS)}", model) for _ in range(REQUESTS)])
        used = 1000 * (time.process_time() - used) / REQUESTS
        engine.dispose()
    half, most = np.quantile(waits, [0.5, 0.99])
    print(
        f"\nOne recommendation, {PRODUCTS:,} products, {CUSTOMERS * ORDERS * LINES:,} lines: p50 {half:.1f} ms, ",
        end="",
    )
    print(
        f"p99 {most:.1f} ms ({used:.1f} ms of the processor); read and learned beforehand in {warm:.1f} s", flush=True
    )


def _request(engine: Engine, customer: str, model: RecommendationModel) -> float:
    """Milliseconds, with a database session of its own as in a turn."""
    begun = time.perf_counter()
    with Session(engine) as session:
        found = Recommender(session, NOW, model=model).recommend(customer, 3)
    assert len(found) == 3
    return 1000 * (time.perf_counter() - begun)


def _model(rng: np.random.Generator) -> RecommendationModel:
    def drawn(columns: int, rows: int = CUSTOMERS) -> Ints:
        return rng.integers(0, PRODUCTS, (rows, columns)).astype(np.int32)

    blank = np.zeros((CUSTOMERS, 30), dtype=np.int32)
    lists = PreparedLists(drawn(30), blank.astype(np.float32), blank, blank - 1, blank.astype(np.float32))
    customers, items = (f"c{n}" for n in range(CUSTOMERS)), (f"p{n}" for n in range(PRODUCTS))
    near = drawn(20, PRODUCTS)
    everywhere = dict.fromkeys(Task, lists)
    return RecommendationModel(20_000.0, tuple(customers), tuple(items), everywhere, near[:, 0], near, near)


def _fill(engine: Engine, rng: np.random.Generator) -> None:
    Base.metadata.create_all(engine)
    with Session(engine) as session:
        session.execute(insert(ProductRow), [
            {"product_id": f"p{n}", "name_en": f"Product {n}", "name_zh": f"商品{n}", "category": f"g{n % CATEGORIES}"}
            for n in range(PRODUCTS)
        ])  # fmt: skip
        session.execute(insert(VariantRow), [
            {"variant_id": f"v{n}", "product_id": f"p{n}", "options": {}, "price": Decimal(5 + n % 90), "stock": 9}
            for n in range(PRODUCTS)
        ])  # fmt: skip
        session.execute(insert(CustomerRow), [
            {"customer_id": f"c{n}", "email": f"c{n}@example.com", "email_key": f"c{n}@example.com",
             "first_name": "A", "last_name": "B"}
            for n in range(CUSTOMERS)
        ])  # fmt: skip
        orders = CUSTOMERS * ORDERS
        ages = rng.uniform(0, 300, orders)
        session.execute(insert(OrderRow), [
            {"order_id": n + 1, "order_number": f"#K{n}", "number_key": f"k{n}", "number_digits": str(n),
             "customer_id": f"c{n // ORDERS}", "status": "delivered", "placed_at": NOW - timedelta(days=ages[n]),
             "address": {}}
            for n in range(orders)
        ])  # fmt: skip
        picks = (rng.zipf(1.3, (orders, LINES)) % PRODUCTS).tolist()
        session.execute(insert(LineRow), [
            {"line_id": f"{n}-{k}", "order_id": n + 1, "position": k, "product_id": f"p{pick}",
             "variant_id": f"v{pick}", "name_en": "", "name_zh": "", "options": {}, "options_zh": {},
             "unit_price": Decimal(5), "quantity": 1}
            for n, row in enumerate(picks) for k, pick in enumerate(row)
        ])  # fmt: skip
        session.commit()
