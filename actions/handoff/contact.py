"""Where a customer can be reached: a telephone number or an e-mail address in what they wrote. Pure."""

import re

from actions.said import EMAIL, ORDER_NUMBER

PHONE = re.compile(r"(?<![\w#@.])\+?\(?\d(?:[\s().-]{0,2}\d){6,14}(?![\w@])", re.ASCII)
LEAST_DIGITS = 7


def contact_in(text: str) -> str | None:
    """The first e-mail address, else the first telephone number; never an order number."""
    if found := EMAIL.search(text):
        return found.group()
    rest = ORDER_NUMBER.sub(" ", text)
    number = PHONE.search(rest)
    return " ".join(number.group().split()) if number else None
