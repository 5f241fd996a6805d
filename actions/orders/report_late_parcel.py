"""Tell a colleague that a parcel is overdue."""

from actions.orders.problem_report import ProblemReport
from knowledge.shop.types import ProblemKind


class ReportLateParcel(ProblemReport):
    kind: ProblemKind = "late"
