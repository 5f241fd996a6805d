"""The simulator is a proper one, and what learns in it comes near what is exactly best."""

import numpy as np
import pytest

from knowledge.next_best_action import outreach


def test_every_week_something_happens_with_certainty() -> None:
    given = outreach.world()
    np.testing.assert_allclose(given.moves.sum(axis=2), 1)
    assert (given.moves >= 0).all() and given.moves[outreach.GONE, :, outreach.GONE].min() == 1


def test_nothing_beats_the_exact_solution() -> None:
    given = outreach.world()
    _, exact = outreach.best(given)
    for row in (*np.eye(3), np.full(3, 1 / 3)):
        assert (outreach.value_of(given, np.tile(row, (outreach.STATES, 1))) <= exact + 1e-9).all()


@pytest.mark.parametrize("method", [outreach.q_learning, outreach.policy_gradient])
def test_both_methods_learn_more_than_always_waiting(method: type) -> None:
    given = outreach.world()
    waiting = outreach.value_of(given, np.tile(np.eye(3)[0], (outreach.STATES, 1)))[: outreach.GONE].mean()
    learned = outreach.value_of(given, method(3000, 7))[: outreach.GONE].mean()
    assert learned > waiting + 0.2
