"""The log of the next best action: rewards come with every fit, and old choices go while the service runs."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import select
from typer.testing import CliRunner

from bot.assembly import assemble
from bot.cli import build
from bot.database import open_database, upgrade
from bot.settings import Settings
from knowledge.next_best_action.schema import DecisionRow
from knowledge.shop.columns import utc_now


def chosen(moments: Sequence[datetime]) -> list[DecisionRow]:
    facts = {"policy": "uniform", "action": "offer", "propensity": 0.5, "propensities": {}, "features": {}}
    return [DecisionRow(at=at, subject="s", because=[], **facts) for at in moments]


def test_a_fit_gives_the_rewards_that_are_due(tmp_path: Path) -> None:
    """Even one that finds nothing to learn from."""
    url, now = f"sqlite:///{tmp_path}/kefu.db", utc_now()
    database = open_database(url)
    upgrade(database)
    with database.transaction() as session:
        session.add_all(chosen([now - timedelta(days=90), now]))
    CliRunner(env={"KEFU_DATABASE_URL": url, "KEFU_CRM_MODELS": str(tmp_path / "crm")}).invoke(build(), ["crm", "fit"])
    with database.read_session() as session:
        rewards = session.scalars(select(DecisionRow.reward).order_by(DecisionRow.at)).all()
    database.close()
    assert [reward is None for reward in rewards] == [False, True]


@pytest.mark.parametrize(("days", "left"), [(400, 2), (30, 1)])
async def test_choices_are_kept_as_long_as_they_may(tmp_path: Path, days: int, left: int) -> None:
    url, now = f"sqlite:///{tmp_path}/kefu.db", utc_now()
    kefu = assemble(Settings(database_url=url, next_best_action_retention_days=days))
    try:
        with kefu.database.transaction() as session:
            session.add_all(chosen([now - timedelta(days=ago) for ago in (401, 399, 1)]))
        kefu.refresh()
        with kefu.database.read_session() as session:
            ages = [(now - at).days for at in session.scalars(select(DecisionRow.at).order_by(DecisionRow.at))]
    finally:
        await kefu.close()
    assert ages == [399, 1][-left:]
