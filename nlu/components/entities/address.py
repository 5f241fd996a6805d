"""Postal addresses: American and British style, and Chinese province-city-road-number."""

import re
from collections.abc import Iterator

from nlu.components.entities.span import Span

_STREET_WORDS = (
    "street|st|avenue|ave|road|rd|lane|ln|drive|dr|boulevard|blvd|way|court|ct|place|pl|square|sq|terrace|highway|hwy|parkway|pkwy|"
    "circle|cir|trail|row|close|crescent|alley|walk|broadway|gardens|grove|mews|loop|plaza|route"
)
_UNIT = r"(?:(?:suite|ste|apt|apartment|unit|flat|floor|room|rm)\.?\s*#?\s*\w{1,6}|#\s?\w{1,6})"
_STATES = dict(
    pair.split(":")
    for pair in [
        "alabama:AL",
        "alaska:AK",
        "arizona:AZ",
        "arkansas:AR",
        "california:CA",
        "colorado:CO",
        "connecticut:CT",
        "delaware:DE",
        "florida:FL",
        "georgia:GA",
        "hawaii:HI",
        "idaho:ID",
        "illinois:IL",
        "indiana:IN",
        "iowa:IA",
        "kansas:KS",
        "kentucky:KY",
        "louisiana:LA",
        "maine:ME",
        "maryland:MD",
        "massachusetts:MA",
        "michigan:MI",
        "minnesota:MN",
        "mississippi:MS",
        "missouri:MO",
        "montana:MT",
        "nebraska:NE",
        "nevada:NV",
        "new hampshire:NH",
        "new jersey:NJ",
        "new mexico:NM",
        "new york:NY",
        "north carolina:NC",
        "north dakota:ND",
        "ohio:OH",
        "oklahoma:OK",
        "oregon:OR",
        "pennsylvania:PA",
        "rhode island:RI",
        "south carolina:SC",
        "south dakota:SD",
        "tennessee:TN",
        "texas:TX",
        "utah:UT",
        "vermont:VT",
        "virginia:VA",
        "washington:WA",
        "west virginia:WV",
        "wisconsin:WI",
        "wyoming:WY",
        "district of columbia:DC",
    ]
)
_STATE = "|".join(sorted([*_STATES, *(code.lower() for code in _STATES.values())], key=len, reverse=True))
_POSTCODE = r"\d{5}(?:-\d{4})?|[A-Z]{1,2}\d[A-Z\d]? ?\d[A-Z]{2}|[A-Z]\d[A-Z] ?\d[A-Z]\d"
_COUNTRY = r"usa|u\.s\.a?\.?|us|united states(?: of america)?|uk|united kingdom|england|canada|australia"
_WESTERN = re.compile(
    rf"(?<![\w#$.-])(?P<street>\d{{1,6}}[A-Za-z]?\s+(?:[\w.'-]+\s+){{0,4}}?(?:{_STREET_WORDS})\b\.?(?:\s+(?:north|south|east|west|[nsew][ew]?)\b)?)"
    rf"(?:,?\s+(?P<unit>{_UNIT}))?"
    rf"(?:(?:,\s*|\s+in\s+)(?P<city>(?!(?:{_STATE})\s+\d{{5}}|(?:zip|and|please|thanks|postcode|my|but|not|because)\b)[A-Za-z][A-Za-z .'-]{{1,30}}?)(?=,|\s+(?:{_STATE})\b|\s+(?:{_POSTCODE})|\s*$|[.!?;]|\s+(?:please|and|instead|thanks)\b))?"
    rf"(?:,?\s+(?P<state>{_STATE})\b)?"
    rf"(?:,?\s+(?:zip(?: ?code)?:?\s*|postcode:?\s*)?(?P<zip>{_POSTCODE})(?!\w))?"
    rf"(?:,?\s+(?P<country>{_COUNTRY})\b)?",
    re.IGNORECASE,
)
_PROVINCES = "北京|上海|天津|重庆|河北|山西|辽宁|吉林|黑龙江|江苏|浙江|安徽|福建|江西|山东|河南|湖北|湖南|广东|海南|四川|贵州|云南|陕西|甘肃|青海|台湾|内蒙古|广西|西藏|宁夏|新疆|香港|澳门"
_CITIES = (
    "广州|深圳|杭州|南京|成都|武汉|西安|苏州|郑州|长沙|东莞|佛山|宁波|青岛|济南|合肥|福州|厦门|昆明|大连|沈阳|哈尔滨|长春|石家庄|太原|南昌|南宁|贵阳|"
    "兰州|海口|无锡|常州|温州|泉州|珠海|中山|惠州|徐州|烟台|嘉兴|绍兴|金华|台州|南通|扬州|洛阳|桂林|三亚|乌鲁木齐|呼和浩特|银川|西宁|拉萨"
)
_H = r"[\u4e00-\u9fff]"
_CITY_END = r"市|自治州|地区|盟"
_CHINESE = re.compile(
    rf"(?P<province>(?:{_PROVINCES})(?:省|市|自治区|壮族自治区|回族自治区|维吾尔自治区|特别行政区)?)?\s?"
    rf"(?P<city>(?:{_CITIES})市?|(?!(?:地址|改成|改到|寄到|送到|收货|搬到)){_H}{{2,6}}?(?:{_CITY_END}))?\s?"
    rf"(?P<district>(?!(?:改成|改到|寄到|送到)){_H}{{1,6}}?(?:区|县|旗|新区))?\s?"
    rf"(?P<street>(?:{_H}{{2,6}}?(?:街道|镇|乡))?\s?(?:{_H}{{1,10}}?(?:路|大街|街|大道|道|巷|弄|胡同|里|园区|小区|花园|公寓|大厦|广场|村|苑|城))(?:[\u4e00-\u9fff]{{0,2}}段)?\s?(?:\d{{1,5}}(?:-\d{{1,4}})?\s?(?:号|弄))?)"
    rf"(?P<rest>(?:[\u4e00-\u9fff]{{1,8}}(?:小区|花园|公寓|大厦|广场|苑|城|园|院))?(?:\s?[\dA-Za-z一二三四五六七八九十]{{1,5}}\s?(?:号楼|栋|幢|座|单元|楼|层|室|号|房|户)(?:[\dA-Za-z-]{{1,6}}室?(?![\dA-Za-z栋单楼]))?)*)"
)
_LEADING = re.compile(
    r"^(?:.{0,12}?(?:地址|改成|改到|改为|换成|换到|寄到|送到|寄往|送去|发到|搬到|住在|住|是|在|到|为|:|：))+"
)
_ZIP_NEAR = re.compile(r"[\s,]*(?:邮编|邮政编码)?[\s:是为]*(?P<zip>\d{6})(?!\d)")


