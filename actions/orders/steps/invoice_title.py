"""Whom the invoice is made out to: said or not, it is never asked for; a private invoice is the rule."""

import re

from actions.desk import Desk
from actions.form import Step

TITLE = re.compile(
    r"(?:抬头|公司名称?)(?:是|为|写|开|改成|[:：])?\s*(?P<zh>[\u4e00-\u9fffA-Za-z0-9()（）]{4,40}?)(?=$|[,，。;；\s]|税号)|"
    r"(?:made? out to|in the name of|company(?: name)?(?: is|:)|billed? to)\s+(?P<en>[A-Z][\w&.,' -]{2,60}?)"
    r"(?=$|[;\n]|,? (?:tax|vat)|\.$)",
)
TAX_NUMBER = re.compile(
    r"(?:税号|纳税人识别号|tax (?:id|number)|vat(?: number| id)?)(?: is|是|为|[:：])*\s*([A-Z0-9]{8,20})", re.I
)


class InvoiceTitle(Step):
    slot = "invoice"

    def read(self, desk: Desk) -> None:
        title, tax = TITLE.search(desk.heard.text), TAX_NUMBER.search(desk.heard.text)
        said = {
            "title": (title["zh"] or title["en"]).strip() if title else None,
            "tax_number": tax.group(1).upper() if tax else None,
        }
        given = {name: value for name, value in said.items() if value}
        if given:
            desk.put(self.slot, {**(desk.get(self.slot) or {}), **given})

    def is_missing(self, desk: Desk) -> bool:
        return False

    def ask(self, desk: Desk) -> None:
        """Never missing, never asked."""
