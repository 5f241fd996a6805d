"""A candidate from the log: a fresh policy that is told every choice and its reward, oldest first."""

from collections.abc import Sequence
from datetime import datetime

from knowledge.next_best_action.actions import Action
from knowledge.next_best_action.bandits import Policy, fresh
from knowledge.next_best_action.choosing import SIZE, action_rows
from knowledge.next_best_action.errors import NextBestActionError
from knowledge.next_best_action.schema import DecisionRow


def learn(kind: str, rows: Sequence[DecisionRow]) -> Policy:
    """Raises NextBestActionError where nothing has been rewarded yet."""
    policy = fresh(kind, SIZE)
    for row in rows:
        if row.reward is not None:
            [features] = action_rows(row.features, (Action(row.action),))
            policy = policy.learned(features, row.reward)
    return policy


def split(rows: Sequence[DecisionRow], share: float) -> tuple[list[DecisionRow], datetime]:
    """The oldest `share` of the rows to learn from, and the moment of the last: later ones are left to judge by."""
    count = int(len(rows) * share)
    if count == 0:
        raise NextBestActionError(
            "no choice in the log has a reward yet: let the bot choose for a while, then `kefu crm policy reward`"
        )
    return list(rows[:count]), rows[count - 1].at
