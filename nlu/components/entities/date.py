"""Dates, said outright or relative to now: `yesterday`, `next Friday`, `Nov 3`, `上周五`, `三天前` → ISO dates.

Own rules, since customers use few forms and a general parser costs milliseconds a message.
"""

import re
from collections.abc import Callable, Iterator
from datetime import date, timedelta

from nlu.components.entities.numbers import CHINESE_PATTERN, ENGLISH_PATTERN, read_number
from nlu.components.entities.span import Span
from nlu.components.wordlist import wordlist

_MONTHS = {name: n for n, name in enumerate(wordlist("jan feb mar apr may jun jul aug sep oct nov dec"), start=1)}
_MONTH = (
    r"(?P<month>jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?|"
    r"oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)\.?"
)
_WEEKDAYS = {name: n for n, name in enumerate(wordlist("mon tue wed thu fri sat sun"))}
_WEEKDAY = (
    r"(?P<weekday>mon(?:day)?|tue(?:s(?:day)?)?|wed(?:nesday)?|thu(?:r(?:s(?:day)?)?)?|fri(?:day)?|"
    r"sat(?:urday)?|sun(?:day)?)"
)
_DAY = r"(?P<day>3[01]|[12]\d|0?[1-9])"
_YEAR = r"(?P<year>20\d\d)"
_UNIT_DAYS = {"day": 1, "week": 7, "fortnight": 14, "天": 1, "日": 1, "周": 7, "星期": 7, "礼拜": 7}
_NAMED_DAYS = {
    "the day before yesterday": -2,
    "day before yesterday": -2,
    "the day after tomorrow": 2,
    "day after tomorrow": 2,
    "yesterday": -1,
    "last night": -1,
    "today": 0,
    "tonight": 0,
    "this morning": 0,
    "this afternoon": 0,
    "this evening": 0,
    "tomorrow": 1,
    "tmrw": 1,
    "tmr": 1,
    "大前天": -3,
    "前天": -2,
    "昨天": -1,
    "昨日": -1,
    "昨晚": -1,
    "今天": 0,
    "今日": 0,
    "今晚": 0,
    "今早": 0,
    "明天": 1,
    "明日": 1,
    "明晚": 1,
    "后天": 2,
    "大后天": 3,
}
_HOLIDAYS = {
    "christmas eve": (12, 24),
    "christmas": (12, 25),
    "new year's eve": (12, 31),
    "new year's day": (1, 1),
    "new year": (1, 1),
    "valentine's day": (2, 14),
    "halloween": (10, 31),
    "圣诞节": (12, 25),
    "圣诞": (12, 25),
    "元旦": (1, 1),
    "情人节": (2, 14),
    "妇女节": (3, 8),
    "劳动节": (5, 1),
    "儿童节": (6, 1),
    "国庆节": (10, 1),
    "国庆": (10, 1),
    "双十一": (11, 11),
    "双11": (11, 11),
    "双十二": (12, 12),
    "双12": (12, 12),
}
"""Days that fall on the same date every year."""
_CHINESE_WEEKDAYS = {character: n for n, character in enumerate("一二三四五六日")} | {"天": 6, "末": 5}
_MAYBE = re.compile(
    rf"\d|day|week|month|night|tom|tmr|fortnight|this (?:morn|aft|eve)|\b(?:{'|'.join([*_WEEKDAYS, *_MONTHS])})"
    rf"|[昨今明前后]|周|星期|礼拜|月|[天日号]|{'|'.join(_HOLIDAYS)}",
    re.IGNORECASE,
)
Rule = tuple[re.Pattern[str], Callable[[re.Match[str], date], date | None]]


def find_dates(text: str, today: date) -> Iterator[Span]:
    """Spans with `YYYY-MM-DD`, the most telling forms first; a whole week or month stands for its first day."""
    if not _MAYBE.search(text):
        return
    for pattern, read in _RULES:
        for match in pattern.finditer(text):
            day = read(match, today)
            if day is not None:
                yield Span("date", day.isoformat(), match.start(), match.end())


def _calendar(match: re.Match[str], today: date) -> date | None:
    fields = match.groupdict()
    month = fields["month"]
    number = _MONTHS[month[:3].lower()] if month[0].isalpha() and month[0].isascii() else read_number(month)
    day = read_number(fields["day"])
    if number is None or day is None:
        return None
    if fields.get("year"):
        return _valid(int(fields["year"]), int(number), int(day))
    return _nearest_year(int(number), int(day), today)


