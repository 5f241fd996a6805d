"""Postal addresses in one line or in pieces, in English and Chinese. Pure."""

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace

from actions.orders.reading.regions import CITIES, MUNICIPALITIES, PROVINCE, is_state
from actions.words import fold, is_chinese


@dataclass(frozen=True)
class AddressParts:
    """What is known of an address so far; the names are those of the shop's `Address`."""

    line1: str = ""
    line2: str = ""
    city: str = ""
    state: str = ""
    postcode: str = ""
    country: str = ""

    @property
    def missing(self) -> list[str]:
        """What a parcel cannot do without, in the order in which one asks."""
        needed = ("line1", "city", "state", "postcode") if self.country == "USA" else ("line1", "city", "postcode")
        return [name for name in needed if not getattr(self, name)]

    def __bool__(self) -> bool:
        return any(asdict(self).values())

    def over(self, below: "AddressParts") -> "AddressParts":
        """These parts, and below's where these are silent."""
        return replace(below, **{name: value for name, value in asdict(self).items() if value})


UNIT = re.compile(
    r"^(?:suite|ste|apt|apartment|unit|flat|floor|room|building|bldg|no|#)[\s.#]*[\w-]+$|^#\s*\w+$|"
    r"^\d+(?:st|nd|rd|th) floor$",
    re.I,
)
UNIT_IN_TEXT = re.compile(
    r"(?<![a-z])(?:suite|ste|apt|apartment|unit|flat)(?: number)?(?: to| is)?[\s.#]*(\d[\w-]*|[a-z]\d+)", re.I
)
COUNTRIES = {
    "usa": "USA", "us": "USA", "u.s.": "USA", "u.s.a.": "USA", "united states": "USA",
    "united states of america": "USA",
    "america": "USA", "uk": "UK", "united kingdom": "UK", "england": "UK", "canada": "Canada", "china": "China",
    "germany": "Germany", "france": "France", "australia": "Australia", "ireland": "Ireland", "singapore": "Singapore",
}  # fmt: skip
STATE_AND_POSTCODE = re.compile(
    r"^(?P<state>[A-Za-z][A-Za-z. ]*?)[\s,]+"
    r"(?P<postcode>\d{5}(?:-\d{4})?|[A-Z]\d[A-Z] ?\d[A-Z]\d|[A-Z]{1,2}\d[A-Z\d]? ?\d[A-Z]{2})$"
)
POSTCODE = re.compile(
    r"^(?:zip(?: ?code)?|postcode|postal code)?[\s:]*(?:is )?(?P<postcode>\d{5}(?:-\d{4})?|\d{6}|"
    r"[A-Z]\d[A-Z] ?\d[A-Z]\d|[A-Z]{1,2}\d[A-Z\d]? ?\d[A-Z]{2})$"
)
POSTCODE_SAID = re.compile(
    r"(?:zip(?: ?code)?|postcode|postal code|邮编)(?: is| to|是|为|改成)?[\s::]*(\d{5}(?:-\d{4})?|\d{6}|"
    r"[A-Za-z]{1,2}\d[A-Za-z\d]? ?\d[A-Za-z]{2})"
)
CITY_AND_POSTCODE = re.compile(r"^(?P<postcode>\d{5}) (?P<city>[A-Za-z .-]+)$")
STREET = re.compile(
    r"(?<![\w#])\d+[A-Za-z]?(?:-\d+)? (?:[A-Z0-9][\w'.-]*\.? ?){1,5}(?=,|$|\.|;| zip| suite| apt| unit| in )"
    r"|(?<![\w#])\d+ [a-z0-9 '.-]{2,40}?(?:street|st|avenue|ave|road|rd|drive|dr|lane|ln|boulevard|blvd|"
    r"way|court|ct|place|"
    r"square|highway|parkway|terrace|close)(?![a-z])",
)
UNPUNCTUATED = re.compile(
    r"^(?P<line1>\d.*? (?:Street|St|Avenue|Ave|Road|Rd|Drive|Dr|Lane|Ln|Boulevard|Blvd|Way|Court|Ct|Place))\.? "
    r"(?P<city>[A-Z][A-Za-z .]+?) (?P<state>[A-Z]{2})(?: (?P<postcode>\d{5}))?$"
)
CITY_SAID = re.compile(r"(?:city is|in the city of|城市是)\s*([A-Za-z .-]+|[\u4e00-\u9fff]{2,8})")
CHINESE = re.compile(
    rf"(?P<state>{PROVINCE.pattern})?\s*"
    r"(?P<city>[\u4e00-\u9fff]{2,7}?(?:市|自治州|地区|盟))?\s*"
    r"(?P<line1>(?:[\u4e00-\u9fff]{1,7}?(?:区|县|旗|镇|乡|街道|新区))?[\u4e00-\u9fffA-Za-z0-9\-—()()# ]*?"
    r"(?:路|街|道|巷|弄|里|村|大道|胡同|小区|花园|苑|广场|大厦|园|城|号)[\u4e00-\u9fffA-Za-z0-9\-—()()# ]*)"
)
CHINESE_LEAD = re.compile(
    r"^.*?(?:地址|收货地)?(?:改|换|送|寄|变更|更新|修改|发)(?:成|到|为|至|去)\s*|^.*?(?:新)?(?:收货)?地址(?:是|为|:|:)\s*|^(?:寄|送|发)?到"
)
STREET_ZH = re.compile(r"区|县|镇|路|街|大道|巷|弄|胡同|村|小区|花园|苑|广场|大厦")
"""What a line of an address has beside a number."""
UNIT_ZH = re.compile(r"(\d+(?:号楼|栋|幢|座|单元|楼|层|室)[\dA-Za-z\u4e00-\u9fff\-]*)$")


