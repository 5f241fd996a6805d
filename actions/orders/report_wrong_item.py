"""Tell a colleague that the wrong items came."""

from actions.orders.problem_report import ProblemReport


class ReportWrongItem(ProblemReport):
    kind = "wrong"
