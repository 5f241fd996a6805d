"""Tell a colleague that the wrong items came."""

from actions.orders.problem_report import ProblemReport
from knowledge.shop.types import ProblemKind


class ReportWrongItem(ProblemReport):
    kind: ProblemKind = "wrong"
