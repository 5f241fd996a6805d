"""Tell a colleague that a parcel, or a part of it, is missing."""

from actions.orders.problem_report import ProblemReport
from knowledge.shop.types import ProblemKind


class ReportMissingParcel(ProblemReport):
    kind: ProblemKind = "missing"
