"""A policy that always prefers one action, promoted in the shop's database; the rules still hold."""

import numpy as np
from sqlalchemy.orm import Session

from knowledge.next_best_action.actions import Action
from knowledge.next_best_action.bandits import EpsilonGreedy
from knowledge.next_best_action.choosing import SIZE, action_rows
from knowledge.next_best_action.context import FEATURES
from knowledge.next_best_action.learning import Linear
from knowledge.next_best_action.policies import Policies
from tests.actions.products.stage import NOW


def prefer(session: Session, action: Action) -> None:
    """It learned that this one pays and the rest does not; nothing is left to chance (no exploring)."""
    policy = EpsilonGreedy(Linear(np.eye(SIZE), np.zeros(SIZE)), explore=0.0)
    always = dict.fromkeys(FEATURES, 0.0) | {"one": 1.0}
    for each in Action:
        for _ in range(20):
            policy = policy.learned(action_rows(always, (each,))[0], 1.0 if each is action else -1.0)
    policies = Policies(session)
    policies.promote(policies.add(policy, NOW, None, 0), NOW, {})