def read_address(text: str) -> AddressParts:
    """The parts of an address that the text gives; empty where it gives none."""
    plain = unicodedata.normalize("NFKC", text).strip()
    if is_chinese(plain) and (found := _chinese(plain)):
        return found
    return _western(plain)


def from_entity(details: Mapping[str, object]) -> AddressParts:
    """The parts as the NLU found them (its names are address1, address2, zip …)."""

    def part(*names: str) -> str:
        return next((str(details[name]) for name in names if details.get(name)), "")

    return AddressParts(
        part("line1", "address1"), part("line2", "address2"), part("city"), part("state"),
        part("postcode", "zip"), part("country"),
    )  # fmt: skip


def _western(text: str) -> AddressParts:
    street = STREET.search(text)
    if not street:
        return _pieces(text)
    line1 = street.group().strip(" ,.")
    rest = [piece.strip(" .") for piece in re.split(r"[,;\n]", text[street.end() :])]
    parts = AddressParts(line1=line1)
    for piece in filter(None, rest):
        parts = _place(parts, re.sub(r"^(?:and|in|zip(?: ?code)?|postcode)[\s:]+", "", piece, flags=re.I))
    return _with_last_words(_unpunctuated(parts), text)


def _unpunctuated(parts: AddressParts) -> AddressParts:
    """ "20 Main St Springfield IL 62704": what stands behind the street without a comma."""
    found = UNPUNCTUATED.match(parts.line1)
    if not found or parts.city:
        return parts
    return replace(
        parts, line1=found["line1"], city=found["city"], state=found["state"], postcode=found["postcode"] or ""
    )


def _place(parts: AddressParts, piece: str) -> AddressParts:
    """Put one comma-separated piece where it belongs."""
    if UNIT.match(piece):
        return replace(parts, line2=parts.line2 or piece)
    if found := STATE_AND_POSTCODE.match(piece):
        return _place_before_postcode(parts, found["state"], found["postcode"])
    if found := POSTCODE.match(piece):
        return replace(parts, postcode=found["postcode"])
    if found := CITY_AND_POSTCODE.match(piece):
        return replace(parts, city=found["city"], postcode=found["postcode"])
    if country := COUNTRIES.get(fold(piece)):
        return replace(parts, country=country)
    if is_state(piece) and parts.city:
        return replace(parts, state=piece)
    if re.fullmatch(r"[A-Za-z][A-Za-z .'-]{1,30}", piece):
        return _named_place(parts, piece)
    return parts


