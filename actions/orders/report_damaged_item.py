"""Tell a colleague that items came damaged."""

from actions.orders.problem_report import ProblemReport
from knowledge.shop.types import ProblemKind


class ReportDamagedItem(ProblemReport):
    kind: ProblemKind = "damaged"
