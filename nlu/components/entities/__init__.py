"""Entities: one file a kind or a small group of kinds; each `find_*` yields spans of the folded text."""

from datetime import date

from nlu.components.entities.catalogue import find_catalogue
from nlu.components.entities.chinese_address import find_chinese_addresses
from nlu.components.entities.contact import find_emails, find_phones
from nlu.components.entities.continental_address import find_continental_addresses
from nlu.components.entities.date import find_dates
from nlu.components.entities.money import find_money
from nlu.components.entities.order_number import find_order_numbers
from nlu.components.entities.ordinal import find_ordinals
from nlu.components.entities.person import find_persons
from nlu.components.entities.postcode import find_postcodes
from nlu.components.entities.quantity import find_measured, find_quantities
from nlu.components.entities.span import Span, without_overlaps
from nlu.components.entities.western_address import find_western_addresses
from nlu.components.gazetteer import Gazetteer
from nlu.components.language import has_han
from nlu.types import Entity, Language

_EXTRACTORS = {"product": "gazetteer", "option": "gazetteer", "phone": "phonenumbers"}
READ_CHARACTERS = 4_000
"""Entities are looked for in the beginning of a text only, as far as a person would type."""


def find_spans(folded: str, gazetteer: Gazetteer, today: date) -> list[Span]:
    """All entities of a folded text in reading order, none overlapping; the surest kinds claim their stretch first."""
    text = folded[:READ_CHARACTERS]
    language: Language = "zh" if has_han(text) else "en"
    has_digit = any(character.isdigit() for character in text)
    spans = list(find_emails(text))
    numbers = list(find_order_numbers(text)) if has_digit else []
    spans += [span for span in numbers if span.confidence == 1.0]
    if has_digit:
        spans += find_western_addresses(text)
        spans += find_continental_addresses(text)
        spans += find_chinese_addresses(text)
        spans += find_phones(text, language)
    spans += find_money(text)
    spans += find_dates(text, today)
    spans += find_ordinals(text)
    spans += find_measured(text)
    spans += find_catalogue(text, gazetteer)
    if has_digit:
        spans += find_postcodes(text)
    spans += [span for span in numbers if span.confidence < 1.0]
    spans += find_persons(text, language)
    spans += find_quantities(text)
    return without_overlaps(spans)


def as_entities(spans: list[Span], text: str, start: int = 0, end: int | None = None) -> tuple[Entity, ...]:
    """The spans that lie in text[start:end], their offsets counted from `start`."""
    stop = len(text) if end is None else end
    return tuple(
        Entity(
            name=span.name,
            value=span.value,
            text=text[span.start : span.end],
            start=span.start - start,
            end=span.end - start,
            confidence=span.confidence,
            extractor=_EXTRACTORS.get(span.name, "rules"),
            details=span.details,
        )
        for span in spans
        if start <= span.start and span.end <= stop
    )
