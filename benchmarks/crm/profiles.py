"""How long a profile takes to read: 2,000 customers and 25,000 orders in SQLite, every look audited."""

import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
from rich.console import Console
from rich.table import Table
from sqlalchemy import select

from bot.console.customers import Door
from bot.console.profile_view import ProfileView
from bot.database import open_database, upgrade
from bot.dialogue.assistant import Assistant
from bot.settings import Settings
from knowledge.profiles.schema import ProfileRow
from knowledge.recommendation.recommender import Recommender
from knowledge.shop.columns import utc_now
from knowledge.shop.demo.seeding import seed
from knowledge.shop.policy import load_policy
from knowledge.shop.schema import CustomerRow

LOOKS = 500
REASON = {"code": "pause", "facts": {"recency_days": 80, "gap_days": 14}, "contribution": 1}
TASKS = ("active", "churn", "purchases", "spend")
PREDICTIONS = [{"task": task, "value": 0.5, "reasons": [REASON]} for task in TASKS]


def main(_data: Path) -> None:
    with tempfile.TemporaryDirectory() as folder:
        database = open_database(f"sqlite:///{folder}/kefu.db")
        upgrade(database)
        with database.transaction() as session:
            seed(session, seed=7, customers=2000, now=utc_now())
            ids = list(session.scalars(select(CustomerRow.customer_id)))
            known = {"computed_at": utc_now(), "version": "v1", "features": {}, "segment": "loyal"}
            session.add_all(ProfileRow(customer_id=one, predictions=PREDICTIONS, **known) for one in ids)
        domain = Assistant.load(Settings().assistant_dir).domain_dict()
        door = Door(database, ProfileView(load_policy, domain))
        with database.read_session() as session:
            Recommender(session).warm()
        chosen = np.random.default_rng(1).choice(ids, LOOKS).tolist()
        table = Table("what", "p50 ms", "p99 ms", "p50 CPU ms")
        table.add_row("profile 360, audited", *_timed(lambda one: door.look(one, "en", "bench"), chosen))
        table.add_row("has it changed? (WebSocket, every second)", *_timed(door.stamps, chosen))
        Console().print(table)
        database.close()


def _timed(look: Callable[[str], object], customers: list[str]) -> tuple[str, str, str]:
    walls, busy = [], []
    for one in customers:
        wall, cpu = time.perf_counter(), time.thread_time()
        look(one)
        walls.append(1e3 * (time.perf_counter() - wall))
        busy.append(1e3 * (time.thread_time() - cpu))
    return f"{np.median(walls):.1f}", f"{np.quantile(walls, 0.99):.1f}", f"{np.median(busy):.1f}"
