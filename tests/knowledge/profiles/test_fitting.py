"""One fit from purchases to profiles: what is kept, what is told, and what happens when there is too little."""

import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from sqlalchemy import func, select

from knowledge import segmentation
from knowledge.customers.transactions import Transactions
from knowledge.prediction.fitting import fit as fit_prediction
from knowledge.prediction.tasks import ACTIVE
from knowledge.profiles import models
from knowledge.profiles.artefacts import Artefacts
from knowledge.profiles.computing import compute, profiles_of
from knowledge.profiles.drifting import drifts_since_fit
from knowledge.profiles.errors import ModelTampered, ProfileError
from knowledge.profiles.fitting import Refit, Source, fingerprint, refit
from knowledge.profiles.models import CustomerModels, load_models
from knowledge.profiles.pseudonyms import Pseudonyms
from knowledge.profiles.schema import ProfileChangeRow, ProfileRow
from knowledge.profiles.sealing import verified
from knowledge.profiles.storing import memberships
from knowledge.segmentation import SegmentModel
from knowledge.shop.schema import CustomerRow
from tests.knowledge.profiles.conftest import CUT, Open, purchases, source

OURS = Pseudonyms(b"a key of thirty-two bytes or so.")
DAY = datetime(2026, 6, 1, tzinfo=UTC)


@pytest.fixture(autouse=True)
def segments_only(monkeypatch: pytest.MonkeyPatch) -> None:
    """The other parts take their time, and have tests of their own."""
    monkeypatch.setattr(models, "PARTS", {"segmentation": "SegmentModel"})
    monkeypatch.setattr("knowledge.profiles.fitting.PARTS", {"segmentation": "SegmentModel"})


@pytest.fixture
def artefacts(tmp_path: Path) -> Artefacts:
    return Artefacts(tmp_path / "crm")


def fitted(given: Source, artefacts: Artefacts, write: Open, at: datetime = DAY) -> Refit:
    with write() as session:
        before = memberships(session)
    return refit(given, artefacts, OURS, before, write, lambda _what, _share: None, lambda: at)


def rows(write: Open) -> dict[str, ProfileRow]:
    with write() as session:
        return {row.customer_id: row for row in session.scalars(select(ProfileRow))}


def test_everybody_gets_a_profile_by_their_own_id(artefacts: Artefacts, write: Open) -> None:
    done = fitted(source(120), artefacts, write)
    kept = rows(write)
    assert len(kept) == done.profiles == done.metadata.customers == 120
    one = kept["customer-0007"]
    assert (one.version, one.computed_at, one.segment_since) == (done.version, DAY, DAY)
    assert one.segment
    assert 0 <= one.features["spend_rank"] < 1
    assert max(kept.values(), key=lambda row: row.features["spend"]).features["spend_rank"] == pytest.approx(
        119 / 120, abs=1e-3
    )


def test_no_id_of_a_customer_is_in_any_file_of_the_model(artefacts: Artefacts, write: Open) -> None:
    fitted(source(60), artefacts, write)
    for file in artefacts.folder().rglob("*"):
        assert not file.is_file() or b"customer-00" not in file.read_bytes(), file


def test_the_metadata_says_what_it_was_learned_from(artefacts: Artefacts, write: Open) -> None:
    given = replace(source(60), left_out={"no time": 3})
    done = fitted(given, artefacts, write)
    said = verified(artefacts.folder())
    assert (said.source, said.cut, said.customers, said.left_out) == ("file.csv", "2026-06-01", 60, {"no time": 3})
    assert said.lines == len(given.transactions)
    assert said.parts == ("segmentation",)
    assert said.seconds["segmentation"] > 0
    assert json.loads((artefacts.folder() / "metadata.json").read_text())["version"] == done.version
    assert "| no time | 3 |" in (artefacts.folder() / "card.md").read_text()