def _nearest_year(month: int, day: int, today: date) -> date | None:
    """Without a year people mean the date closest to now: in January, "Dec 28" was last week."""
    around = [_valid(today.year + shift, month, day) for shift in (-1, 0, 1)]
    return min((found for found in around if found), key=lambda found: abs((found - today).days), default=None)


def _valid(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None


def _slashed(match: re.Match[str], today: date) -> date | None:
    first, second = int(match["first"]), int(match["second"])
    month, day = (second, first) if first > 12 else (first, second)
    if not match["year"]:
        return _nearest_year(month, day, today)
    year = int(match["year"])
    return _valid(year + 2000 if year < 100 else year, month, day)


def _named(match: re.Match[str], today: date) -> date:
    return today + timedelta(days=_NAMED_DAYS[re.sub(r"\s+", " ", match[0].lower())])


def _holiday(match: re.Match[str], today: date) -> date | None:
    return _nearest_year(*_HOLIDAYS[match["name"].lower()], today)


def _shifted(match: re.Match[str], today: date) -> date | None:
    number = 1.0 if match["number"].lower() in ("a", "an") else read_number(match["number"])
    if number is None or number > 5000:
        return None
    steps = round(number) * (
        -1 if match["direction"].lower() in ("ago", "earlier", "back", "前", "之前", "以前") else 1
    )
    unit = match["unit"].lower().removesuffix("s")
    if unit in ("month", "月"):
        return _months_on(today, steps)
    return today + timedelta(days=steps * _UNIT_DAYS[unit])


def _months_on(today: date, months: int) -> date | None:
    year, month = divmod(today.year * 12 + today.month - 1 + months, 12)
    return next(
        (found for day in range(today.day, 27, -1) if (found := _valid(year, month + 1, day))),
        _valid(year, month + 1, today.day),
    )


def _english_weekday(match: re.Match[str], today: date) -> date:
    return _weekday(_WEEKDAYS[match["weekday"][:3].lower()], (match["which"] or "").lower(), today)


def _weekday(weekday: int, which: str, today: date) -> date:
    monday = today - timedelta(days=today.weekday())
    if which == "last":  # yesterday is called so
        return today - timedelta(days=(today.weekday() - weekday - 2) % 7 + 2)
    if which == "next":
        return monday + timedelta(days=7 + weekday)
    if which == "this":
        return monday + timedelta(days=weekday)
    return today + timedelta(days=(weekday - today.weekday()) % 7)


def _chinese_weekday(match: re.Match[str], today: date) -> date:
    monday = today - timedelta(days=today.weekday())
    weekday = _CHINESE_WEEKDAYS[match["weekday"]]
    weeks = {"上上": -2, "上": -1, "下": 1, "下下": 2}.get(match["which"] or "", 0)
    return monday + timedelta(days=7 * weeks + weekday)


def _period(match: re.Match[str], today: date) -> date | None:
    back = match["which"].lower() in ("last", "上", "上个")
    here = match["which"].lower() in ("this", "这", "这个", "本")
    step = 0 if here else -1 if back else 1
    if match["unit"].lower() in ("month", "月"):
        return _months_on(today.replace(day=1), step)
    monday = today - timedelta(days=today.weekday() - 7 * step)
    return monday + timedelta(days=5) if match["unit"].lower() == "weekend" else monday


def _month_and_day(match: re.Match[str], today: date) -> date | None:
    month = _months_on(today.replace(day=1), {"上": -1, "下": 1}.get(match["which"][0], 0))
    day = read_number(match["day"])
    return _valid(month.year, month.month, int(day)) if month and day else None


def _day_of_month(match: re.Match[str], today: date) -> date | None:
    """ "on the 3rd", "3号": the one closest to now."""
    day = read_number(match["day"])
    if not day or day > 31:
        return None
    around = [_months_on(today.replace(day=1), shift) for shift in (-1, 0, 1)]
    days = [_valid(month.year, month.month, int(day)) for month in around if month]
    return min((found for found in days if found), key=lambda found: abs((found - today).days), default=None)


def _after(*cues: str) -> str:
    """One of these words stands before, which is no part of the date."""
    return "(?:" + "|".join(rf"(?<=\b{cue}\s)" for cue in cues) + ")"


def _compiled(pattern: str) -> re.Pattern[str]:
    return re.compile(pattern, re.IGNORECASE)


_NUMBER = rf"(?P<number>\d{{1,4}}|{CHINESE_PATTERN}|an?|{ENGLISH_PATTERN})"
_CN_DAY = rf"(?P<day>\d{{1,2}}|{CHINESE_PATTERN})"
_RULES: tuple[Rule, ...] = (
    (_compiled(rf"(?<![\d-]){_YEAR}[-/.年]\s?(?P<month>1[0-2]|0?[1-9])[-/.月]\s?{_DAY}(?![\d-])[日号]?"), _calendar),
    (_compiled(rf"(?<!\d)(?P<month>\d{{1,2}}|{CHINESE_PATTERN})月\s?{_CN_DAY}[日号](?:(?P<year>))?"), _calendar),
    (_compiled(rf"\b{_MONTH}\s+(?:the\s+)?{_DAY}(?:st|nd|rd|th)?\b(?:,?\s+{_YEAR}\b)?"), _calendar),
    (_compiled(rf"\b{_DAY}(?:st|nd|rd|th)?\s+(?:of\s+)?{_MONTH}\b(?:,?\s+{_YEAR}\b)?"), _calendar),
    (
        re.compile(
            r"(?<![\d/#$.-])(?!24/7\b)(?P<first>\d{1,2})/(?P<second>\d{1,2})(?:/(?P<year>(?:20)?\d\d))?(?![\d/]|\.\d)"
        ),
        _slashed,
    ),
    (
        _compiled(
            "|".join(
                (r"\b" + name.replace(" ", r"\s+") + r"\b") if name.isascii() else name
                for name in sorted(_NAMED_DAYS, key=len, reverse=True)
            )
        ),
        _named,
    ),
    (
        _compiled(
            rf"(?<![\w.]){_NUMBER}\s+(?P<unit>days?|weeks?|months?|fortnights?)\s+"
            r"(?P<direction>ago|earlier|back|from now|later)\b"
        ),
        _shifted,
    ),
    (_compiled(rf"\b(?P<direction>in)\s+{_NUMBER}\s+(?P<unit>days?|weeks?|months?)(?:'\s?time)?\b"), _shifted),
    (
        _compiled(rf"(?<![\d第]){_NUMBER}个?(?P<unit>天|日|周|星期|礼拜|月)(?P<direction>之前|以前|前|之后|以后|后)"),
        _shifted,
    ),
    (_compiled(rf"\b(?:(?P<which>last|next|this)\s+){_WEEKDAY}\b"), _english_weekday),
    (
        _compiled(r"(?P<which>上上|上|下下|下|这|本)?个?(?:周|星期|礼拜)(?P<weekday>[一二三四五六日天末])(?!个|次)"),
        _chinese_weekday,
    ),
    (_compiled(r"(?P<which>上个?|下个?|这个?|本)月\s?" + _CN_DAY + "[日号]"), _month_and_day),
    (_compiled(r"\b(?P<which>last|next|this)\s+(?P<unit>week|month|weekend)\b"), _period),
    (_compiled(r"(?P<which>上个?|下个?|这个?|本)(?P<unit>周|星期|礼拜|月)(?![一二三四五六日天末\d])"), _period),
    (
        _compiled(_after("on", "by", "since", "until", "till", "before", "after", "from") + rf"{_WEEKDAY}\b"),
        lambda match, today: _weekday(_WEEKDAYS[match["weekday"][:3].lower()], "", today),
    ),
    (
        _compiled(rf"(?<!black )(?<!cyber )(?<!good )\b(?=[a-z]{{3,6}}day\b){_WEEKDAY}\b(?! night)"),
        lambda match, today: _weekday(_WEEKDAYS[match["weekday"][:3].lower()], "", today),
    ),
    (
        _compiled(
            _after(*(f"{cue} the" for cue in ("on", "by", "since", "before", "after", "until")))
            + rf"{_DAY}(?:st|nd|rd|th)\b"
        ),
        _day_of_month,
    ),
    (
        _compiled(rf"(?<!\w)(?P<name>{'|'.join(_HOLIDAYS)})(?![A-Za-z]|[ -](?:tree|card|gift|present|sale)s?\b)"),
        _holiday,
    ),
    (_compiled(r"(?<![\d.月第])(?P<day>3[01]|[12]\d|[1-9])号(?=[到送下收买寄发前后之]|$|[，。])"), _day_of_month),
)