def find_addresses(text: str) -> Iterator[Span]:
    """Spans whose details name address1, address2, city, state, country and zip, as far as they were said."""
    if any(character.isdigit() for character in text):
        yield from _western(text)
        yield from _chinese(text)


def _western(text: str) -> Iterator[Span]:
    for match in _WESTERN.finditer(text):
        state = match["state"]
        details = {
            "address1": match["street"].rstrip(" ."),
            "address2": match["unit"] or "",
            "city": (match["city"] or "").strip(),
            "state": _STATES.get(state.lower(), state.upper()) if state else "",
            "country": _country(match["country"], state),
            "zip": (match["zip"] or "").upper(),
        }
        end = match.start() + len(match[0].rstrip(" ,."))
        if _is_plausible(details):
            yield Span("address", text[match.start() : end], match.start(), end, details=_said(details))


def _is_plausible(details: dict[str, str]) -> bool:
    """ "3 days on the road": a street alone needs a capital or a number that no count would have."""
    words = details["address1"].split()
    located = details["city"] or details["state"] or details["zip"]
    return bool(located) or (len(words) >= 3 and words[1][:1].isupper()) or int(re.sub(r"\D", "", words[0])) >= 100


def _country(written: str | None, state: str | None) -> str:
    if written is None:
        return "USA" if state else ""
    name = written.lower().replace(".", "")
    if name in ("us", "usa", "united states", "united states of america"):
        return "USA"
    return "UK" if name in ("uk", "united kingdom", "england") else name.title()


def _chinese(text: str) -> Iterator[Span]:
    for match in _CHINESE.finditer(text):
        lead = _LEADING.match(match[0])
        start = match.start() + (lead.end() if lead else 0)
        whole = text[start : match.end()].strip()
        if lead or not any(character.isdigit() for character in whole):
            inner = _CHINESE.search(text, start) if lead else None
            if inner is None or not any(character.isdigit() for character in inner[0]) or _LEADING.match(inner[0]):
                continue
            match, start = inner, inner.start()
        yield _chinese_span(text, match)


def _chinese_span(text: str, match: re.Match[str]) -> Span:
    province, city = match["province"] or "", match["city"] or ""
    municipal = province.removesuffix("市") in ("北京", "上海", "天津", "重庆")
    near = _ZIP_NEAR.match(text, match.end())
    details = {
        "address1": ((match["district"] or "") + match["street"] + (match["rest"] or "")).replace(" ", ""),
        "city": province if municipal and not city else city,
        "state": province,
        "country": "中国" if province or city else "",
        "zip": near["zip"] if near else "",
    }
    end = match.start() + len(match[0].rstrip())
    return Span("address", text[match.start() : end], match.start(), end, details=_said(details))


def _said(details: dict[str, str]) -> dict[str, str]:
    return {name: value for name, value in details.items() if value}
