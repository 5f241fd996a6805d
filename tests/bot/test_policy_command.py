"""`kefu crm policy`, from a shop's first choices to a promoted policy and back."""

from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import update
from typer.testing import CliRunner

from bot.cli.crm.policy import app
from bot.database import open_database, upgrade
from knowledge.next_best_action.schema import DecisionRow
from knowledge.shop.columns import utc_now
from tests.knowledge.next_best_action.test_policies import START, fill


@pytest.fixture
def url(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    url = f"sqlite:///{tmp_path}/kefu.db"
    monkeypatch.setenv("KEFU_DATABASE_URL", url)
    monkeypatch.chdir(tmp_path)
    return url


def said(*arguments: str, fails: bool = False) -> str:
    result = CliRunner().invoke(app, arguments)
    assert (result.exit_code != 0) == fails, result.output
    return result.output if result.exception is None or not fails else f"{result.output}{result.exception}"


def test_a_policy_that_earns_more_is_promoted_and_taken_back(url: str) -> None:
    database = open_database(url)
    upgrade(database)
    with database.transaction() as session:
        fill(session, 1500)
    assert said("list").startswith("● uniform")
    version = said("learn").split()[0]
    assert version.startswith("linucb-") and f"  {version}  candidate, learned from 900 choices" in said("list")
    judged = said("evaluate", version)
    assert "600 choices, worth" in judged and "it may choose" in judged
    said("promote", version)
    assert f"● {version}  current" in said("list")
    again = said("promote", version, fails=True)  # against itself it gains nothing
    assert "the present policy stays" in again
    assert "uniform chooses from now on" in said("rollback")
    database.close()


def test_a_choice_is_rewarded_when_its_time_is_over(url: str) -> None:
    database = open_database(url)
    upgrade(database)
    with database.transaction() as session:
        fill(session, 30)
        session.execute(update(DecisionRow).values(reward=None))
        late = update(DecisionRow).where(DecisionRow.at > START + timedelta(hours=20))
        session.execute(late.values(at=utc_now()))
    assert "21 choices have their reward" in said("reward")
    assert "0 choices" in said("reward")
    database.close()


def test_nothing_to_learn_from_and_unknown_versions_are_told(url: str) -> None:  # noqa: ARG001
    assert "no choice in the log has a reward" in said("learn", fails=True)
    assert "there is no policy 'x'" in said("evaluate", "x", fails=True)
    assert "no policy was ever promoted" in said("rollback", fails=True)
