"""Why an item is listed: a code, and the facts that go into the sentence. The words live in the assistant's YAML."""

from enum import StrEnum


class Reason(StrEnum):
    BUY_AGAIN = "buy_again"
    """Bought before."""
    DUE = "due"
    """Bought in a rhythm, and it is time again; the fact is the rhythm in days."""
    GOES_WITH = "goes_with"
    """Bought by those who bought `because_of`."""
    TASTE = "taste"
    """What others buy in a category where the customer buys."""
    ALIKE = "alike"
    """Bought by customers who buy alike."""
    POPULAR = "popular"


CODES = tuple(Reason)
"""A reason as a number: its place here. Only ever append: stored models hold the numbers."""
