"""Whom an invoice shall be made out to, and the tax number: "make it out to Haddad Trading LLC", 抬头写…公司. Pure."""

import re

INTRODUCED = re.compile(
    r"(?:抬头|公司名称?|单位名?称?)(?:是|为|写|开|用|改成|[:：])*\s*(?P<zh>[\u4e00-\u9fffA-Za-z0-9()（）]{4,40}?)"
    r"(?=$|[,，。;；\s]|税号)|"
    r"(?i:ma[dk]e (?:it |this |the invoice )?out to|in the name of|(?:company|business)(?: name)?(?: is|:)|"
    r"bill(?:ed)? (?:it )?to|(?:invoice|it)(?: should be| must be)? (?:to|for)|addressed to)\s+(?i:the company )?"
    r"(?P<en>(?![A-Z]{0,3}\d{4})[A-Z][\w&.,' -]{2,60}?)"
    r"(?=$|[;\n]|,? (?:and )?(?:the |our |my )?(?i:tax|vat|ein)(?![a-z])|\.(?:$| [A-Z])|, please)"
)
COMPANY = re.compile(
    r"(?P<zh>[\u4e00-\u9fffA-Za-z0-9()（）]{2,36}(?:公司|集团|工作室|事务所|研究院|学校|医院|大学|合作社|商行))"
    r"(?=$|[,，。;；\s]|税号|的)|"
    r"(?P<en>[A-Z][\w&.' -]{1,50}? (?:LLC|Inc|Ltd|Limited|GmbH|Corp|Corporation|Company|Co|PLC)\.?)(?![A-Za-z])"
)
"""A company's name as it stands."""
LEAD_ZH = re.compile(r"^.*(?:发票|开给|开成|开|写成?|抬头|用|是|给|要)")
TAX_NUMBER = re.compile(
    r"(?:税号|纳税人识别号|统一社会信用代码|(?:tax|vat)(?: (?:id|number|no\.?))*|ein)(?: is|是|为|[:：])*\s*"
    r"(?P<labelled>[A-Z]{0,4}\d[A-Z0-9-]{6,19})|"
    r"(?<![A-Za-z0-9#])(?P<bare>9[1-3][A-Z0-9]{16}|[A-Z]{2}\d{2}-\d{7}|\d{2}-\d{7})(?![A-Za-z0-9])",
    re.I,
)


def read_title(text: str) -> str | None:
    """The name that stands behind "make it out to", or a company's name."""
    found = INTRODUCED.search(text) or COMPANY.search(text)
    if not found:
        return None
    chinese = LEAD_ZH.sub("", found["zh"]) if found["zh"] else ""
    title = (chinese or found["en"] or "").strip(" ,，")
    return title if len(title) >= 4 else None


def read_tax_number(text: str) -> str | None:
    found = TAX_NUMBER.search(text)
    return (found["labelled"] or found["bare"]).upper() if found else None
