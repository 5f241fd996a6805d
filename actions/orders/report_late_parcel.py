"""Tell a colleague that a parcel is overdue."""

from actions.orders.problem_report import ProblemReport


class ReportLateParcel(ProblemReport):
    kind = "late"