def _place_before_postcode(parts: AddressParts, words: str, postcode: str) -> AddressParts:
    """ "TX", "Fort Worth TX", "Berlin" before a postcode; a sentence ("my zip code is") is no place."""
    if is_state(words) and (parts.city or len(words) == 2):
        return replace(parts, state=words, postcode=postcode)
    city, _, state = words.rpartition(" ")
    if is_state(state):
        return replace(parts, city=parts.city or city, state=state, postcode=postcode)
    is_name = all(word[:1].isupper() for word in words.split()) and len(words.split()) < 4
    if is_name and not parts.city:
        return replace(parts, city=words, postcode=postcode)
    if is_name and not postcode.isdigit():  # a county, where postcodes have letters
        return replace(parts, state=words, postcode=postcode)
    return replace(parts, postcode=postcode)


def _named_place(parts: AddressParts, piece: str) -> AddressParts:
    if not parts.city:
        return replace(parts, city=piece)
    return replace(parts, state=piece) if is_state(piece) and not parts.state else parts


def _with_last_words(parts: AddressParts, text: str) -> AddressParts:
    if not parts.postcode and (said := POSTCODE_SAID.search(text)):
        parts = replace(parts, postcode=said.group(1))
    if not parts.line2 and (unit := UNIT_IN_TEXT.search(text)):
        parts = replace(parts, line2=unit.group().strip())
    return parts


def _pieces(text: str) -> AddressParts:
    """Single parts said by themselves: "Suite 641", "the zip is 76165", "Dallas, TX 75201"."""
    parts = AddressParts()
    if unit := UNIT_IN_TEXT.search(text):
        parts = replace(parts, line2=f"{unit.group().split()[0].capitalize()} {unit.group(1)}")
    if said := POSTCODE_SAID.search(text):
        parts = replace(parts, postcode=said.group(1))
    if city := CITY_SAID.search(text):
        parts = replace(parts, city=city.group(1).strip())
    pieces = [piece.strip(" .") for piece in POSTCODE_SAID.sub("", text).split(",")]
    if STATE_AND_POSTCODE.match(pieces[-1]) or POSTCODE.match(pieces[-1]) or COUNTRIES.get(fold(pieces[-1])):
        for piece in pieces:
            parts = _place(parts, piece)
    return parts


def _chinese(text: str) -> AddressParts:
    postcode = re.search(r"(?<!\d)\d{6}(?!\d)", text)
    said = text.replace(postcode.group(), "") if postcode else text
    said = re.sub(r"[,,。;\s]*邮编(?:是|为)?[::\s]*", "", said)
    said = re.sub(rf"中国[\s,,]*(?={PROVINCE.pattern}|{'|'.join(CITIES)})", "", said)
    province = PROVINCE.search(said)
    said = said[province.start() :] if province else CHINESE_LEAD.sub("", said, count=1)
    found = CHINESE.search(re.sub(r"[,,、。\s]+", "", said))
    code = postcode.group() if postcode else ""
    if not found:
        unit = UNIT_ZH.search(re.sub(r"[,,、。\s]+$", "", said))
        return AddressParts(line2=unit.group(1) if unit else "", postcode=code)
    state, city, line1 = found["state"] or "", found["city"] or "", found["line1"]
    if not city and not STREET_ZH.search(line1):
        return AddressParts(postcode=code)
    if not city and (name := next((name for name in CITIES if line1.startswith(name)), "")):
        city, line1 = f"{name}市", line1.removeprefix(name)
    if city.removesuffix("市") in MUNICIPALITIES:
        state = state or city
    unit = UNIT_ZH.search(line1)
    line2 = unit.group(1) if unit and unit.start() > 0 else ""
    return AddressParts(line1.removesuffix(line2), line2, city, state, code, "中国" if city else "")
