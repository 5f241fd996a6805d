"""`kefu monitor` and /metrics: a shift in what customers write is told, steady traffic is not."""

import json
import shutil
import time
from dataclasses import dataclass
from pathlib import Path

import pytest
from prometheus_client import CollectorRegistry, generate_latest
from sqlalchemy import text
from typer.testing import CliRunner, Result

from bot.assembly import assemble
from bot.channels.base import make_message
from bot.cli import build
from bot.console.understanding_metrics import UnderstandingMetrics
from bot.database import open_database, upgrade
from bot.settings import Settings
from bot.watching import Watch, find_snapshot
from nlu.dataset import Example, read_examples
from nlu.drift import Snapshot
from nlu.interpreter import DEFAULT_MODEL, Interpreter
from nlu.snapshotting import store_snapshot

FROZEN = Path(__file__).parents[1] / "nlu" / "frozen" / "intents_en.yml"
ENGLISH = [one.text for one in read_examples(FROZEN, "nlu")]
STEADY = ENGLISH[::8]
SHIFTED = [one for one in ENGLISH if "refund" in one or "return" in one] * 3


@dataclass(frozen=True)
class Watched:
    """A model with the snapshot that training leaves, and a database."""

    model: Path
    url: str

    def monitor(self, *arguments: str) -> Result:
        variables = {"KEFU_DATABASE_URL": self.url, "KEFU_MODEL_DIR": str(self.model), "COLUMNS": "200"}
        return CliRunner(env=variables).invoke(build(), ["monitor", *arguments])

    def hears(self, said: list[str]) -> None:
        """The messages as stored turns, in place of those that were there."""
        database = open_database(self.url)
        upgrade(database)
        values = [
            {"events": json.dumps([{"event": "user", "text": words}]), "turn": turn, "now": time.time()}
            for turn, words in enumerate(said, start=1)
        ]
        with database.transaction() as session:
            session.execute(text("DELETE FROM turns"))
            session.execute(
                text(
                    "INSERT INTO conversations (id, channel, account, sender_id, created_at, updated_at)"
                    " VALUES ('web:a', 'web', '', 'a', 0, 0) ON CONFLICT DO NOTHING"
                )
            )
            session.execute(
                text(
                    "INSERT INTO turns (conversation_id, turn, events, decision, created_at)"
                    """ VALUES ('web:a', :turn, :events, '{"language": "en"}', :now)"""
                ),
                values,
            )
        database.close()


@pytest.fixture(scope="module")
def watched(tmp_path_factory: pytest.TempPathFactory) -> Watched:
    folder = tmp_path_factory.mktemp("watched")
    shutil.copytree(DEFAULT_MODEL, folder / "model")
    candidates = (Example(f"{words}{sign}", "any", "here") for sign in ("", "!", ".", " ...") for words in ENGLISH)
    held_out = [one for one in candidates if one.is_held_out]
    store_snapshot(folder / "model", held_out[:240])
    return Watched(folder / "model", f"sqlite:///{folder}/kefu.db")


def test_training_leaves_a_snapshot_that_belongs_to_the_model(watched: Watched) -> None:
    snapshot = Snapshot.beside(watched.model)
    assert snapshot and (snapshot.source, snapshot.made) == ("training", "")
    assert Interpreter.load(watched.model).metadata.version == snapshot.model_version  # sealed with the other files


def test_the_report_is_calm_about_steady_traffic_and_alarmed_by_a_shift(watched: Watched, tmp_path: Path) -> None:
    watched.hears(STEADY)
    steady = watched.monitor("report", "--days", "1")
    assert steady.exit_code == 0, steady.output
    watched.hears(SHIFTED)
    page = tmp_path / "drift.html"
    shifted = watched.monitor("report", "--days", "1", "--json", "--html", str(page))
    assert shifted.exit_code == 3, shifted.output
    alarmed = {one["measure"] for one in json.loads(shifted.stdout) if one["is_alarm"]}
    assert {"intent", "topic"} <= alarmed
    assert "moved (PSI" in page.read_text("utf-8")
    shown = page.read_text("utf-8") + shifted.output
    assert not any(words in shown for words in SHIFTED if " " in words)  # "refund" alone is part of an intent


def test_a_snapshot_of_real_traffic_takes_the_place_of_trainings(watched: Watched) -> None:
    watched.hears(SHIFTED)
    database = open_database(watched.url)
    with database.transaction() as session:
        for name in ("nlu_snapshot_gone", "nlu_other"):
            session.execute(text("INSERT INTO instance (name, value) VALUES (:name, '{}')"), {"name": name})
    database.close()
    taken = watched.monitor("snapshot", "--days", "1")
    assert taken.exit_code == 0 and "(traffic)" in taken.output, taken.output
    assert watched.monitor("report", "--days", "1").exit_code == 0  # that is what is usual now
    database = open_database(watched.url)
    found = find_snapshot(database, Interpreter.load(watched.model).metadata.version, watched.model)
    with database.transaction() as session:
        names = set(session.execute(text("SELECT name FROM instance")).scalars())
        session.execute(text("DELETE FROM instance WHERE name LIKE 'nlu!_snapshot%' ESCAPE '!'"))
    database.close()
    assert "nlu_snapshot_gone" not in names, "the snapshot of a model that is installed no longer"
    assert "nlu_other" in names
    assert found and found.source == "traffic"


def test_the_metrics_tell_what_was_understood_and_how_far_it_moved(watched: Watched, tmp_path: Path) -> None:
    database = open_database(f"sqlite:///{tmp_path}/kefu.db")
    upgrade(database)
    interpreter, watch, registry = Interpreter.load(watched.model), Watch(database), CollectorRegistry()
    watch.follow(interpreter.metadata.version, watched.model)
    metrics = UnderstandingMetrics(registry, watch.drifts)
    for words in SHIFTED:
        heard = interpreter.parse(words)
        metrics.hear(heard)
        watch.hear(heard)
    shown = generate_latest(registry).decode()
    database.close()
    assert 'kefu_nlu_drift_alarm{language="en",measure="intent"} 1.0' in shown
    assert f'kefu_nlu_drift_messages{{language="all",measure="language"}} {len(SHIFTED)}.0' in shown
    assert 'kefu_nlu_confidence_count{language="en"}' in shown and 'kefu_nlu_messages_total{intent="' in shown


async def test_a_served_bot_shows_them(tmp_path: Path) -> None:
    kefu = assemble(Settings(database_url=f"sqlite:///{tmp_path}/kefu.db", sqlite_synchronous="NORMAL"))
    try:
        await kefu.turns.receive(make_message("web", "ada", "hello", None, {}, 4000))
        assert (
            'kefu_nlu_messages_total{intent="greet",language="en"} 1.0'
            in generate_latest(kefu.metrics.registry).decode()
        )
        assert kefu.refresh() in (True, False)  # reads the snapshot again, and forgets what may not be kept
    finally:
        await kefu.close()