def test_who_moves_is_kept_with_when_and_who_stays_keeps_since(artefacts: Artefacts, write: Open) -> None:
    whole = source(200)
    fitted(replace(whole, cut=CUT - 40), artefacts, write, DAY - timedelta(days=40))
    done = fitted(whole, artefacts, write)
    with write() as session:
        changes = session.scalars(select(ProfileChangeRow)).all()
        assert len(changes) == done.moved
    assert 0 < done.moved < 120
    kept = rows(write)
    for change in changes:
        assert change.before != change.after == kept[change.customer_id].segment
        assert kept[change.customer_id].segment_since == DAY
    stayed = [row for row in kept.values() if row.customer_id not in {change.customer_id for change in changes}]
    assert {row.segment_since for row in stayed} <= {DAY, DAY - timedelta(days=40)}
    assert DAY - timedelta(days=40) in {row.segment_since for row in stayed}


def test_what_segments_are_called_is_settled_by_the_version_before(
    artefacts: Artefacts, write: Open, monkeypatch: pytest.MonkeyPatch
) -> None:
    """If it was learned from the same place, and from nothing after the cut."""
    handed: list[float | None] = []
    real, whole = segmentation.fit, source(80)

    def spied(
        transactions: Transactions, cut: float, progress: models.Progress, previous: SegmentModel | None
    ) -> SegmentModel:
        handed.append(previous.cut if previous else None)
        return real(transactions, cut, progress, previous)

    monkeypatch.setattr(segmentation, "fit", spied)
    later, elsewhere = replace(whole, cut=CUT + 1), replace(whole, name="other.csv")
    for place, each in enumerate((whole, later, whole, elsewhere)):
        fitted(each, artefacts, write, DAY + timedelta(hours=place))
    assert handed == [None, CUT, None, None]


def test_the_same_rows_give_the_same_models(write: Open, tmp_path: Path) -> None:
    first, second = Artefacts(tmp_path / "a"), Artefacts(tmp_path / "b")
    given = source(80)
    assert fitted(given, first, write).version == fitted(given, second, write).version


def test_nothing_at_or_after_the_cut_is_read(artefacts: Artefacts, write: Open) -> None:
    given = source(80)
    fitted(given, artefacts, write)
    expected = {one: (row.segment, row.features) for one, row in rows(write).items()}
    later = _later_rows(given.transactions)
    fitted(replace(given, transactions=later), artefacts, write)
    assert {one: (row.segment, row.features) for one, row in rows(write).items()} == expected
    assert fingerprint(later.before(CUT)) == fingerprint(given.transactions.before(CUT))


def _later_rows(known: Transactions) -> Transactions:
    """The same, and a wild week after the cut."""
    more = 50
    customer = np.repeat(np.arange(10, dtype=np.int32), 5)
    parts = {
        "customer": customer,
        "item": np.zeros(more, np.int32),
        "order": np.arange(more, dtype=np.int32) + len(known),
        "day": CUT + np.linspace(0, 7, more),
        "quantity": np.full(more, 99.0),
        "amount": np.full(more, 9999.0),
    }
    joined: dict[str, Any] = {name: np.concatenate([getattr(known, name), new]) for name, new in parts.items()}
    by = np.lexsort((joined["day"], joined["customer"]))
    return replace(known, **{name: values[by] for name, values in joined.items()})


def test_a_shop_too_small_to_learn_from_gets_the_plain_rule(artefacts: Artefacts, write: Open) -> None:
    done = fitted(source(6), artefacts, write)
    assert done.metadata.parts == ()
    assert "30" in done.metadata.problems["segmentation"]
    assert all(row.segment for row in rows(write).values())
    assert load_models(artefacts.folder()) == CustomerModels()


def test_one_customer_is_no_error(artefacts: Artefacts, write: Open) -> None:
    assert fitted(source(1), artefacts, write).profiles == 1


