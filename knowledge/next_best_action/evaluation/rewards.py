"""A model of the reward of each action, for the doubly robust estimate: ridge regression, cross-fitted.

Each choice is predicted by a model that did not see it, so that the model's own errors don't favour what it has seen.
Source: V. Chernozhukov et al., "Double/debiased machine learning" (2018).
"""

import numpy as np

from knowledge.customers.transactions import Floats
from knowledge.next_best_action.evaluation.rounds import Places, Rounds

FOLDS = 5
RIDGE = 5.0
"""As if each action had been seen so often with an average reward."""


def cross_fitted(rounds: Rounds, seed: int = 0, folds: int = FOLDS) -> Floats:
    """(n, k) the reward expected of every action in every round."""
    fold = np.random.default_rng(seed).permutation(len(rounds)) % folds
    predicted = np.empty_like(rounds.logged)
    for number in range(folds):
        here = fold == number
        predicted[here] = _fitted(
            rounds.features[~here],
            rounds.action[~here],
            rounds.reward[~here],
            rounds.logged.shape[1],
            rounds.features[here],
        )
    return predicted


def _fitted(features: Floats, action: Places, reward: Floats, actions: int, asked: Floats) -> Floats:
    """(m, k) one ridge regression an action, of what is beyond the average reward."""
    average = reward.mean() if len(reward) else 0.0
    centre = features.mean(axis=0)
    scale = features.std(axis=0) + 1e-9
    known, new = _with_one((features - centre) / scale), _with_one((asked - centre) / scale)
    predicted = np.empty((len(asked), actions))
    for number in range(actions):
        rows = known[action == number]
        matrix = rows.T @ rows + RIDGE * np.eye(known.shape[1])
        weights = np.linalg.solve(matrix, rows.T @ (reward[action == number] - average))
        predicted[:, number] = average + new @ weights
    return predicted


def _with_one(features: Floats) -> Floats:
    return np.column_stack([np.ones(len(features)), features])
