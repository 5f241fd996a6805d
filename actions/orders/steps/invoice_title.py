"""Whom the invoice is made out to: said or not, it is never asked for; a private invoice is the rule."""

from actions.desk import Desk
from actions.form import Step
from actions.orders.reading.invoices import read_tax_number, read_title


class InvoiceTitle(Step):
    slot = "invoice"

    def read(self, desk: Desk) -> None:
        text = desk.heard.text
        said = {"title": read_title(text), "tax_number": read_tax_number(text)}
        given = {name: value for name, value in said.items() if value}
        if given:
            desk.put(self.slot, {**(desk.get(self.slot) or {}), **given})

    def is_missing(self, desk: Desk) -> bool:
        return False

    def ask(self, desk: Desk) -> None:
        """Never missing, never asked."""
