"""Who fits a campaign: by segment, predictions and language, among those who may be written to."""

import operator
import re
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from knowledge.campaigns.errors import CampaignError
from knowledge.campaigns.permission import Permission
from knowledge.profiles.schema import ProfileRow
from knowledge.shop.schema import CustomerRow

_CONDITION = re.compile(r"\s*([a-z_][a-z0-9_]*)\s*(>=|<=|>|<)\s*(-?[0-9.]+)\s*")
_COMPARED = {">=": operator.ge, "<=": operator.le, ">": operator.gt, "<": operator.lt}


@dataclass(frozen=True)
class Condition:
    """`task` is a prediction (churn, active …) or a feature (recency_days …) of the profile."""

    task: str
    sign: str
    value: float

    @classmethod
    def read(cls, text: str) -> "Condition":
        """ "churn>=0.4" → a condition. Raises CampaignError."""
        found = _CONDITION.fullmatch(text)
        try:
            return cls(found[1], found[2], float(found[3]))  # type: ignore[index]
        except (TypeError, ValueError):
            raise CampaignError(f"'{text}' is no condition; write it like churn>=0.4 or recency_days<30") from None

    def holds(self, known: Mapping[str, float]) -> bool:
        """A figure that nobody knows fits no condition."""
        return self.task in known and bool(_COMPARED[self.sign](known[self.task], self.value))


@dataclass(frozen=True)
class Criteria:
    segments: tuple[str, ...] = ()
    conditions: tuple[Condition, ...] = ()
    language: str | None = None
    limit: int | None = None

    @property
    def needs_profiles(self) -> bool:
        return bool(self.segments or self.conditions)

    def to_json(self) -> dict[str, Any]:
        return asdict(self)


@dataclass(frozen=True)
class Audience:
    """`customers`: ids, sorted; `left_out`: how many for each reason."""

    customers: tuple[str, ...]
    left_out: Mapping[str, int]


def find_audience(session: Session, criteria: Criteria, permission: Permission) -> Audience:
    """Raises CampaignError where profiles are asked for and there are none, or none of a segment or with a figure."""
    _check(session, criteria)
    left_out: Counter[str] = Counter()
    chosen: list[str] = []
    for customer, profile in _candidates(session):
        problem = _misfit(criteria, customer, profile) or permission.problem(customer)
        if problem is None and (criteria.limit is None or len(chosen) < criteria.limit):
            chosen.append(customer.customer_id)
        else:
            left_out[problem or "over the limit"] += 1
    return Audience(tuple(chosen), dict(left_out))


def _candidates(session: Session) -> Iterator[tuple[CustomerRow, ProfileRow | None]]:
    query = (
        select(CustomerRow, ProfileRow)
        .outerjoin(ProfileRow, ProfileRow.customer_id == CustomerRow.customer_id)
        .order_by(CustomerRow.customer_id)
        .execution_options(yield_per=500)
    )
    for row in session.execute(query):
        yield row[0], row[1]


def _misfit(criteria: Criteria, customer: CustomerRow, profile: ProfileRow | None) -> str | None:
    if criteria.language and customer.locale != criteria.language:
        return "another language"
    if criteria.needs_profiles and profile is None:
        return "no profile yet"
    if profile is not None and criteria.segments and profile.segment not in criteria.segments:
        return "another segment"
    if profile is not None and not all(one.holds(_known(profile)) for one in criteria.conditions):
        return "a condition does not hold"
    return None


def _known(profile: ProfileRow) -> dict[str, float]:
    """Predictions and features by name; a prediction wins over a feature of the same name."""
    features = {name: float(value) for name, value in profile.features.items() if isinstance(value, int | float)}
    return features | {str(one["task"]): float(one["value"]) for one in profile.predictions}


def _check(session: Session, criteria: Criteria) -> None:
    if not criteria.needs_profiles:
        return
    known = [segment for segment in session.scalars(select(ProfileRow.segment).distinct()) if segment]
    one = session.scalars(select(ProfileRow).order_by(ProfileRow.computed_at.desc()).limit(1)).first()
    if one is None:
        raise CampaignError("there are no profiles yet, so nobody has a segment or a prediction: `kefu crm fit`")
    figures = _known(one)  # a fit gives everybody the same
    if unknown := [condition.task for condition in criteria.conditions if condition.task not in figures]:
        raise CampaignError(f"no profile has a figure '{unknown[0]}'; they have: {', '.join(sorted(figures))}")
    if missing := [segment for segment in criteria.segments if segment not in known]:
        raise CampaignError(
            f"no customer is in a segment '{missing[0]}'; there are: {', '.join(sorted(known)) or 'none'}"
        )
