"""A SIMULATOR, for study: when to write to a customer over half a year, by Q-learning and by policy gradient.

Nothing here was measured on customers, and nothing here is served. The shop's logs hold no sequences of choices with
known probabilities and known effects on what comes later, so these methods can't be judged on them; a simulator whose
rules are written below can be solved exactly, and that is what they are compared with.

A customer's state is interest (cold, warm, hot) × fatigue (0–3), or unsubscribed. Each week one of three actions.

Sources: C. Watkins, P. Dayan, "Q-learning" (1992); R. Williams, "Simple statistical gradient-following algorithms"
(REINFORCE, 1992).
"""

from bisect import bisect
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache
from itertools import accumulate

import numpy as np

from knowledge.customers.transactions import Floats

Progress = Callable[[int, int], None]

WAIT, REMIND, OFFER = ACTIONS = (0, 1, 2)
NAMES = ("wait", "remind", "offer")
INTERESTS, FATIGUES = 3, 4
GONE = INTERESTS * FATIGUES
STATES = GONE + 1
WEEKS = 26
BUYS = np.array([[0.02, 0.10, 0.30], [0.04, 0.20, 0.42], [0.07, 0.32, 0.50]])
"""(action, interest) chance of a purchase in a week, before fatigue."""
COST = np.array([0.0, 0.01, 0.25])
"""What an action costs when the customer buys (offer) or at once (the mail), in purchases."""
LEAVES = np.array([0.0, 0.02, 0.015])
"""Chance to unsubscribe for each step of fatigue."""
DULLS = 0.2
"""Share of an action's effect that each step of fatigue takes."""


@dataclass(frozen=True)
class World:
    """`moves`: (state, action, state) chances; `earns`: (state, action) expected reward."""

    moves: Floats
    earns: Floats


def world() -> World:
    moves, earns = np.zeros((STATES, 3, STATES)), np.zeros((STATES, 3))
    moves[GONE, :, GONE] = 1
    for state in range(GONE):
        for action in ACTIONS:
            for chance, reward, following in _outcomes(state, action):
                moves[state, action, following] += chance
                earns[state, action] += chance * reward
    return World(moves, earns)


def _outcomes(state: int, action: int) -> Iterator[tuple[float, float, int]]:
    """(chance, reward, next state) of everything that may happen in the week."""
    interest, fatigue = divmod(state, FATIGUES)
    effect = (BUYS[action] - BUYS[WAIT]) * (1 - DULLS * fatigue)
    buys = float((BUYS[WAIT] + effect)[interest])
    leaves = float(LEAVES[action] * (fatigue + 1))
    tired = min(fatigue + 1, FATIGUES - 1) if action != WAIT else max(fatigue - 1, 0)
    price = 1 - (COST[OFFER] if action == OFFER else 0.0)
    mail = float(COST[REMIND]) if action != WAIT else 0.0
    yield leaves, -mail, GONE
    yield (1 - leaves) * buys, price - mail, 1 * FATIGUES + tired  # who has just bought is warm, not hot
    stays = (1 - leaves) * (1 - buys)
    warmer, colder = min(interest + 1, INTERESTS - 1), max(interest - 1, 0)
    for chance, there in ((0.15, warmer), (0.25, colder), (0.60, interest)):
        yield stays * chance, -mail, there * FATIGUES + tired


def best(given: World) -> tuple[Floats, Floats]:
    """(WEEKS, STATES) the best action each week, and (STATES,) its value: exact, by going back from the last week."""
    value, plan = np.zeros(STATES), np.zeros((WEEKS, STATES))
    for week in reversed(range(WEEKS)):
        worth = given.earns + given.moves @ value
        plan[week], value = worth.argmax(axis=1), worth.max(axis=1)
    return plan, value


def value_of(given: World, chances: Floats) -> Floats:
    """(STATES,) what a policy with `chances` (state, action) earns in all weeks: exact."""
    value = np.zeros(STATES)
    for _ in range(WEEKS):
        value = (chances * (given.earns + given.moves @ value)).sum(axis=1)
    return value


def q_learning(
    episodes: int, seed: int, progress: Progress = lambda *_: None, explore: float = 0.2, rate: float = 0.05
) -> Floats:
    """(STATES, 3) chances of the greedy policy after so many simulated half-years."""
    random, worth = np.random.default_rng(seed), np.zeros((STATES, 3))
    discount = 1 - 1 / WEEKS  # a table without weeks needs an end that may come any week
    for episode in range(episodes):
        progress(episode, episodes)
        state = int(random.integers(GONE))
        for _week in range(WEEKS):
            greedy = int(worth[state].argmax())
            action = int(random.integers(3)) if random.random() < explore else greedy
            reward, following = _step(state, action, random)
            worth[state, action] += rate * (reward + discount * worth[following].max() - worth[state, action])
            state = following
    greedy_chances: Floats = np.eye(3)[worth.argmax(axis=1)]
    return greedy_chances


def policy_gradient(episodes: int, seed: int, progress: Progress = lambda *_: None, rate: float = 0.05) -> Floats:
    """(STATES, 3) chances learned by REINFORCE with a running baseline for each state."""
    random = np.random.default_rng(seed)
    taste, baseline = np.zeros((STATES, 3)), np.zeros(STATES)
    for episode in range(episodes):
        progress(episode, episodes)
        steps, state = [], int(random.integers(GONE))
        for _week in range(WEEKS):
            action = min(int(_softmax(taste[state]).cumsum().searchsorted(random.random())), OFFER)
            reward, following = _step(state, action, random)
            steps.append((state, action, reward))
            state = following
        earned = 0.0
        for past, action, reward in reversed(steps):
            earned = reward + (1 - 1 / WEEKS) * earned
            surprise = earned - baseline[past]
            baseline[past] += 0.02 * surprise
            taste[past] += rate * surprise * (np.eye(3)[action] - _softmax(taste[past]))
    return np.array([_softmax(row) for row in taste])


def _step(state: int, action: int, random: np.random.Generator) -> tuple[float, int]:
    """What one week brings. Who has unsubscribed stays so and earns nothing."""
    if state == GONE:
        return 0.0, GONE
    ends, outcomes = _drawable(state, action)
    _, reward, following = outcomes[bisect(ends, random.random())]
    return reward, following


@cache
def _drawable(state: int, action: int) -> tuple[list[float], list[tuple[float, float, int]]]:
    """Where each outcome's part of 0–1 ends (but the last's, which is 1), and the outcomes."""
    outcomes = list(_outcomes(state, action))
    return list(accumulate(chance for chance, _, _ in outcomes[:-1])), outcomes


def _softmax(scores: Floats) -> Floats:
    raised = np.exp(scores - scores.max())
    shares: Floats = raised / raised.sum()
    return shares
