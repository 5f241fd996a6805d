"""Tell a colleague that a parcel, or a part of it, is missing."""

from actions.orders.problem_report import ProblemReport


class ReportMissingParcel(ProblemReport):
    kind = "missing"
