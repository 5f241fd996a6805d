"""Profiles on a real PostgreSQL: the statements that are not the same for every database."""

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from bot.cli.privacy.erase import _erase, _whose
from bot.console.customers import Door
from bot.console.profile_view import ProfileView
from bot.crm_refit import claim
from bot.crm_source import shop_source
from bot.database import Database, open_database, upgrade
from bot.problem import Problem
from knowledge.profiles import models
from knowledge.profiles.artefacts import Artefacts
from knowledge.profiles.fitting import refit
from knowledge.profiles.pseudonyms import Pseudonyms
from knowledge.profiles.storing import memberships
from knowledge.shop.policy import load_policy
from tests.bot import servers
from tests.conversations.small_shop import fill

TODAY = datetime(2026, 11, 20, 3, tzinfo=UTC)


@pytest.fixture(scope="module")
def database() -> Iterator[Database]:
    with servers.postgres() as url:
        database = open_database(url)
        upgrade(database)
        with database.transaction() as session:
            fill(session)
        yield database
        database.close()


def test_a_fit_a_look_and_an_erasure(database: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for module in ("knowledge.profiles.models", "knowledge.profiles.fitting"):
        monkeypatch.setattr(f"{module}.PARTS", {"segmentation": models.PARTS["segmentation"]})
    with database.transaction() as session:
        pseudonyms, before = Pseudonyms.of_shop(session), memberships(session)
        assert Pseudonyms.of_shop(session) == pseudonyms
    done = refit(
        shop_source(database), Artefacts(tmp_path), pseudonyms, before, database.transaction, lambda _what, _share: None
    )
    assert done.profiles >= 5
    door = Door(database, ProfileView(load_policy, {}))
    said = door.look("ann", "en", "mia")
    assert said["computed"]["version"] == done.version
    assert said["rfm"]["orders"] > 0
    assert door.stamps("ann")["orders"]
    with database.transaction() as session:
        gone = _erase(session, _whose(session, "ann"), pseudonyms)
    assert {"customers", "orders", "customer_profiles"} <= gone.keys()
    with pytest.raises(Problem, match="no customer ann"):
        door.look("ann", "en", "mia")


def test_one_process_a_day_fits(database: Database) -> None:
    assert [claim(database, TODAY), claim(database, TODAY), claim(database, TODAY.replace(day=21))] == [
        True,
        False,
        True,
    ]
