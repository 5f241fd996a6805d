"""The policies a shop has: one is current at most; a candidate becomes it through the gate, a retired one by rollback.

A policy that has chosen is never changed: what it learned since is a new candidate, so that a version in the log says
exactly what chose. They live in the database, because every process must choose by the same one.
"""

from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from knowledge.next_best_action.bandits import Policy, from_json
from knowledge.next_best_action.choosing import Served
from knowledge.next_best_action.errors import PolicyError
from knowledge.next_best_action.schema import PolicyRow

CANDIDATE, CURRENT, RETIRED = "candidate", "current", "retired"


class Policies:
    """Reads and writes through `session`; the caller commits."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def current(self) -> Served:
        """The one that chooses; before any was promoted the uniform one."""
        row = self._current_row()
        return Served() if row is None else self._served(row)

    def get(self, version: str) -> Served:
        """Raises PolicyError naming those there are."""
        return Served() if version == Served().version else self._served(self._row(version))

    def learned_until(self, version: str) -> datetime | None:
        """The last choice that a policy learned from; None where it learned from none."""
        if version == Served().version:
            return None
        said = self._row(version).parameters.get("learned_until")
        return datetime.fromisoformat(said) if said else None

    def rows(self) -> list[PolicyRow]:
        """Oldest first."""
        return list(self._session.scalars(select(PolicyRow).order_by(PolicyRow.made_at, PolicyRow.version)))

    def add(self, policy: Policy, made_at: datetime, learned_until: datetime | None, learned_from: int) -> str:
        """A candidate; returns its version. The name says kind, day and the choices it learned from."""
        version = self._free(f"{policy.kind}-{made_at:%Y%m%d}-{learned_from}")
        until = learned_until.isoformat() if learned_until else None
        parameters = {"policy": policy.to_json(), "learned_until": until, "learned_from": learned_from}
        self._session.add(
            PolicyRow(
                version=version,
                kind=policy.kind,
                state=CANDIDATE,
                made_at=made_at,
                promoted_at=None,
                parameters=parameters,
                evaluation={},
            )
        )
        self._session.flush()
        return version

    def promote(self, version: str, at: datetime, evaluation: dict[str, Any]) -> None:
        """From now on this one chooses. Whether it may is the gate's business (gate.py)."""
        row = self._row(version)
        if (present := self._current_row()) is not None:
            present.state = RETIRED
        row.state, row.promoted_at, row.evaluation = CURRENT, at, evaluation
        self._session.flush()

    def refuse(self, version: str, evaluation: dict[str, Any]) -> None:
        """Keep what the gate found."""
        self._row(version).evaluation = evaluation
        self._session.flush()

    def rollback(self) -> str:
        """The one before chooses again; returns its version. Raises PolicyError when none was ever promoted."""
        present = self._current_row()
        if present is None:
            raise PolicyError("no policy was ever promoted: the uniform one chooses, and there is none before it")
        present.state = CANDIDATE
        query = select(PolicyRow).where(PolicyRow.state.in_([CURRENT, RETIRED])).order_by(PolicyRow.promoted_at.desc())
        before = self._session.scalars(query).first()
        if before is not None:
            before.state = CURRENT
        self._session.flush()
        return before.version if before else Served().version

    def _current_row(self) -> PolicyRow | None:
        """The last promoted: two people who promote at the same moment leave two."""
        query = select(PolicyRow).where(PolicyRow.state == CURRENT).order_by(PolicyRow.promoted_at.desc())
        return self._session.scalars(query).first()

    def _row(self, version: str) -> PolicyRow:
        row = self._session.get(PolicyRow, version)
        if row is None:
            known = ", ".join(one.version for one in self.rows()) or "none but 'uniform'"
            raise PolicyError(f"there is no policy '{version}'; there are: {known} (`kefu crm policy list`)")
        return row

    def _served(self, row: PolicyRow) -> Served:
        return Served(from_json(row.kind, row.parameters["policy"]), row.version)

    def _free(self, name: str) -> str:
        taken = {row.version for row in self.rows()}
        names = (name if number == 1 else f"{name}-{number}" for number in range(1, len(taken) + 2))
        return next(each for each in names if each not in taken)
