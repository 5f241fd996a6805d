"""Postal addresses as on the continent: `29 Rue de Rivoli, 75004 Paris`, `Friedrichstraße 12, 10117 Berlin`."""

import re
from collections.abc import Iterator

from nlu.components.entities.span import Span

_ROMANCE = r"(?:rue|avenue|boulevard|place|via|viale|piazza|calle|avenida|plaza)"
_GERMANIC = r"(?:straße|strasse|str\.|weg|platz|allee|gasse|straat|laan)"
_COUNTRY = r"france|germany|spain|italy|netherlands|austria|switzerland|belgium|portugal|poland"
_ADDRESS = re.compile(
    rf"(?<![\w#$.-])(?P<street>\d{{1,4}}[a-z]?,?\s+{_ROMANCE}\s+[^\W\d][\w' .-]{{1,40}}?"
    rf"|[^\W\d]\w+{_GERMANIC}\s+\d{{1,4}}\s?[a-z]?)"
    r",\s*(?P<zip>\d{4,5})\s+(?P<city>[^\W\d][\w'-]*(?: [^\W\d][\w'-]*)?)"
    rf"(?:,\s*(?P<country>{_COUNTRY})\b)?",
    re.IGNORECASE,
)


def find_continental_addresses(text: str) -> Iterator[Span]:
    """Spans with a postcode before the city; details as in `find_western_addresses`."""
    for match in _ADDRESS.finditer(text):
        details = {"address1": match["street"], "city": match["city"], "zip": match["zip"]}
        if match["country"]:
            details["country"] = match["country"].title()
        yield Span("address", match[0], match.start(), match.end(), details=details)
