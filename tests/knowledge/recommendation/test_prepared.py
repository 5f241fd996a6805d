"""The fitted model: what it says of each customer is true, and it is the same after a round through a folder."""

import json
from pathlib import Path

import numpy as np
import pytest

from knowledge.customers.errors import CustomerDataError
from knowledge.customers.transactions import Transactions
from knowledge.recommendation import Reason, RecommendationModel, fit
from knowledge.recommendation.companions import companions
from knowledge.recommendation.history import look_back
from knowledge.recommendation.tasks import Task
from tests.knowledge.recommendation.shops import habits, items_of, silently, transactions_of

CUT = 150.0


@pytest.fixture(scope="module")
def transactions() -> Transactions:
    return habits()


@pytest.fixture(scope="module")
def model(transactions: Transactions) -> RecommendationModel:
    pytest.importorskip("lightgbm")
    return fit(transactions, items_of(transactions), CUT, silently)


def test_every_reason_is_true(transactions: Transactions, model: RecommendationModel) -> None:
    seen = set()
    for number, customer in enumerate(transactions.customers.tolist()[:40]):
        own = set(transactions.items[transactions.item[transactions.customer == number]].tolist())
        for each in [*model.rank(customer, Task.WINDOW, 20), *model.rank(customer, "new", 20)]:
            seen.add(each.reason)
            assert (each.reason in (Reason.BUY_AGAIN, Reason.DUE)) == (each.item_id in own)
            if each.reason is Reason.GOES_WITH:
                assert each.because_of in own
                assert each.because_of != each.item_id
            if each.reason is Reason.DUE:
                assert 5 < each.gap_days < 60, "they come every ten days"
    assert {Reason.DUE, Reason.GOES_WITH} <= seen


def test_a_stranger_gets_what_is_popular(model: RecommendationModel) -> None:
    assert not model.knows("nobody")
    assert {each.reason for each in model.rank("nobody", Task.NEXT, 5)} == {Reason.POPULAR}


def test_a_folder_keeps_everything(model: RecommendationModel, tmp_path: Path) -> None:
    model.save(tmp_path)
    again = RecommendationModel.load(tmp_path)
    assert [again.rank(customer, task) for customer in model.customers[:5] for task in Task] == [
        model.rank(customer, task) for customer in model.customers[:5] for task in Task
    ]
    assert again.like("i00") == model.like("i00")
    assert again.goes_with("i00") == model.goes_with("i00") != []


def test_what_two_people_bought_together_goes_with_nothing() -> None:
    """i00 and i03 were bought together by ten people, i06 and i07 by two."""
    lines = [(one, item, 0, 10.0) for one in range(30) for item in (one % 3, one % 3 + 3)]
    lines += [(one, item, 1, 20.0) for one in (0, 1) for item in (6, 7)]
    lines += [(one, one % 2 + 6, 2, 30.0) for one in range(10, 16)]
    together = companions(look_back(transactions_of(lines), CUT)).items
    assert 3 in together[0]
    assert 7 not in together[6]


def test_what_goes_together_and_what_is_alike_is_of_one_group(model: RecommendationModel) -> None:
    for near in (model.goes_with("i08")[:3], model.like("i08")[:3]):
        assert {int(item[1:]) % 4 for item in near} == {0}


def test_a_folder_of_another_version_is_refused_by_name(model: RecommendationModel, tmp_path: Path) -> None:
    model.save(tmp_path)
    (tmp_path / "lists.json").write_text(json.dumps({"format": 0}))
    with pytest.raises(CustomerDataError, match="kefu crm fit"):
        RecommendationModel.load(tmp_path)


def test_one_customer_and_one_product_are_enough() -> None:
    transactions = transactions_of([(0, 0, 0, 1.0)])
    model = fit(transactions, items_of(transactions), CUT, silently)
    assert [each.item_id for each in model.rank("c0", Task.WINDOW)] == ["i00"]
    assert model.rank("c0", Task.NEW) == []


def test_an_empty_shop_says_so() -> None:
    transactions = transactions_of([(0, 0, 0, 200.0)])
    with pytest.raises(CustomerDataError, match="nothing was bought"):
        fit(transactions, items_of(transactions), CUT, silently)


def test_serving_takes_numpy_alone(model: RecommendationModel, tmp_path: Path) -> None:
    """Nothing that only fits is loaded with the model."""
    import subprocess
    import sys

    model.save(tmp_path)
    code = (
        "import sys; from pathlib import Path; from knowledge.recommendation import RecommendationModel, Recommender;"
        f"RecommendationModel.load(Path({str(tmp_path)!r})).rank('c0', 'window');"
        "print([name for name in ('scipy', 'sklearn', 'lightgbm', 'duckdb', 'pandas') if name in sys.modules])"
    )
    found = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert found.stdout.strip() == "[]"


def test_places_at_the_end_of_a_list_are_no_items(model: RecommendationModel) -> None:
    for lists in model.lists.values():
        assert (lists.because < len(model.items)).all()
        assert np.isfinite(lists.scores).all()
