"""Tell a colleague that items came damaged."""

from actions.orders.problem_report import ProblemReport


class ReportDamagedItem(ProblemReport):
    kind = "damaged"
