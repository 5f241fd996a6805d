"""`kefu models replay`: a candidate is asked about conversations that were, and nothing is written."""

import asyncio
import hashlib
import json
import logging
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

import pytest
from sqlalchemy import inspect, text
from typer.testing import CliRunner, Result

from bot.assembly import assemble
from bot.channels.base import make_message
from bot.cli import build
from bot.database import open_database, upgrade
from bot.models_folder import registry_of
from bot.settings import Settings
from nlu.interpreter import DEFAULT_MODEL
from nlu.metadata import load_metadata
from tests.bot.servers import postgres
from tests.conversations.small_shop import fill

SAID = (
    "hello",
    "I want to cancel my order",
    "never mind",
    "thanks",
    "我的快递到哪了",
    "算了",
)


@dataclass(frozen=True)
class Stored:
    """A database with one conversation, and a models folder with two candidates."""

    settings: Settings

    def replay(self, *arguments: str) -> Result:
        variables = {"KEFU_DATABASE_URL": self.settings.database_url, "KEFU_MODELS": str(self.settings.models)}
        return CliRunner(env=variables).invoke(build(), ["models", "replay", *arguments])


@pytest.fixture(scope="module")
def stored(tmp_path_factory: pytest.TempPathFactory) -> Stored:
    folder = tmp_path_factory.mktemp("replay")
    return talked_with(f"sqlite:///{folder}/kefu.db", folder / "models")


def talked_with(database_url: str, models: Path) -> Stored:
    settings = Settings(database_url=database_url, models=models, sqlite_synchronous="NORMAL")
    database = open_database(settings)
    upgrade(database)
    with database.transaction() as session:
        fill(session)
    database.close()
    asyncio.run(talk(settings))
    registry, metadata = registry_of(settings), load_metadata(DEFAULT_MODEL)
    for name in ("same", "confused"):
        adopted = registry.adopt(DEFAULT_MODEL)
        (registry.root / adopted).rename(registry.root / name)
    swapped = {"cancel_order": "track_order", "track_order": "cancel_order"}
    intents = tuple(swapped.get(name, name) for name in metadata.intents)
    replace(metadata, version="confused", intents=intents).save(registry.root / "confused")
    return Stored(settings)


async def talk(settings: Settings) -> None:
    kefu = assemble(settings)
    for words in SAID:
        await kefu.turns.receive(make_message("web", "ada", words, None, {}, 4000))
    await kefu.close()


@contextmanager
def untouched(settings: Settings) -> Iterator[None]:
    """Every row of every table is the same afterwards."""
    before = content(settings)
    yield
    assert content(settings) == before


def content(settings: Settings) -> dict[str, str]:
    database = open_database(settings)
    try:
        with database.read() as connection:
            names = inspect(connection).get_table_names()
            rows = {
                name: repr(sorted(map(repr, connection.execute(text(f'SELECT * FROM "{name}"'))))) for name in names
            }
    finally:
        database.close()
    return {name: hashlib.sha256(row.encode()).hexdigest() for name, row in rows.items()}


def test_the_same_model_decides_every_turn_the_same(stored: Stored) -> None:
    with untouched(stored.settings):
        done = stored.replay("--candidate", "same", "--days", "1")
    assert done.exit_code == 0, done.output
    assert f"0 of {len(SAID)} turns" in done.output and "would decide 0 otherwise" in done.output


def test_every_turn_that_a_candidate_decides_otherwise_is_listed_with_all_records(
    stored: Stored, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    with untouched(stored.settings), caplog.at_level(logging.DEBUG):
        done = stored.replay("--candidate", "confused", "--days", "1", "--json", str(tmp_path / "report.json"))
    assert done.exit_code == 3, done.output
    report = json.loads((tmp_path / "report.json").read_text("utf-8"))
    assert (report["turns"], report["moved"]) == (len(SAID), 0)
    changed = {change["text"]: change for change in report["changes"]}
    assert set(changed) == {SAID[1], SAID[4]}
    change = changed[SAID[1]]
    assert (change["conversation_id"], change["turn"], change["kinds"]) == ("web:ada", 2, ["intent", "action"])
    assert change["recorded"]["steps"][0]["action"] == change["before"]["steps"][0]["action"] == "cancel_order_form"
    assert change["after"]["steps"][0]["action"] == "track_order_form"
    assert change["after"]["versions"]["model"] == "confused"
    assert SAID[1] not in caplog.text


def test_a_share_of_changed_turns_may_be_allowed(stored: Stored) -> None:
    assert stored.replay("--candidate", "confused", "--allow", "0.4").exit_code == 0


def test_turns_that_are_older_are_left_out(stored: Stored) -> None:
    assert "0 of 0 turns" in stored.replay("--candidate", "confused", "--days", "0").output


def test_a_database_that_was_never_served_is_not_touched(tmp_path: Path) -> None:
    settings = Settings(database_url=f"sqlite:///{tmp_path}/new.db", models=tmp_path / "models")
    done = Stored(settings).replay("--candidate", "default")
    assert done.exit_code != 0 and "kefu serve" in str(done.exception)
    assert content(settings) == {}


def test_on_postgresql_a_replay_decides_the_same_and_writes_nothing_either(tmp_path: Path) -> None:
    with postgres() as url:
        stored = talked_with(url, tmp_path / "models")
        with untouched(stored.settings):
            same = stored.replay("--candidate", "same", "--days", "1")
            confused = stored.replay("--candidate", "confused", "--days", "1")
    assert same.exit_code == 0 and f"0 of {len(SAID)} turns" in same.output, same.output
    assert confused.exit_code == 3, confused.output
