"""Postal addresses in the American and British style."""

import re
from collections.abc import Iterator

from nlu.components.entities.span import Span
from nlu.components.wordlist import wordlist

_STREET_WORDS = "|".join(
    wordlist(
        """
        street st avenue ave road rd lane ln drive dr boulevard blvd way court ct place pl square sq terrace highway hwy
        parkway pkwy circle cir trail row close crescent alley walk broadway gardens grove mews loop plaza route
        """
    )
)
_STATE_CODES = wordlist(
    """
    alabama:AL alaska:AK arizona:AZ arkansas:AR california:CA colorado:CO connecticut:CT delaware:DE florida:FL
    georgia:GA hawaii:HI idaho:ID illinois:IL indiana:IN iowa:IA kansas:KS kentucky:KY louisiana:LA maine:ME maryland:MD
    massachusetts:MA michigan:MI minnesota:MN mississippi:MS missouri:MO montana:MT nebraska:NE nevada:NV
    new_hampshire:NH new_jersey:NJ new_mexico:NM new_york:NY north_carolina:NC north_dakota:ND ohio:OH oklahoma:OK
    oregon:OR pennsylvania:PA rhode_island:RI south_carolina:SC south_dakota:SD tennessee:TN texas:TX utah:UT vermont:VT
    virginia:VA washington:WA west_virginia:WV wisconsin:WI wyoming:WY district_of_columbia:DC
    """
)
_STATES = {name.replace("_", " "): code for name, _, code in (pair.partition(":") for pair in _STATE_CODES)}
_STATE = "|".join(sorted([*_STATES, *(code.lower() for code in _STATES.values())], key=len, reverse=True))
_PROVINCES = (
    r"(?-i:AB|BC|MB|NB|NL|NS|ON|PE|QC|SK)(?=,?\s+[A-Z]\d[A-Z])|ontario|quebec|british columbia|alberta|manitoba"
)
"""Canada's; the short forms only in capitals before a Canadian postcode."""
_POSTCODE = r"\d{5}(?:-\d{4})?|[A-Z]{1,2}\d[A-Z\d]? ?\d[A-Z]{2}|[A-Z]\d[A-Z] ?\d[A-Z]\d"
_COUNTRY = (
    r"usa|u\.s\.a?\.?|us|united states(?: of america)?|uk|united kingdom|england|scotland|wales|ireland|canada|"
    r"australia"
)
_STREET = (
    rf"\d{{1,6}}[A-Za-z]?\s+(?:[\w.'-]+\s+){{0,4}}?(?:{_STREET_WORDS})\b\.?"
    r"(?:\s+(?:north|south|east|west|[nsew][ew]?)\b)?"
    r"|p\.?\s?o\.?\s?box\s+\d{1,6}"
)
_UNIT = r"(?:suite|ste|apt|apartment|unit|flat|floor|room|rm)\.?\s*#?\s*\w{1,6}|#\s?\w{1,6}"
_NO_CITY = rf"(?:{_STATE})\s+\d{{5}}|(?:zip|and|please|thanks|postcode|my|but|not|because)\b"
_CITY_END = (
    rf",|\s+(?:{_PROVINCES})\b|\s+(?:{_STATE})\b|\s+(?:{_POSTCODE})|\s*$|[.!?;]|\s+(?:please|and|instead|thanks)\b"
)
_CITY = rf"(?!{_NO_CITY})(?:Dublin \d{{1,2}}|[A-Za-z][A-Za-z .'-]{{1,30}}?)(?={_CITY_END})"
_ADDRESS = re.compile(
    rf"(?<![\w#$.-])(?:(?P<before>{_UNIT}),\s*)?(?P<street>{_STREET})"
    rf"(?:,?\s+(?P<unit>{_UNIT}))?"
    rf"(?:(?:,\s*|\s+in\s+)(?P<city>{_CITY}))?"
    rf"(?:,?\s+(?:(?P<state>{_STATE})|(?P<province>{_PROVINCES}))\b)?"
    rf"(?:,?\s+(?:zip(?: ?code)?:?\s*|postcode:?\s*)?(?P<zip>{_POSTCODE})(?!\w))?"
    rf"(?:,?\s+(?P<country>{_COUNTRY})\b)?",
    re.IGNORECASE,
)


def find_western_addresses(text: str) -> Iterator[Span]:
    """Spans whose details name address1, address2, city, state, country and zip, as far as they were said."""
    for match in _ADDRESS.finditer(text):
        details = _details(match)
        if match["street"][0].isalpha() or _is_plausible(details):
            end = match.start() + len(match[0].rstrip(" ,."))
            said = {name: value for name, value in details.items() if value}
            yield Span("address", text[match.start() : end], match.start(), end, details=said)


def _details(match: re.Match[str]) -> dict[str, str]:
    state = match["state"]
    return {
        "address1": match["street"].rstrip(" ."),
        "address2": match["unit"] or match["before"] or "",
        "city": (match["city"] or "").strip(),
        "state": _STATES.get(state.lower(), state.upper()) if state else match["province"] or "",
        "country": _country(match["country"], state) or ("Canada" if match["province"] else ""),
        "zip": (match["zip"] or "").upper(),
    }


def _is_plausible(details: dict[str, str]) -> bool:
    """ "3 days on the road": a street alone needs a capital, or a number that no count would have."""
    words = details["address1"].split()
    located = details["city"] or details["state"] or details["zip"]
    capital = len(words) >= 3 and words[1][:1].isupper()
    return bool(located) or capital or int(re.sub(r"\D", "", words[0])) >= 100


def _country(written: str | None, state: str | None) -> str:
    if written is None:
        return "USA" if state else ""
    name = written.lower().replace(".", "")
    if name in ("us", "usa", "united states", "united states of america"):
        return "USA"
    return "UK" if name in ("uk", "united kingdom", "england") else name.title()
