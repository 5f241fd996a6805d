"""The customer models that serve: taken up without a restart, and never the reason that the bot does not answer."""

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from bot.crm_in_service import CrmInService
from knowledge.profiles.artefacts import Artefacts
from knowledge.recommendation.prepared import PreparedLists, RecommendationModel
from knowledge.recommendation.tasks import Task
from tests.knowledge.profiles.test_artefacts import METADATA


def recommending(customer: str) -> Callable[[Path], None]:
    """A version that knows one customer, for whom it has the one item there is."""
    one, none = np.zeros((1, 1), np.int32), np.full((1, 1), -1, np.int32)
    shares = np.zeros((1, 1), np.float32)
    lists = {task: PreparedLists(one, shares, one, none, shares) for task in Task}
    model = RecommendationModel(1.0, (customer,), ("tea",), lists, np.zeros(1, np.int32), none, none)

    def save(folder: Path) -> None:
        (folder / "recommendation").mkdir()
        model.save(folder / "recommendation")

    return save


@pytest.fixture
def artefacts(tmp_path: Path) -> Artefacts:
    return Artefacts(tmp_path / "crm")


def knows(crm: CrmInService, customer: str) -> bool:
    return crm.recommendation is not None and crm.recommendation.knows(customer)


def test_without_a_model_nothing_is_wrong(artefacts: Artefacts) -> None:
    crm = CrmInService(artefacts.root)
    assert (crm.recommendation, crm.version, crm.problem, crm.poll()) == (None, None, None, False)


def test_a_fit_is_taken_up_and_a_rollback_too(artefacts: Artefacts) -> None:
    crm = CrmInService(artefacts.root)
    first = artefacts.add(recommending("ann"), METADATA)
    assert crm.poll()
    assert (crm.version, knows(crm, "ann")) == (first, True)
    assert not crm.poll(), "nothing has changed since"
    artefacts.add(recommending("ben"), METADATA)
    assert crm.poll()
    assert (knows(crm, "ann"), knows(crm, "ben")) == (False, True)
    artefacts.rollback()
    assert crm.poll()
    assert crm.version == first


def test_a_damaged_version_leaves_the_old_one_serving_and_is_named(artefacts: Artefacts) -> None:
    crm = CrmInService(artefacts.root)
    artefacts.add(recommending("ann"), METADATA)
    crm.poll()
    bad = artefacts.add(recommending("ben"), METADATA)
    file = artefacts.folder() / "recommendation" / "lists.npz"
    file.write_bytes(file.read_bytes()[:-1])
    assert not crm.poll()
    assert knows(crm, "ann")
    assert crm.problem is not None
    assert bad in crm.problem
    artefacts.add(recommending("cat"), METADATA)
    assert crm.poll()
    assert crm.problem is None


def test_a_start_with_a_damaged_version_goes_on_without(artefacts: Artefacts) -> None:
    artefacts.add(recommending("ann"), METADATA)
    (artefacts.folder() / "metadata.json").write_text("{")
    crm = CrmInService(artefacts.root)
    assert crm.recommendation is None
    assert "metadata.json" in str(crm.problem)


def test_a_version_without_recommendations_takes_the_old_ones_away(artefacts: Artefacts) -> None:
    crm = CrmInService(artefacts.root)
    artefacts.add(recommending("ann"), METADATA)
    crm.poll()
    artefacts.add(lambda _: None, METADATA)
    assert crm.poll()
    assert crm.recommendation is None
