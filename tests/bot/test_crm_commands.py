"""`kefu crm fit | list | show | evaluate | drift | rollback` on a small demo shop and on files."""

import json
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import pytest
from sqlalchemy import select
from typer.testing import CliRunner

from bot.cli import build
from bot.database import Database, open_database, upgrade
from knowledge.profiles import models
from knowledge.profiles.artefacts import Artefacts
from knowledge.profiles.schema import ProfileRow
from knowledge.shop.columns import utc_now
from knowledge.shop.demo.seeding import seed
from knowledge.shop.schema import AuditRow, CustomerRow

HEAD = "customer_id,item_id,time,quantity,amount,order_id\n"


@dataclass(frozen=True)
class Place:
    folder: Path
    database: Database

    @property
    def artefacts(self) -> Artefacts:
        return Artefacts(self.folder / "crm")


@pytest.fixture
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Place]:
    """An empty shop; segments are all that is learned, the other parts have tests of their own."""
    monkeypatch.setenv("KEFU_DATABASE_URL", f"sqlite:///{tmp_path}/kefu.db")
    monkeypatch.setenv("KEFU_CRM_MODELS", str(tmp_path / "crm"))
    for module in ("knowledge.profiles.models", "knowledge.profiles.fitting"):
        monkeypatch.setattr(f"{module}.PARTS", {"segmentation": models.PARTS["segmentation"]})
    database = open_database(f"sqlite:///{tmp_path}/kefu.db")
    upgrade(database)
    yield Place(tmp_path, database)
    database.close()


@pytest.fixture
def shop(place: Place) -> Place:
    with place.database.transaction() as session:
        seed(session, seed=7, customers=60, now=utc_now())
    return place


def crm(*arguments: str) -> tuple[int, str]:
    done = CliRunner().invoke(build(), ["crm", *arguments])
    if done.exception and not isinstance(done.exception, SystemExit):
        return 1, str(done.exception)  # what `tell` prints: its own words, no trace
    return done.exit_code, done.output


def transactions(place: Place, rows: Sequence[str]) -> str:
    file = place.folder / "bought.csv"
    file.write_text(HEAD + "".join(f"{row}\n" for row in rows))
    return str(file)


def versions(place: Place) -> set[str]:
    """Of the models that computed the profiles."""
    with place.database.read_session() as session:
        return set(session.scalars(select(ProfileRow.version)))


def test_a_fit_serves_and_a_rollback_undoes_it(shop: Place) -> None:
    assert "There is no customer model" in crm("list")[1]
    code, told = crm("fit")
    assert code == 0, told
    assert "customers" in told
    first = shop.artefacts.current
    assert crm("fit")[0] == 0
    assert shop.artefacts.current != first
    code, told = crm("rollback")
    assert code == 0
    assert f"{first} serves again." in told
    assert shop.artefacts.current == first
    assert versions(shop) == {first}, "and the profiles are its own again"


def test_going_back_to_models_of_a_file_leaves_the_profiles_and_says_so(shop: Place) -> None:
    rows = [f"c{number},tea,2026-01-{1 + number % 28:02},1,5,o{number}" for number in range(40)]
    crm("fit", "--transactions", transactions(shop, rows))
    crm("fit")
    last = shop.artefacts.current
    code, told = crm("rollback")
    assert code == 0
    assert "was fitted from bought.csv" in told
    assert "next `kefu crm fit`" in told
    assert versions(shop) == {last}


def test_it_fits_again_only_when_it_is_time(shop: Place) -> None:
    crm("fit")
    first = shop.artefacts.current
    assert "nothing to do" in crm("fit", "--if-older", "5")[1]
    assert shop.artefacts.current == first
    crm("fit", "--if-older", "0")
    assert shop.artefacts.current != first


def test_profiles_of_another_database_are_no_reason_to_wait(shop: Place) -> None:
    crm("fit")
    with shop.database.transaction() as session:
        for row in session.scalars(select(ProfileRow)):
            session.delete(row)
    assert "nothing to do" not in crm("fit", "--if-older", "5")[1]