def test_an_empty_shop_is_told_so_and_nothing_changes(artefacts: Artefacts, write: Open) -> None:
    given = source(3)
    with pytest.raises(ProfileError, match="nothing to learn from yet"):
        fitted(replace(given, cut=CUT - 1000), artefacts, write)
    assert artefacts.current is None
    assert rows(write) == {}


def test_who_is_erased_while_the_models_are_fitted_is_in_none_of_them(artefacts: Artefacts, write: Open) -> None:
    given = source(40, name="shop")
    with write() as session:
        session.add_all(
            CustomerRow(customer_id=one, email=one, email_key=one, first_name="A", last_name="B")
            for one in given.transactions.customers.tolist()
        )
    fitted(given, artefacts, write)
    version = artefacts.current
    with write() as session:
        session.delete(session.get_one(CustomerRow, "customer-0003"))
    with pytest.raises(ProfileError, match="erased while the models were fitted"):
        fitted(given, artefacts, write)
    assert artefacts.current == version
    assert len(artefacts.entries()) == 1


def test_whoever_is_gone_loses_the_profile(artefacts: Artefacts, write: Open) -> None:
    fitted(source(60), artefacts, write)
    fitted(source(40), artefacts, write)
    with write() as session:
        assert session.scalar(select(func.count()).select_from(ProfileRow)) == 40


def test_drift_is_none_a_day_later_and_an_alarm_when_customers_slow_down(artefacts: Artefacts, write: Open) -> None:
    fitted(source(400), artefacts, write)
    calm = drifts_since_fit(artefacts.folder(), purchases(400, seed=2), CUT, 0.2)
    assert not any(drift.is_alarm for drift in calm)
    shifted = drifts_since_fit(artefacts.folder(), purchases(400, seed=2, slow=2.5), CUT, 0.2)
    assert {"orders_28", "segment"} <= {drift.name for drift in shifted if drift.is_alarm}


def test_drift_does_not_trust_a_changed_model(artefacts: Artefacts, write: Open) -> None:
    fitted(source(60), artefacts, write)
    (artefacts.folder() / "drift.json").write_text("{}")
    with pytest.raises(ModelTampered, match=r"drift\.json"):
        drifts_since_fit(artefacts.folder(), purchases(60), CUT, 0.2)


def test_nobody_cannot_have_drifted(artefacts: Artefacts, write: Open) -> None:
    fitted(source(60), artefacts, write)
    with pytest.raises(ProfileError, match="nobody to compare"):
        drifts_since_fit(artefacts.folder(), purchases(60), 0.0, 0.2)


def test_models_are_the_same_after_saving(artefacts: Artefacts, write: Open) -> None:
    given = source(90)
    fitted(given, artefacts, write)
    computed = compute(load_models(artefacts.folder()), given.transactions, CUT, {})
    assert dict(zip(computed.customer_ids.tolist(), computed.segments.tolist(), strict=True)) == {
        one: row.segment for one, row in rows(write).items()
    }


def test_in_a_large_shop_those_who_spent_most_get_reasons(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("knowledge.profiles.computing.MOST_EXPLAINED", 10)
    monkeypatch.setattr("knowledge.profiles.computing.AT_ONCE", 16)
    given = source(40)
    learned = CustomerModels(
        prediction=fit_prediction(given.transactions, given.items, CUT, lambda *_: None, (ACTIVE,))
    )
    made = list(profiles_of(compute(learned, given.transactions, CUT, {})))
    explained = [row for row in made if row["predictions"][0]["reasons"]]
    assert len(explained) == 10
    least = min(row["features"]["spend"] for row in explained)
    assert all(row["features"]["spend"] <= least for row in made if row not in explained)
    assert {len(row["predictions"]) for row in made} == {1}
    alone = compute(learned, given.transactions, CUT, {}).predictions
    assert alone is not None
    for number, row in enumerate(made):
        if row in explained:
            [reasons] = alone.explain("active", np.array([number], np.int32))
            assert [one["code"] for one in row["predictions"][0]["reasons"]] == [one.code for one in reasons]
