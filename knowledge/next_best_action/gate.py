"""May a new policy choose? Only when the log shows that it earns more than the present one, with 95 % confidence."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from knowledge.next_best_action.bandits import Policy
from knowledge.next_best_action.evaluation.estimators import (
    Estimate,
    doubly_robust,
    doubly_robust_scores,
    ips,
    of_mean,
    snips,
)
from knowledge.next_best_action.evaluation.overlap import Overlap, require_overlap
from knowledge.next_best_action.evaluation.rewards import cross_fitted
from knowledge.next_best_action.evaluation.rounds import rounds_of, would_do
from knowledge.next_best_action.schema import DecisionRow


@dataclass(frozen=True)
class Judgement:
    """What both policies would have earned a round. `gain`: the new one's doubly robust value beyond the present's."""

    overlap: Overlap
    ips: Estimate
    snips: Estimate
    doubly_robust: Estimate
    present: Estimate
    gain: Estimate

    @property
    def may_choose(self) -> bool:
        return self.gain.low > 0

    def to_json(self) -> dict[str, Any]:
        return asdict(self) | {"may_choose": self.may_choose}


def judge(rows: Sequence[DecisionRow], candidate: Policy, present: Policy) -> Judgement:
    """On choices that the candidate did not learn from. Raises NoOverlap where the log can't say."""
    rounds, new, old = rounds_of(rows), would_do(candidate, rows), would_do(present, rows)
    found = require_overlap(rounds, new)
    require_overlap(rounds, old)
    predicted = cross_fitted(rounds)
    scores = [doubly_robust_scores(rounds, target, predicted) for target in (new, old)]
    return Judgement(
        found,
        ips(rounds, new),
        snips(rounds, new),
        doubly_robust(rounds, new, predicted),
        doubly_robust(rounds, old, predicted),
        of_mean(scores[0] - scores[1]),
    )


def logged(session: Session, after: datetime | None = None) -> list[DecisionRow]:
    """Choices whose reward is known, oldest first; those later than `after`."""
    query = select(DecisionRow).where(DecisionRow.reward.is_not(None)).order_by(DecisionRow.at, DecisionRow.decision_id)
    return list(session.scalars(query if after is None else query.where(DecisionRow.at > after)))