@pytest.mark.parametrize(("language", "words"), [("en", "What to do next"), ("zh", "接下来怎么做")])
def test_a_customer_is_shown_and_the_look_is_audited(shop: Place, language: str, words: str) -> None:
    crm("fit")
    with shop.database.read_session() as session:
        row = session.scalars(select(ProfileRow)).first()
        assert row is not None
        email = session.get_one(CustomerRow, row.customer_id).email
    code, told = crm("show", row.customer_id, "--language", language)
    assert code == 0, told
    assert email in told
    assert words in told
    with shop.database.read_session() as session:
        looked = session.scalars(select(AuditRow).where(AuditRow.operation == "view_profile")).one()
    assert (looked.actor, looked.customer_id) == ("agent:cli", row.customer_id)
    assert json.loads(crm("show", row.customer_id, "--json")[1])["customer_id"] == row.customer_id


@pytest.mark.usefixtures("shop")
def test_nobody_is_told_in_one_sentence() -> None:
    assert crm("show", "nobody") == (1, "There is no customer nobody.\n")


def test_an_empty_shop_says_so(place: Place) -> None:
    code, told = crm("fit")
    assert code == 1
    assert "nothing to learn from yet" in told
    assert place.artefacts.current is None
    assert "nothing to test on yet" in crm("evaluate")[1]
    assert "kefu crm fit" in crm("drift")[1]
    assert "nothing to roll back to" in crm("rollback")[1]


@pytest.mark.parametrize(
    "rows",
    [
        ["ann,tea,2026-01-01,1,5,o1"],
        ["ann,tea,2026-01-01,1,5,o1", "ann,tea,2026-02-01,1,5,o2"],
        [f"c{number},tea,2026-01-{1 + number % 28:02},1,5,o{number}" for number in range(40)],
    ],
    ids=["one line", "one customer", "one product"],
)
def test_a_tiny_file_is_fitted_with_what_there_is(place: Place, rows: list[str]) -> None:
    code, told = crm("fit", "--transactions", transactions(place, rows))
    assert code == 0, told
    with place.database.read_session() as session:
        assert len(session.scalars(select(ProfileRow)).all()) == len({row.split(",")[0] for row in rows})


@pytest.mark.usefixtures("shop")
def test_a_file_about_other_customers_is_no_surprise(place: Place) -> None:
    code, told = crm("fit", "--transactions", transactions(place, ["ann,tea,2026-01-01,1,5,o1"]))
    assert code == 0
    assert "None of the file's customers" in told


def test_bad_rows_are_counted_and_the_rest_goes_on(place: Place) -> None:
    good = [f"c{number % 12},tea,2026-01-{1 + number % 28:02},1,5,o{number}" for number in range(60)]
    bad = [",tea,2026-01-01,1,5,x", "ann,tea,never,1,5,x", "ann,tea,2026-01-02,-3,5,x", good[0]]
    code, told = crm("fit", "--transactions", transactions(place, good + bad))
    assert code == 0, told
    assert told.count("left out") >= 3
    card = (place.artefacts.folder() / "card.md").read_text()
    assert "Rows left out" in card


def test_how_a_file_was_understood_is_said(place: Place) -> None:
    rows = [f"c{number},tea,{1 + number % 28:02}/02/2026,1,5,o{number}" for number in range(40)]
    file = transactions(place, rows)
    for command in ("fit", "drift"):
        assert "How it was read" in crm(command, "--transactions", file)[1], command


@pytest.mark.usefixtures("shop")
def test_without_the_extra_it_says_how_to_get_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "sklearn", None)
    code, told = crm("fit")
    assert code == 1
    assert "pip install 'kefu[crm]'" in told


def test_a_file_that_is_not_there_is_named(place: Place) -> None:
    code, told = crm("fit", "--transactions", str(place.folder / "none.csv"))
    assert code == 1
    assert "none.csv" in told


def test_a_tampered_model_is_named_and_the_list_says_so(shop: Place) -> None:
    crm("fit")
    (shop.artefacts.folder() / "drift.json").write_text("{}")
    code, told = crm("drift")
    assert code == 1
    assert "drift.json" in told
    assert "sha256" in crm("list")[1]
    assert "nothing to do" not in crm("fit", "--if-older", "5")[1], "what cannot serve is fitted anew"


def test_drift_is_quiet_after_a_fit_and_alarmed_by_another_shop(shop: Place) -> None:
    crm("fit")
    code, told = crm("drift", "--json")
    assert code == 0
    assert {one["is_alarm"] for one in json.loads(told)} == {False}
    idle = [f"c{number},tea,2024-01-{1 + number % 28:02},1,5,o{number}" for number in range(300)]
    code, told = crm("drift", "--transactions", transactions(shop, idle), "--cut", "2026-01-01", "--json")
    assert code == 3
    assert any(one["is_alarm"] for one in json.loads(told) if one["name"] == "recency_days")
